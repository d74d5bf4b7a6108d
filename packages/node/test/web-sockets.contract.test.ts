import { NodeWebSockets } from "@softap/node";
import { webSocketsContract } from "@softap/virtual/contracts";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { type RawData, WebSocketServer } from "ws";
import { closeServer, freePort, listenOnLoopback, portOf, trackSockets } from "./loopback.ts";

webSocketsContract("Node", async () => {
  const server = await listenOnLoopback(
    createServer((_request, response) => {
      response.writeHead(404).end();
    }),
  );
  const silent = await listenOnLoopback(createTcpServer((socket) => socket.resume()));
  const sockets = trackSockets(server);
  const silentSockets = trackSockets(silent);
  const peers = new WebSocketServer({ server, path: "/ws" });
  const received: string[] = [];
  peers.on("connection", (peer) => peer.on("message", (data) => received.push(textOf(data))));
  return {
    webSockets: new NodeWebSockets(),
    url: `ws://127.0.0.1:${portOf(server)}/ws`,
    refusedUrl: `ws://127.0.0.1:${await freePort()}/`,
    unknownHostUrl: "ws://no-such-host..invalid/",
    silentUrl: `ws://127.0.0.1:${portOf(silent)}/`,
    refusingUrl: `ws://127.0.0.1:${portOf(server)}/elsewhere`,
    received,
    sendToAll: (text: string) => {
      for (const peer of peers.clients) peer.send(text);
    },
    dropAll: () => {
      for (const peer of peers.clients) peer.terminate();
    },
    connectionCount: () => sockets.size + silentSockets.size,
    cleanup: async () => {
      for (const socket of [...sockets, ...silentSockets]) socket.destroy();
      peers.close();
      await Promise.all([closeServer(server), closeServer(silent)]);
    },
  };
});

function textOf(data: RawData): string {
  if (!Buffer.isBuffer(data)) throw new Error("ws hands over one Buffer by default");
  return data.toString("utf8");
}
