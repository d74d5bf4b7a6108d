import { WechatClock, WechatHttpClient, WechatRandom, WechatStore, WechatWebSockets } from "@softap/wechat";
import {
  answerContractRequest,
  clockContract,
  httpClientContract,
  keyValueStoreContract,
  randomContract,
  webSocketsContract,
} from "@softap/virtual/contracts";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { WebSocketServer } from "ws";
import { bareWx } from "./stand-in/bare.ts";

const cleanup = async (): Promise<void> => {};

clockContract("WeChat", async () => ({ clock: new WechatClock(), cleanup }));

randomContract("WeChat", async () => {
  const { wx } = bareWx();
  return { random: new WechatRandom(wx), cleanup: async () => wx.close() };
});

keyValueStoreContract("WeChat", async () => {
  const { wx } = bareWx();
  return {
    store: new WechatStore(wx),
    reopen: async () => new WechatStore(wx),
    cleanup: async () => wx.close(),
  };
});

httpClientContract("WeChat", async () => {
  const { wx } = bareWx();
  let requests = 0;
  const open = new Set<ServerResponse>();
  const server = await listen(
    createServer((request, response) => {
      requests += 1;
      open.add(response);
      response.on("close", () => open.delete(response));
      void answer(request, response);
    }),
  );
  return {
    client: new WechatHttpClient(wx),
    methods: ["GET", "POST", "DELETE"],
    baseUrl: `http://127.0.0.1:${server.port}`,
    refusedUrl: `http://127.0.0.1:${await freePort()}/`,
    unknownHostUrl: "http://no-such-host..invalid/",
    requestCount: () => requests,
    openCount: () => open.size,
    cleanup: async () => {
      await server.close();
      wx.close();
    },
  };
});

webSocketsContract("WeChat", async () => {
  const { wx } = bareWx();
  const httpServer = createServer((_request, response) => void response.writeHead(404).end());
  const server = await listen(httpServer);
  const silent = await listen(createTcpServer((socket) => void socket.resume()));
  const peers = new WebSocketServer({ server: httpServer, path: "/ws" });
  const received: string[] = [];
  peers.on("connection", (peer) =>
    peer.on("message", (data: Buffer) => received.push(data.toString("utf8"))),
  );
  return {
    webSockets: new WechatWebSockets(wx),
    url: `ws://127.0.0.1:${server.port}/ws`,
    refusedUrl: `ws://127.0.0.1:${await freePort()}/`,
    unknownHostUrl: "ws://no-such-host..invalid/",
    silentUrl: `ws://127.0.0.1:${silent.port}/`,
    refusingUrl: `ws://127.0.0.1:${server.port}/elsewhere`,
    received,
    sendToAll: (text: string) => {
      for (const peer of peers.clients) peer.send(text);
    },
    dropAll: () => {
      for (const peer of peers.clients) peer.terminate();
    },
    connectionCount: () => server.sockets.size + silent.sockets.size,
    cleanup: async () => {
      peers.close();
      wx.close();
      await Promise.all([server.close(), silent.close()]);
    },
  };
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === "string") headers[name] = value;
  const { method = "GET", url: path = "/" } = request;
  const reply = answerContractRequest({
    method,
    path,
    headers,
    body: Uint8Array.from(Buffer.concat(pieces)),
  });
  if (reply === "hang up") response.destroy();
  else if (reply !== "silence") response.writeHead(reply.status, reply.headers).end(reply.body);
}

interface Listening {
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

async function listen(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // What `address()` tells of a TCP server that listens.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function freePort(): Promise<number> {
  const server = await listen(createTcpServer());
  await server.close();
  return server.port;
}
