import type { HttpClient, HttpReply, HttpRequest } from "@softap/ports";
import { softApError } from "@softap/protocol";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Agent } from "node:https";
import { cancelable } from "./cancelable.ts";
import { networkError } from "./errors.ts";
import { nodeLimits } from "./limits.ts";
import { plainBytes } from "./plain-bytes.ts";

/** How a {@link NodeHttpClient} behaves. */
export interface NodeHttpClientOptions {
  /** PEM of the only authorities to trust, for a cloud with a certificate of its own. @defaultValue those of Node */
  readonly authority?: string;
}

/**
 * HTTP by `node:http` and `node:https`. Follows no redirect and uses no proxy.
 *
 * Each request has a connection of its own: a phone changes networks between two requests, and what was connected
 * through the former one is dead without anybody saying so. TLS sessions are resumed.
 */
export class NodeHttpClient implements HttpClient {
  readonly #options: NodeHttpClientOptions;
  #tlsSessions: Agent | undefined;

  constructor(options: NodeHttpClientOptions = {}) {
    this.#options = options;
  }

  /**
   * Sends one request and reads its whole reply.
   *
   * Cancelling after the request left does not undo what the server does with it.
   *
   * @throws {@link TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`,
   * `SOCKET_CLOSED`, `REPLY_TOO_LONG`; {@link ProtocolError} `REPLY_INVALID` when the peer speaks no HTTP;
   * {@link UsageError} `USAGE` for a URL that is not http(s); {@link CanceledError}
   */
  request(options: HttpRequest): Promise<HttpReply> {
    const { signal, maxReplyBytes = nodeLimits.maxReplyBytes } = options;
    return cancelable(signal, ({ resolve, reject }) => {
      const url = parseUrl(options.url);
      const what = `The request to ${url.host} failed`;
      const request = this.#open(url, options);
      let isHandshaking = false;
      const fail = (error: unknown): void => {
        // A peer that hangs up in the middle of the handshake shows as a plain reset.
        if (isHandshaking) reject(softApError("TLS_FAILED", `TLS with ${url.host} failed`, { cause: error }));
        else reject(networkError(error, what, "SOCKET_CLOSED"));
        request.destroy();
      };
      request.once("socket", (socket) => {
        if (url.protocol !== "https:") return;
        socket.once("connect", () => (isHandshaking = true));
        socket.once("secureConnect", () => (isHandshaking = false));
      });
      request.on("error", fail);
      request.once("response", (reply) => readBody(reply, { maxReplyBytes, what, resolve, fail }));
      request.end(options.body);
      return () => request.destroy();
    });
  }

  #open(url: URL, options: HttpRequest): ClientRequest {
    const headers: Record<string, string> = { ...options.headers };
    if (options.body !== undefined) headers["content-length"] = String(options.body.length);
    const { method } = options;
    try {
      // Not by `import`: it makes every export of `node:http` at once, and its `WebSocket` alone costs 16 MB of memory.
      if (url.protocol === "http:")
        return process.getBuiltinModule("node:http").request(url, { method, headers, agent: false });
      const { Agent, request } = process.getBuiltinModule("node:https");
      const { authority: ca } = this.#options;
      this.#tlsSessions ??= new Agent({ keepAlive: false, ...(ca === undefined ? {} : { ca }) });
      return request(url, { method, headers, agent: this.#tlsSessions });
    } catch (error) {
      throw networkError(error, `The request to ${url.host} is not valid`, "USAGE");
    }
  }
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw softApError("USAGE", "The URL does not begin with http:// or https://");
  return url;
}

function readBody(
  reply: IncomingMessage,
  options: {
    readonly maxReplyBytes: number;
    readonly what: string;
    readonly resolve: (reply: HttpReply) => void;
    readonly fail: (error: unknown) => void;
  },
): void {
  const { maxReplyBytes, what, resolve, fail } = options;
  const pieces: Buffer[] = [];
  let length = 0;
  reply.on("data", (piece: Buffer) => {
    length += piece.length;
    if (length > maxReplyBytes)
      fail(
        softApError("REPLY_TOO_LONG", `${what}: the reply has more than ${maxReplyBytes} bytes`, {
          context: { maxReplyBytes },
        }),
      );
    else pieces.push(piece);
  });
  reply.once("error", fail);
  reply.once("end", () =>
    resolve({ status: reply.statusCode ?? 0, body: plainBytes(Buffer.concat(pieces)) }),
  );
}
