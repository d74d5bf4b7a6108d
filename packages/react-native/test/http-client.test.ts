import { CancelSource, neverCanceled } from "@softap/ports";
import { decodeUtf8, encodeUtf8 } from "@softap/protocol";
import { ReactNativeHttpClient } from "@softap/react-native";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const signal = neverCanceled;
const client = new ReactNativeHttpClient(globalThis);
let open = 0;
let baseUrl = "";
let server: Server;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const [, action, size = "0"] = (request.url ?? "").split("/");
  if (action === "silence") return;
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    if (action === "long") response.end("x".repeat(Number(size)));
    else if (action === "unannounced") {
      response.write("x".repeat(Number(size)));
      response.end();
    } else
      response
        .writeHead(action === "status" ? Number(size) : 200)
        .end(
          `${request.method} ${String(request.headers["x-test"])} ${Buffer.concat(pieces).toString("utf8")}`,
        );
  });
}

beforeAll(async () => {
  server = createServer((request, response) => {
    open += 1;
    response.once("close", () => (open -= 1));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server does not listen");
  baseUrl = `http://127.0.0.1:${address.port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("request()", () => {
  test("sends method, headers and a UTF-8 body, and gives the reply whatever its status", async () => {
    for (const [path, status] of [
      ["/echo", 200],
      ["/status/404", 404],
      ["/status/503", 503],
    ] as const) {
      const reply = await client.request({
        method: "POST",
        url: baseUrl + path,
        headers: { "X-Test": "kept" },
        body: encodeUtf8('{"a":"你好 📶"}'),
        signal,
      });
      expect(reply.status).toBe(status);
      expect(decodeUtf8(reply.body)).toBe('POST kept {"a":"你好 📶"}');
    }
  });

  test("accepts maxReplyBytes and refuses one more with REPLY_TOO_LONG, announced or not", async () => {
    for (const action of ["long", "unannounced"]) {
      const get = (size: number) =>
        client.request({ method: "GET", url: `${baseUrl}/${action}/${size}`, maxReplyBytes: 1_000, signal });
      expect((await get(1_000)).body).toHaveLength(1_000);
      await expect(get(1_001)).rejects.toMatchObject({ code: "REPLY_TOO_LONG" });
    }
  });

  test("that is cancelled while the server thinks rejects with CANCELED and abandons it", async () => {
    const source = new CancelSource();
    const asking = client.request({ method: "GET", url: `${baseUrl}/silence`, signal: source.signal });
    asking.catch(() => {});
    await expect.poll(() => open).toBe(1);
    source.cancel("reason of the test");
    await expect(asking).rejects.toMatchObject({ code: "CANCELED", cause: "reason of the test" });
    await expect.poll(() => open).toBe(0);
  });

  test("with a fired signal reaches nobody", async () => {
    const source = new CancelSource();
    source.cancel();
    const asking = client.request({ method: "GET", url: `${baseUrl}/echo`, signal: source.signal });
    await expect(asking).rejects.toMatchObject({ code: "CANCELED" });
    expect(open).toBe(0);
  });

  test("tells every failure of fetch as UNREACHABLE, with what it said as the cause", async () => {
    const fetch = () => Promise.reject(new TypeError("Network request failed"));
    const offline = new ReactNativeHttpClient({ fetch, AbortController });
    await expect(offline.request({ method: "GET", url: baseUrl, signal })).rejects.toMatchObject({
      code: "UNREACHABLE",
      cause: { message: "Network request failed" },
    });
  });

  test("refuses what is no http(s) URL, and a body that is not UTF-8, with USAGE", async () => {
    for (const url of ["", "example.org", "ftp://127.0.0.1/", "http://", "http:///path", "file:///etc/hosts"])
      await expect(client.request({ method: "GET", url, signal })).rejects.toMatchObject({ code: "USAGE" });
    const body = Uint8Array.of(0xff);
    await expect(client.request({ method: "POST", url: baseUrl, body, signal })).rejects.toMatchObject({
      code: "USAGE",
    });
  });
});
