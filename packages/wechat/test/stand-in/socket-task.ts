import { WebSocket } from "ws";
import type { Callbacks } from "./callbacks.ts";
import { Listeners } from "./listeners.ts";

/** `SocketTask` over ws. */
export class StandInSocketTask {
  readonly #socket: WebSocket;
  readonly #opens = new Listeners<object>();
  readonly #closes = new Listeners<{ code: number; reason: string }>();
  readonly #errors = new Listeners<{ errMsg: string }>();
  readonly #messages = new Listeners<{ data: string | ArrayBuffer }>();

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.on("open", () => this.#opens.emit({}));
    this.#socket.on("close", (code, reason) => this.#closes.emit({ code, reason: reason.toString() }));
    this.#socket.on("error", (error: NodeJS.ErrnoException) =>
      this.#errors.emit({ errMsg: `connectSocket:fail ${error.code ?? ""} ${error.message}` }),
    );
    this.#socket.on("message", (data: Buffer, isBinary: boolean) =>
      this.#messages.emit({ data: isBinary ? Uint8Array.from(data).buffer : data.toString("utf8") }),
    );
  }

  send(options: { data: string } & Callbacks<object>): void {
    this.#socket.send(options.data, (error) => {
      if (error === undefined || error === null) options.success?.({ errMsg: "sendSocketMessage:ok" });
      else options.fail?.({ errMsg: `sendSocketMessage:fail ${error.message}` });
    });
  }

  close(): void {
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#socket.terminate();
    else this.#socket.close();
  }

  onOpen = this.#opens.on;
  onClose = this.#closes.on;
  onError = this.#errors.on;
  onMessage = this.#messages.on;
}
