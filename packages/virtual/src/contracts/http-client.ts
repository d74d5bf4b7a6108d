import { CancelSource, type HttpClient, type HttpRequest, neverCanceled } from "@softap/ports";
import { decodeUtf8, encodeUtf8 } from "@softap/protocol";
import { describe, expect } from "vitest";
import { type ContractWorld, criteria, joinBytes, patternBytes } from "./world.ts";

/** A request as the server of this suite saw it. */
export interface ContractHttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What the server of this suite does with a request: it replies, stays silent, or closes the connection without a reply. */
export type ContractHttpReply =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }
  | "silence"
  | "hang up";

/** A client, and a server that behaves as {@link answerContractRequest} says. */
export interface HttpClientWorld extends ContractWorld {
  readonly client: HttpClient;
  /** `http://host:port`, without a slash at the end. */
  readonly baseUrl: string;
  /** Whole URL on a port of a reachable host that nobody listens on. */
  readonly refusedUrl: string;
  /** Whole URL of a host that no name service knows. */
  readonly unknownHostUrl: string;
  /** What the platform can send. @defaultValue every method of the port */
  readonly methods?: readonly HttpRequest["method"][];
  /** Requests that reached the server so far. */
  requestCount(): number;
  /** Requests that the server has neither answered nor seen abandoned. */
  openCount(): number;
}

/** The behaviour of the server of this suite. */
export function answerContractRequest(request: ContractHttpRequest): ContractHttpReply {
  const [, action, argument = "0"] = request.path.split(/[/?]/);
  const amount = Number(argument);
  switch (action) {
    case "echo": {
      const head = `${request.method} ${request.path} ${request.headers["x-contract"] ?? "-"}\n`;
      return { status: 200, headers: {}, body: joinBytes([encodeUtf8(head), request.body]) };
    }
    case "status":
      return { status: amount, headers: {}, body: encodeUtf8(`status ${amount}`) };
    case "redirect":
      return { status: 302, headers: { location: "/echo" }, body: new Uint8Array(0) };
    case "long":
      return { status: 200, headers: {}, body: patternBytes(amount) };
    case "silence":
      return "silence";
    default:
      return "hang up";
  }
}

const signal = neverCanceled;
const defaultMaxReplyBytes = 1_048_576;

/** The criteria of {@link HttpClient}. */
export function httpClientContract(name: string, setup: () => Promise<HttpClientWorld>): void {
  const criterion = criteria(setup);

  describe(`HttpClient of ${name}`, () => {
    criterion("request() sends method, path, query and headers", async ({ world, settled }) => {
      const url = `${world.baseUrl}/echo?a=1&b=%E4%BD%A0`;
      const { methods = ["GET", "POST", "PATCH", "DELETE"] } = world;
      for (const method of methods) {
        const headers = { "X-Contract": "kept" };
        const reply = await settled(world.client.request({ method, url, headers, signal }));
        expect(reply.status).toBe(200);
        expect(decodeUtf8(reply.body)).toBe(`${method} /echo?a=1&b=%E4%BD%A0 kept\n`);
        expect(reply.body.constructor).toBe(Uint8Array);
      }
    });

    criterion("request() sends a body of any bytes and reads one", async ({ world, settled }) => {
      const body = patternBytes(70_000);
      const reply = await settled(
        world.client.request({ method: "POST", url: `${world.baseUrl}/echo`, body, signal }),
      );
      expect(reply.body).toEqual(joinBytes([encodeUtf8("POST /echo -\n"), body]));
    });

    criterion("request() resolves whatever the status is", async ({ world, settled }) => {
      for (const status of [200, 400, 404, 500, 503]) {
        const reply = await settled(
          world.client.request({ method: "GET", url: `${world.baseUrl}/status/${status}`, signal }),
        );
        expect(reply.status).toBe(status);
        expect(decodeUtf8(reply.body)).toBe(`status ${status}`);
      }
    });

    criterion("request() follows no redirect", async ({ world, settled }) => {
      const reply = await settled(
        world.client.request({ method: "GET", url: `${world.baseUrl}/redirect`, signal }),
      );
      expect(reply.status).toBe(302);
      expect(reply.body).toHaveLength(0);
      expect(world.requestCount()).toBe(1);
    });

    criterion(
      "request() accepts maxReplyBytes and refuses one more with REPLY_TOO_LONG",
      async ({ world, settled, failure, until }) => {
        const { client, baseUrl } = world;
        const get = (length: number, maxReplyBytes?: number) =>
          client.request({
            method: "GET",
            url: `${baseUrl}/long/${length}`,
            signal,
            ...(maxReplyBytes === undefined ? {} : { maxReplyBytes }),
          });
        expect((await settled(get(1_000, 1_000))).body).toEqual(patternBytes(1_000));
        expect((await failure(get(1_001, 1_000))).code).toBe("REPLY_TOO_LONG");
        expect((await settled(get(defaultMaxReplyBytes))).body).toHaveLength(defaultMaxReplyBytes);
        expect((await failure(get(defaultMaxReplyBytes + 1))).code).toBe("REPLY_TOO_LONG");
        await until(() => world.openCount() === 0);
      },
    );

    criterion("requests at the same time do not mix", async ({ world, settled }) => {
      const bodies = Array.from({ length: 10 }, (_, at) => patternBytes(100 + at, at));
      const replies = await settled(
        Promise.all(
          bodies.map((body) =>
            world.client.request({ method: "POST", url: `${world.baseUrl}/echo`, body, signal }),
          ),
        ),
      );
      const head = encodeUtf8("POST /echo -\n");
      expect(replies.map((reply) => reply.body)).toEqual(bodies.map((body) => joinBytes([head, body])));
    });

    criterion(
      "request() rejects with CONNECTION_REFUSED where nobody listens",
      async ({ world, failure }) => {
        const asking = world.client.request({ method: "GET", url: world.refusedUrl, signal });
        expect((await failure(asking)).code).toBe("CONNECTION_REFUSED");
      },
    );

    criterion("request() rejects with HOST_NOT_FOUND for an unknown name", async ({ world, failure }) => {
      const asking = world.client.request({ method: "GET", url: world.unknownHostUrl, signal });
      expect((await failure(asking)).code).toBe("HOST_NOT_FOUND");
    });

    criterion("request() rejects with SOCKET_CLOSED when the server hangs up", async ({ world, failure }) => {
      const asking = world.client.request({ method: "GET", url: `${world.baseUrl}/hang-up`, signal });
      expect((await failure(asking)).code).toBe("SOCKET_CLOSED");
      expect(world.requestCount()).toBe(1);
    });

    criterion("request() refuses what is no http(s) URL with USAGE", async ({ world, failure }) => {
      for (const url of ["", "example.org/path", "ftp://127.0.0.1/", "http://", "file:///etc/hosts"])
        expect((await failure(world.client.request({ method: "GET", url, signal }))).code).toBe("USAGE");
    });

    criterion(
      "request() with a fired signal rejects with CANCELED and reaches nobody",
      async ({ world, settled, failure }) => {
        const source = new CancelSource();
        source.cancel();
        const url = `${world.baseUrl}/echo`;
        expect(
          (await failure(world.client.request({ method: "GET", url, signal: source.signal }))).code,
        ).toBe("CANCELED");
        await settled(world.client.request({ method: "GET", url, signal }));
        expect(world.requestCount()).toBe(1);
      },
    );

    criterion(
      "request() that is cancelled while the server thinks is abandoned at once",
      async ({ world, failure, until }) => {
        const source = new CancelSource();
        const asking = world.client.request({
          method: "GET",
          url: `${world.baseUrl}/silence`,
          signal: source.signal,
        });
        asking.catch(() => {});
        await until(() => world.openCount() === 1);
        source.cancel("reason of the test");
        const error = await failure(asking);
        expect(error.code).toBe("CANCELED");
        expect(error.cause).toBe("reason of the test");
        await until(() => world.openCount() === 0);
      },
    );
  });
}
