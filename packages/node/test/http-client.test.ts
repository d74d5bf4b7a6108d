import { NodeHttpClient } from "@softap/node";
import { neverCanceled } from "@softap/ports";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:https";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { closeServer, listenOnLoopback, portOf, trackSockets } from "./loopback.ts";

const client = new NodeHttpClient();
const undo: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

async function serve(server: Server): Promise<number> {
  const sockets = trackSockets(server);
  await listenOnLoopback(server);
  undo.push(async () => {
    for (const socket of sockets) socket.destroy();
    await closeServer(server);
  });
  return portOf(server);
}

function serveBytes(answer: (socket: Socket) => void): Promise<number> {
  return serve(createTcpServer((socket) => socket.once("data", () => answer(socket))));
}

function get(url: string): Promise<unknown> {
  return client.request({ method: "GET", url, signal: neverCanceled });
}

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

describe("NodeHttpClient", () => {
  test("rejects with TLS_FAILED when nobody vouches for the server's certificate", async () => {
    const port = await serve(createTlsServer({ cert: fixture("server.pem"), key: fixture("server.key") }));
    await expect(get(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: "TLS_FAILED" });
  });

  test("rejects with TLS_FAILED when the server hangs up in the handshake or speaks no TLS", async () => {
    const hangsUp = await serveBytes((socket) => socket.destroy());
    await expect(get(`https://127.0.0.1:${hangsUp}/`)).rejects.toMatchObject({ code: "TLS_FAILED" });
    const plain = await serveBytes((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await expect(get(`https://127.0.0.1:${plain}/`)).rejects.toMatchObject({ code: "TLS_FAILED" });
  });

  test("rejects with REPLY_INVALID when the server speaks no HTTP", async () => {
    const port = await serveBytes((socket) => socket.end("220 mail.example.org ESMTP\r\n"));
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: "REPLY_INVALID" });
  });

  test("rejects with SOCKET_CLOSED when the reply is cut short", async () => {
    const port = await serveBytes((socket) =>
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
    );
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: "SOCKET_CLOSED" });
  });

  test("refuses headers that would break the request with USAGE", async () => {
    const headers = { "x-name": "line\r\nInjected: yes" };
    const asking = client.request({
      method: "GET",
      url: "http://127.0.0.1:1/",
      headers,
      signal: neverCanceled,
    });
    await expect(asking).rejects.toMatchObject({ code: "USAGE" });
  });

  test("takes an AbortSignal", async () => {
    const port = await serveBytes(() => {});
    const asking = client.request({
      method: "GET",
      url: `http://127.0.0.1:${port}/`,
      signal: AbortSignal.timeout(5),
    });
    await expect(asking).rejects.toMatchObject({ code: "CANCELED", cause: { name: "TimeoutError" } });
  });
});
