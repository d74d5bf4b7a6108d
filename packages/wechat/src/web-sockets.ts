import {
  type CancelSignal,
  canceled,
  throwIfCanceled,
  type WebSocketLink,
  type WebSockets,
} from "@softap/ports";
import { softApError } from "@softap/protocol";
import { requestError } from "./wx-errors.ts";
import type { Wx, WxError, WxSocketTask } from "./wx.ts";

/** Text web sockets by `wx.connectSocket`. The host must stand in the mini program's list of socket domains. */
export class WechatWebSockets implements WebSockets {
  readonly #wx: Pick<Wx, "connectSocket">;

  constructor(wx: Pick<Wx, "connectSocket">) {
    this.#wx = wx;
  }

  /** @throws {@link TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`; {@link UsageError} `USAGE`; {@link CanceledError} */
  async connect(options: { url: string; signal: CancelSignal }): Promise<WebSocketLink> {
    const { url, signal } = options;
    throwIfCanceled(signal);
    if (!/^wss?:\/\/./.test(url)) throw softApError("USAGE", "The URL does not begin with ws:// or wss://");
    return new Promise((resolve, reject) => {
      const end = (): void => signal.removeEventListener("abort", onAbort);
      const fail = (error: WxError): void => {
        end();
        reject(requestError("Opening a web socket", error));
      };
      const task = this.#wx.connectSocket({ url, fail });
      const onAbort = (): void => {
        reject(canceled(signal));
        end();
        task.close({});
      };
      signal.addEventListener("abort", onAbort, { once: true });
      task.onError(fail);
      task.onClose(() => fail({}));
      task.onOpen(() => {
        end();
        // Cancelled meanwhile: it is closing.
        if (!signal.aborted) resolve(new WechatWebSocketLink(task));
      });
    });
  }
}

class WechatWebSocketLink implements WebSocketLink {
  readonly #task: WxSocketTask;
  #isClosed = false;
  onText: ((text: string) => void) | undefined = undefined;
  onClosed: (() => void) | undefined = undefined;

  constructor(task: WxSocketTask) {
    this.#task = task;
    task.onMessage(({ data }) => {
      if (typeof data === "string") this.onText?.(data);
    });
    task.onClose(() => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.onClosed?.();
    });
  }

  /** Text sent after the end goes nowhere; the end itself is told by `onClosed`. */
  send(text: string): void {
    if (!this.#isClosed) this.#task.send({ data: text, success: () => {}, fail: () => {} });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onText = undefined;
    this.onClosed = undefined;
    this.#task.close({});
  }
}
