import type { CancelSignal, Endpoint, StreamConnection, StreamListener, Streams } from "@softap/ports";
import { createServer, connect, type Server, type Socket } from "node:net";
import { cancelable } from "./cancelable.ts";
import { networkError } from "./errors.ts";
import { NodeStreamConnection } from "./stream-connection.ts";

/** TCP by `node:net`. Listens on IPv4 where no address is given. */
export class NodeStreams implements Streams {
  /** @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED`; {@link UsageError} `USAGE` for a port above 65 535 */
  listen(options: {
    port: number;
    address?: string;
    onConnection: (connection: StreamConnection) => void;
    signal: CancelSignal;
  }): Promise<StreamListener> {
    const { port, address = "0.0.0.0", onConnection, signal } = options;
    return cancelable(signal, ({ resolve, reject }) => {
      const server = createServer({ noDelay: true });
      const fail = (error: unknown): void =>
        reject(networkError(error, `Cannot listen on TCP port ${port} of ${address}`, "ADDRESS_UNAVAILABLE"));
      server.once("error", fail);
      server.once("listening", () => {
        server.off("error", fail);
        resolve(new NodeStreamListener(server, onConnection));
      });
      try {
        server.listen({ port, host: address });
      } catch (error) {
        fail(error);
      }
      return () => {
        // The address may still be looked up; the server would begin to listen after this `close`.
        server
          .removeAllListeners()
          .on("error", () => {})
          .once("listening", () => server.close());
        server.close();
      };
    });
  }

  /** @throws {@link TransportError} `CONNECTION_REFUSED`, `UNREACHABLE`, `HOST_NOT_FOUND`; {@link CanceledError} */
  connect(options: { to: Endpoint; signal: CancelSignal }): Promise<StreamConnection> {
    const { to, signal } = options;
    return cancelable(signal, ({ resolve, reject }) => {
      const fail = (error: unknown): void =>
        reject(networkError(error, `Cannot connect to ${to.address}:${to.port}`, "UNREACHABLE"));
      let socket: Socket;
      try {
        socket = connect({ host: to.address, port: to.port, noDelay: true });
      } catch (error) {
        fail(error);
        return () => {};
      }
      socket.on("error", fail);
      socket.once("connect", () => {
        socket.off("error", fail);
        resolve(new NodeStreamConnection(socket));
      });
      return () => socket.destroy();
    });
  }
}

class NodeStreamListener implements StreamListener {
  readonly #server: Server;
  #isClosed = false;
  readonly localPort: number;

  constructor(server: Server, onConnection: (connection: StreamConnection) => void) {
    this.#server = server;
    const address = server.address();
    this.localPort = typeof address === "object" && address !== null ? address.port : 0;
    // A failed accept (too many open files) costs one connection, not the listener.
    server.on("error", () => {});
    server.on("connection", (socket) => {
      if (this.#isClosed) socket.destroy();
      else onConnection(new NodeStreamConnection(socket));
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#server.close();
  }
}
