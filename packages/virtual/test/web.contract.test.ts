import {
  VirtualClock,
  VirtualHttpClient,
  VirtualWeb,
  type VirtualWebSocketPeer,
  VirtualWebSockets,
} from "@softap/virtual";
import {
  answerContractRequest,
  httpClientContract,
  type HttpClientWorld,
  webSocketsContract,
  type WebSocketsWorld,
  virtualTime,
} from "@softap/virtual/contracts";

function httpWorld(latencyMs: number): () => Promise<HttpClientWorld> {
  return async () => {
    const clock = new VirtualClock();
    const web = new VirtualWeb({ clock });
    const server = web.serve(
      "http://cloud.test:8080",
      {
        onRequest(request) {
          const reply = answerContractRequest(request);
          return reply === "silence" ? new Promise(() => {}) : reply;
        },
      },
      { latencyMs },
    );
    return {
      client: new VirtualHttpClient({ web }),
      baseUrl: "http://cloud.test:8080",
      refusedUrl: "http://cloud.test:1/",
      unknownHostUrl: "http://nobody.test/",
      requestCount: () => server.requestCount,
      openCount: () => server.openCount,
      time: virtualTime(clock),
      async cleanup() {},
    };
  };
}

function webSocketWorld(latencyMs: number): () => Promise<WebSocketsWorld> {
  return async () => {
    const clock = new VirtualClock();
    const web = new VirtualWeb({ clock });
    const received: string[] = [];
    const open = new Set<VirtualWebSocketPeer>();
    const server = web.serve(
      "https://cloud.test",
      {
        onWebSocket(socket, path) {
          if (path === "/silent") return "silence";
          if (path !== "/ws") return false;
          open.add(socket);
          socket.onText = (text) => received.push(text);
          return true;
        },
      },
      { latencyMs },
    );
    return {
      webSockets: new VirtualWebSockets({ web }),
      url: "wss://cloud.test/ws",
      refusedUrl: "wss://cloud.test:1/ws",
      unknownHostUrl: "wss://nobody.test/ws",
      silentUrl: "wss://cloud.test/silent",
      refusingUrl: "wss://cloud.test/elsewhere",
      received,
      sendToAll(text) {
        for (const socket of open) socket.send(text);
      },
      dropAll() {
        for (const socket of open) socket.close();
      },
      connectionCount: () => server.openCount,
      time: virtualTime(clock),
      async cleanup() {},
    };
  };
}

httpClientContract("a virtual web at once", httpWorld(0));
httpClientContract("a virtual web far away", httpWorld(30));
webSocketsContract("a virtual web at once", webSocketWorld(0));
webSocketsContract("a virtual web far away", webSocketWorld(30));
