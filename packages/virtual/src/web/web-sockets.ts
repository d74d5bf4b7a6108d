import {
  type CancelSignal,
  canceled,
  throwIfCanceled,
  type WebSocketLink,
  type WebSockets,
} from "@softap/ports";
import { type SoftApError, softApError } from "@softap/protocol";
import { Lane } from "../lane.ts";
import type { VirtualHost } from "../network/host.ts";
import type { VirtualWeb, WebTarget } from "./web.ts";
import { VirtualWebSocketPeer } from "./web-socket-peer.ts";

/** Opens web sockets to the servers of a {@link VirtualWeb}. */
export class VirtualWebSockets implements WebSockets {
  readonly #web: VirtualWeb;
  readonly #host: VirtualHost | undefined;

  /** @param options.host - The client's computer; losing the internet ends its sockets. */
  constructor(options: { web: VirtualWeb; host?: VirtualHost }) {
    this.#web = options.web;
    this.#host = options.host;
  }

  /** @inheritdoc @throws {ProtocolError} `REPLY_INVALID` when the server answers with something else */
  async connect(options: { url: string; signal: CancelSignal }): Promise<WebSocketLink> {
    throwIfCanceled(options.signal);
    return this.#open(this.#web.find(options.url, /^wss?$/, this.#host), options.signal);
  }

  #open({ server, path }: WebTarget, signal: CancelSignal): Promise<WebSocketLink> {
    return new Promise((resolve, reject) => {
      const forth = new Lane(this.#web.clock, () => server.latencyMs);
      const back = new Lane(this.#web.clock, () => server.latencyMs);
      const near = new VirtualWebSocketPeer(forth);
      const far = new VirtualWebSocketPeer(back);
      near.pairWith(far);
      far.pairWith(near);
      const stopWatching = this.#host?.watch(() => {
        if (this.#host?.isOnline !== false) return;
        far.lose();
        near.lose();
        fail(softApError("UNREACHABLE", "The internet is gone"));
      });
      near.onEnded = () => stopWatching?.();
      const settle = (): void => signal.removeEventListener("abort", onAbort);
      const fail = (error: SoftApError): void => {
        settle();
        near.close();
        reject(error);
      };
      const onAbort = (): void => fail(canceled(signal));
      signal.addEventListener("abort", onAbort, { once: true });
      forth.carry(() => {
        if (signal.aborted || server.outage === "silent") return;
        server.requestCount += 1;
        server.openCount += 1;
        far.onEnded = () => {
          server.openCount -= 1;
        };
        const answer = server.handlers.onWebSocket?.(far, path) ?? false;
        if (answer === "silence") return;
        if (!answer) far.close();
        back.carry(() => {
          if (signal.aborted) return;
          settle();
          if (answer) resolve(near);
          else fail(softApError("REPLY_INVALID", "The server opened no web socket"));
        });
      });
    });
  }
}
