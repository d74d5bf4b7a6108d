import { canceled, type HttpClient, type HttpReply, type HttpRequest, throwIfCanceled } from "@softap/ports";
import { asSoftApError, type SoftApError, softApError } from "@softap/protocol";
import { Lane } from "../lane.ts";
import { virtualLimits } from "../limits.ts";
import type { VirtualHost } from "../network/host.ts";
import type { VirtualHttpRequest, VirtualWeb, WebTarget } from "./web.ts";

/** Sends HTTP requests to the servers of a {@link VirtualWeb}. */
export class VirtualHttpClient implements HttpClient {
  readonly #web: VirtualWeb;
  readonly #host: VirtualHost | undefined;

  /** @param options.host - The client's computer; without internet it reaches no server. */
  constructor(options: { web: VirtualWeb; host?: VirtualHost }) {
    this.#web = options.web;
    this.#host = options.host;
  }

  /** @inheritdoc */
  async request(request: HttpRequest): Promise<HttpReply> {
    throwIfCanceled(request.signal);
    const target = this.#web.find(request.url, /^https?$/, this.#host);
    const reply = await this.#exchange(target, request);
    const { maxReplyBytes = virtualLimits.maxHttpReplyBytes } = request;
    if (reply.body.length > maxReplyBytes)
      throw softApError(
        "REPLY_TOO_LONG",
        `reply has ${reply.body.length} bytes, at most ${maxReplyBytes} are allowed`,
      );
    return { status: reply.status, body: reply.body.slice() };
  }

  #exchange({ server, path }: WebTarget, request: HttpRequest): Promise<HttpReply> {
    const { signal } = request;
    const seen: VirtualHttpRequest = {
      method: request.method,
      path,
      headers: Object.fromEntries(
        Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body: request.body?.slice() ?? new Uint8Array(),
    };
    return new Promise((resolve, reject) => {
      const forth = new Lane(this.#web.clock, () => server.latencyMs);
      const back = new Lane(this.#web.clock, () => server.latencyMs);
      let isOpen = true;
      let hasArrived = false;
      const end = (): boolean => {
        const wasOpen = isOpen;
        isOpen = false;
        if (wasOpen && hasArrived) server.openCount -= 1;
        signal.removeEventListener("abort", onAbort);
        stopWatching?.();
        return wasOpen;
      };
      const fail = (error: SoftApError): void => {
        if (end()) reject(error);
      };
      const onAbort = (): void => fail(canceled(signal));
      const stopWatching = this.#host?.watch(() => {
        if (this.#host?.isOnline === false) fail(softApError("UNREACHABLE", "The internet is gone"));
      });
      const answer = async (): Promise<void> => {
        const reply = (await server.handlers.onRequest?.(seen)) ?? { status: 404, body: new Uint8Array() };
        back.carry(() => {
          if (reply === "hang up")
            fail(softApError("SOCKET_CLOSED", "The server closed the connection without a reply"));
          else if (end()) resolve(reply);
        });
      };
      signal.addEventListener("abort", onAbort, { once: true });
      forth.carry(() => {
        if (!isOpen || server.outage === "silent") return;
        hasArrived = true;
        server.requestCount += 1;
        server.openCount += 1;
        // A handler that throws is a defect of the test: its error comes out where the request was made.
        answer().catch((error: unknown) => fail(asSoftApError(error)));
      });
    });
  }
}
