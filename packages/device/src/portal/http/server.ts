import {
  type Clock,
  type Log,
  neverCanceled,
  type StreamConnection,
  type StreamListener,
  type Streams,
  type TimerHandle,
} from "@softap/ports";
import { asSoftApError } from "@softap/protocol";
import { portalLimits as limits } from "../limits.ts";
import { encodePageReply, type PageReply, plainReply } from "./reply.ts";
import { type PageRequest, RequestReader } from "./request.ts";

/** What a {@link PageServer} needs. */
export interface PageServerOptions {
  readonly ports: { readonly clock: Clock; readonly streams: Streams };
  readonly log: Log;
  readonly port: number;
  /** Local address; every one when left out. */
  readonly address?: string;
  /** Whether a peer may connect at all. */
  readonly isServed: (address: string) => boolean;
  /** Answers a request. What it rejects with costs this request and is logged. */
  readonly answer: (request: PageRequest) => PageReply | Promise<PageReply>;
}

/**
 * A small HTTP/1.1 server: one request on each connection, bounded in length, time and number. Connections beyond the
 * limit push out the oldest, so that idle ones cannot keep a browser away.
 */
export class PageServer {
  readonly #options: PageServerOptions;
  /** Oldest first. */
  readonly #connections = new Map<StreamConnection, TimerHandle>();
  #listener: StreamListener | undefined;

  private constructor(options: PageServerOptions) {
    this.#options = options;
  }

  /** @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED` */
  static async open(options: PageServerOptions): Promise<PageServer> {
    const server = new PageServer(options);
    const { ports, port, address } = options;
    server.#listener = await ports.streams.listen({
      port,
      ...(address === undefined ? {} : { address }),
      onConnection: (connection) => server.#accept(connection),
      signal: neverCanceled,
    });
    return server;
  }

  /** The TCP port. */
  get localPort(): number {
    return this.#listener?.localPort ?? 0;
  }

  /** Closes the port and every connection. Idempotent. */
  close(): void {
    this.#listener?.close();
    this.#listener = undefined;
    for (const connection of this.#connections.keys()) this.#drop(connection);
  }

  #accept(connection: StreamConnection): void {
    if (this.#listener === undefined || !this.#options.isServed(connection.remote.address)) {
      connection.close();
      return;
    }
    const reader = new RequestReader();
    this.#limit(connection, "portalRequest", limits.requestTimeoutMs);
    connection.onClosed = () => this.#drop(connection);
    connection.onBytes = (bytes) => {
      const request = reader.push(bytes);
      if (request === undefined) return;
      // One request is all that a connection is for: what comes behind it is read and thrown away.
      connection.onBytes = () => {};
      this.#reply(connection, request).catch((error: unknown) => {
        this.#options.log.debug("page not sent", { code: asSoftApError(error).code });
        this.#drop(connection);
      });
    };
    for (const oldest of this.#connections.keys()) {
      if (this.#connections.size <= limits.maxConnections) break;
      this.#drop(oldest);
    }
  }

  async #reply(connection: StreamConnection, request: PageRequest | PageReply["status"]): Promise<void> {
    const isRefused = typeof request === "number";
    if (isRefused) this.#options.log.debug("page request refused", { status: request });
    else this.#limit(connection, "portalAnswer", limits.requestTimeoutMs + limits.scanTimeoutMs);
    const reply = isRefused ? plainReply(request) : await this.#options.answer(request);
    if (!this.#connections.has(connection)) return;
    this.#limit(connection, "portalReply", limits.replyTimeoutMs);
    const isHead = !isRefused && request.method === "HEAD";
    await connection.write(encodePageReply(reply, isHead), { signal: neverCanceled });
    this.#drop(connection);
  }

  #limit(connection: StreamConnection, name: string, afterMs: number): void {
    this.#connections.get(connection)?.cancel();
    const timer = this.#options.ports.clock.after(name, afterMs, () => this.#drop(connection));
    this.#connections.set(connection, timer);
  }

  #drop(connection: StreamConnection): void {
    this.#connections.get(connection)?.cancel();
    this.#connections.delete(connection);
    connection.close();
  }
}
