import { connect, createServer, type Server, type Socket } from "node:net";

/** An ephemeral port of the loopback that nobody listens on any more. */
export async function freePort(): Promise<number> {
  const server = await listenOnLoopback(createServer());
  const port = portOf(server);
  await closeServer(server);
  return port;
}

/** Starts a server on a port that the system chooses. */
export async function listenOnLoopback<S extends Server>(server: S): Promise<S> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

/** The port of a listening server. */
export function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server does not listen");
  return address.port;
}

/** Stops listening and waits until the last connection is gone. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Keeps the sockets of a server that are open. */
export function trackSockets(
  server: Server,
  event: "connection" | "secureConnection" = "connection",
): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on(event, (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

/** Resolves when a TCP connection to the port is refused. */
export function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(true));
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
  });
}
