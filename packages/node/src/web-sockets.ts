import type { CancelSignal, WebSocketLink, WebSockets } from "@softap/ports";
import { softApError } from "@softap/protocol";
import type { WebSocket } from "ws";
import { cancelable } from "./cancelable.ts";
import { networkError } from "./errors.ts";
import { nodeLimits } from "./limits.ts";

/** How {@link NodeWebSockets} behave. */
export interface NodeWebSocketsOptions {
  /** PEM of the only authorities to trust, for a cloud with a certificate of its own. @defaultValue those of Node */
  readonly authority?: string;
}

/**
 * Text web sockets by ws.
 *
 * Not by Node's global `WebSocket`: it tells no reason of a failed connection, and connects again after a cancel.
 */
export class NodeWebSockets implements WebSockets {
  readonly #options: NodeWebSocketsOptions;

  constructor(options: NodeWebSocketsOptions = {}) {
    this.#options = options;
  }

  /**
   * Resolves when the socket is open.
   *
   * @throws {@link TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`;
   * {@link ProtocolError} `REPLY_INVALID` when the server does not speak web socket; {@link UsageError} `USAGE` for a
   * URL that is not ws(s); {@link CanceledError}
   */
  async connect(options: { url: string; signal: CancelSignal }): Promise<WebSocketLink> {
    // Whoever imports this package for something else does without ws in its memory.
    const { WebSocket } = await import("ws");
    return cancelable<WebSocketLink>(options.signal, ({ resolve, reject }) => {
      const url = parseUrl(options.url);
      const { authority } = this.#options;
      const socket = new WebSocket(url, {
        perMessageDeflate: false,
        maxPayload: nodeLimits.maxWebSocketMessageBytes,
        ...(authority === undefined ? {} : { ca: authority }),
      });
      socket.on("error", (error) =>
        reject(networkError(error, `Cannot open a web socket to ${url.host}`, "REPLY_INVALID")),
      );
      socket.once("open", () => resolve(new NodeWebSocketLink(socket)));
      return () => socket.terminate();
    });
  }
}

class NodeWebSocketLink implements WebSocketLink {
  readonly #socket: WebSocket;
  #isClosed = false;
  onText: ((text: string) => void) | undefined;
  onClosed: (() => void) | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data, isBinary) => {
      // With the default `binaryType` ws hands over one Buffer.
      if (!this.#isClosed && !isBinary && Buffer.isBuffer(data)) this.onText?.(data.toString("utf8"));
    });
    socket.once("close", () => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.onClosed?.();
    });
  }

  /** Text sent after the end goes nowhere. */
  send(text: string): void {
    // The outcome of a send that crosses the end is told by `onClosed`.
    if (!this.#isClosed) this.#socket.send(text, () => {});
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onText = undefined;
    this.onClosed = undefined;
    this.#socket.close();
    const timer = setTimeout(() => this.#socket.terminate(), nodeLimits.lingerMs).unref();
    this.#socket.once("close", () => clearTimeout(timer));
  }
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "ws:" && url.protocol !== "wss:"))
    throw softApError("USAGE", "The URL does not begin with ws:// or wss://");
  return url;
}
