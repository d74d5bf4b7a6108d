import { NodeHttpClient } from "@softap/node";
import { answerContractRequest, httpClientContract } from "@softap/virtual/contracts";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { closeServer, freePort, listenOnLoopback, portOf, trackSockets } from "./loopback.ts";

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

class ContractHttpServer {
  requestCount = 0;
  openCount = 0;

  readonly answer = (request: IncomingMessage, response: ServerResponse): void => {
    this.requestCount += 1;
    this.openCount += 1;
    response.once("close", () => (this.openCount -= 1));
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.once("end", () => {
      const reply = answerContractRequest({
        method: request.method ?? "",
        path: request.url ?? "",
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        ),
        body: Uint8Array.from(Buffer.concat(pieces)),
      });
      if (reply === "hang up") request.socket.destroy();
      else if (reply !== "silence") response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  };
}

function contract(name: string, scheme: "http" | "https", client: NodeHttpClient): void {
  httpClientContract(name, async () => {
    const behaviour = new ContractHttpServer();
    const server: Server =
      scheme === "http"
        ? createServer(behaviour.answer)
        : createTlsServer({ cert: fixture("server.pem"), key: fixture("server.key") }, behaviour.answer);
    const sockets = trackSockets(server);
    await listenOnLoopback(server);
    return {
      client,
      baseUrl: `${scheme}://127.0.0.1:${portOf(server)}`,
      refusedUrl: `${scheme}://127.0.0.1:${await freePort()}/`,
      unknownHostUrl: `${scheme}://no-such-host..invalid/`,
      requestCount: () => behaviour.requestCount,
      openCount: () => behaviour.openCount,
      cleanup: async () => {
        for (const socket of sockets) socket.destroy();
        await closeServer(server);
      },
    };
  });
}

contract("Node", "http", new NodeHttpClient());
contract("Node over TLS", "https", new NodeHttpClient({ authority: fixture("authority.pem") }));
