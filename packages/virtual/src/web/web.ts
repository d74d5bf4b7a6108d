import type { Clock, HttpReply, HttpRequest } from "@softap/ports";
import { softApError } from "@softap/protocol";
import type { VirtualHost } from "../network/host.ts";
import type { VirtualWebSocketPeer } from "./web-socket-peer.ts";

/** A request as a server sees it. */
export interface VirtualHttpRequest {
  readonly method: HttpRequest["method"];
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a server does. */
export interface VirtualServerHandlers {
  /** Answers a request, at once or later; `"hang up"` closes the connection without a reply. */
  readonly onRequest?: (
    request: VirtualHttpRequest,
  ) => HttpReply | "hang up" | Promise<HttpReply | "hang up">;
  /** Takes a new web socket: `false` refuses it, `"silence"` leaves the client waiting. */
  readonly onWebSocket?: (socket: VirtualWebSocketPeer, path: string) => boolean | "silence";
}

/** How a server fails. */
export type HttpOutage = "refused" | "unreachable" | "silent" | "tls";

/** One origin of a {@link VirtualWeb}. */
export class VirtualWebServer {
  readonly handlers: VirtualServerHandlers;
  /** What requests meet, if not a server that works. */
  outage: HttpOutage | undefined = undefined;
  /** One way, milliseconds. */
  latencyMs: number;
  /** Requests and web sockets that reached it so far. */
  requestCount = 0;
  /** Requests that are neither answered nor abandoned, and web sockets that are open. */
  openCount = 0;

  /** Made by {@link VirtualWeb.serve}. */
  constructor(handlers: VirtualServerHandlers, latencyMs: number) {
    this.handlers = handlers;
    this.latencyMs = latencyMs;
  }
}

/** Where a URL leads. */
export interface WebTarget {
  readonly server: VirtualWebServer;
  readonly path: string;
}

/** HTTP servers by origin, for {@link VirtualHttpClient} and {@link VirtualWebSockets}. */
export class VirtualWeb {
  readonly clock: Clock;
  readonly #servers = new Map<string, VirtualWebServer>();

  constructor(options: { clock: Clock }) {
    this.clock = options.clock;
  }

  /**
   * Puts up a server.
   *
   * @param origin - `https://cloud.test`, with a port where it is not the usual one.
   * @param options.latencyMs - One way. @defaultValue 0, which needs no moving clock
   */
  serve(
    origin: string,
    handlers: VirtualServerHandlers,
    options: { latencyMs?: number } = {},
  ): VirtualWebServer {
    const server = new VirtualWebServer(handlers, options.latencyMs ?? 0);
    this.#servers.set(parseUrl(origin, /^https?$/).origin, server);
    return server;
  }

  /**
   * Finds the server of a URL and fails as the way to it would.
   *
   * @param schemes - Which are allowed.
   * @param host - The client's computer; it must be online.
   * @throws {UsageError} `USAGE`; {TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`
   */
  find(url: string, schemes: RegExp, host: VirtualHost | undefined): WebTarget {
    const { origin, hostName, path } = parseUrl(url, schemes);
    const isAddress = /^[\d.]+$/.test(hostName);
    const isKnown = [...this.#servers.keys()].some((known) => parseUrl(known, /./).hostName === hostName);
    if (host?.isOnline === false || !isKnown)
      throw isAddress
        ? softApError("UNREACHABLE", `${hostName} cannot be reached`)
        : softApError("HOST_NOT_FOUND", `There is no host ${hostName} in reach`);
    const server = this.#servers.get(origin);
    if (server === undefined || server.outage === "refused")
      throw softApError("CONNECTION_REFUSED", `Nobody listens at ${origin}`);
    if (server.outage === "unreachable") throw softApError("UNREACHABLE", `${hostName} cannot be reached`);
    if (server.outage === "tls") throw softApError("TLS_FAILED", `${origin} showed no valid certificate`);
    return { server, path };
  }
}

function parseUrl(url: string, schemes: RegExp): { origin: string; hostName: string; path: string } {
  const [, scheme = "", authority = "", rest = ""] = /^([a-z]+):\/\/([^/?#\s]+)([^#]*)/i.exec(url) ?? [];
  const isSecure = scheme === "https" || scheme === "wss";
  const [hostName = "", port = isSecure ? "443" : "80"] = authority.split(":");
  if (!schemes.test(scheme) || hostName === "") throw softApError("USAGE", "The URL cannot be used here");
  const path = rest.startsWith("/") ? rest : `/${rest}`;
  return { origin: `${isSecure ? "https" : "http"}://${hostName}:${port}`, hostName, path };
}
