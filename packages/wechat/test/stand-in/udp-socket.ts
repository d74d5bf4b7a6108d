import { createSocket, type Socket } from "node:dgram";
import { Listeners } from "./listeners.ts";

/** Where datagrams go. */
export interface UdpWorld {
  /** The real place of an address on the soft AP; `undefined` when the phone is not on it. */
  real(address: string, port: number): { address: string; port: number } | undefined;
  /** The address on the soft AP of a real place. */
  virtual(address: string, port: number): { address: string; port: number };
  /** Sockets that are open, by port. */
  readonly open: Map<number, StandInUdpSocket>;
  /** Called for every datagram that is sent; `false` loses it. */
  onSend?: ((message: string) => boolean) | undefined;
}

interface Message {
  readonly message: ArrayBuffer;
  readonly remoteInfo: { address: string; port: number; family: string; size: number };
}

/** `UDPSocket` over `node:dgram` on loopback. A port is a number of its own here: the real one is the system's choice. */
export class StandInUdpSocket {
  static #nextPort = 50_000;
  readonly #world: UdpWorld;
  readonly #socket: Socket = createSocket("udp4");
  readonly #messages = new Listeners<Message>();
  readonly #errors = new Listeners<{ errMsg: string }>();
  readonly #closes = new Listeners<object>();
  readonly #listening = new Listeners<object>();
  #port: number | undefined;

  constructor(world: UdpWorld) {
    this.#world = world;
    this.#socket.on("message", (bytes, from) => {
      const { address, port } = world.virtual(from.address, from.port);
      // A slice of the pool's buffer is not a buffer of its own.
      const message = Uint8Array.from(bytes).buffer;
      const remoteInfo = { address, port, family: "IPv4", size: bytes.length };
      this.#messages.emit({ message, remoteInfo });
    });
    this.#socket.on("error", (error) => this.#errors.emit({ errMsg: error.message }));
  }

  bind(port?: number | string): number {
    const wanted = Number(port ?? 0);
    if (this.#port !== undefined) throw new Error("bind:fail already bound");
    if (this.#world.open.has(wanted)) throw new Error(`bind:fail address already in use, port ${wanted}`);
    this.#port = wanted === 0 ? (StandInUdpSocket.#nextPort += 1) : wanted;
    this.#world.open.set(this.#port, this);
    this.#socket.bind({ port: 0, address: "127.0.0.1" }, () => this.#listening.emit({}));
    return this.#port;
  }

  send(options: { address: string; port: number | string; message: string | ArrayBuffer }): void {
    const { message } = options;
    const bytes = typeof message === "string" ? Buffer.from(message) : Buffer.from(message.slice(0));
    const to = this.#world.real(options.address, Number(options.port));
    if (to === undefined) {
      setImmediate(() => this.#errors.emit({ errMsg: "send:fail no route to host" }));
      return;
    }
    if (this.#world.onSend?.(bytes.toString("utf8")) === false) return;
    this.#socket.send(bytes, to.port, to.address);
  }

  close(): void {
    if (this.#port !== undefined) this.#world.open.delete(this.#port);
    this.#socket.close();
    this.#closes.emit({});
  }

  onMessage = this.#messages.on;
  offMessage = this.#messages.off;
  onError = this.#errors.on;
  offError = this.#errors.off;
  onClose = this.#closes.on;
  offClose = this.#closes.off;
  onListening = this.#listening.on;
  offListening = this.#listening.off;
}
