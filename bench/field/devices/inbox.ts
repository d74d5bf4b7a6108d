import {
  type CancelSignal,
  canceled,
  type Clock,
  type DatagramSocket,
  type DatagramSockets,
  type Endpoint,
} from "@softap/ports";

/** A datagram and who sent it. */
export interface Received {
  readonly datagram: Uint8Array;
  readonly from: Endpoint;
}

/** A bound socket that is read when its owner gets round to it, as a program with one thread does. */
export class Inbox {
  readonly #socket: DatagramSocket;
  readonly #clock: Clock;
  readonly #queue: Received[] = [];
  #onReceived: (() => void) | undefined;

  private constructor(socket: DatagramSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.onDatagram = (datagram, from) => {
      this.#queue.push({ datagram, from });
      this.#onReceived?.();
    };
  }

  static async open(
    datagrams: DatagramSockets,
    options: { port: number; clock: Clock; signal: CancelSignal },
  ): Promise<Inbox> {
    const { port, clock, signal } = options;
    return new Inbox(await datagrams.open({ port, signal }), clock);
  }

  /** The oldest datagram that was not read yet; `undefined` when none comes within the limit. */
  next(limitMs: number, signal: CancelSignal): Promise<Received | undefined> {
    if (signal.aborted) return Promise.reject(canceled(signal));
    const first = this.#queue.shift();
    if (first !== undefined || limitMs <= 0) return Promise.resolve(first);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        timer.cancel();
        this.#onReceived = undefined;
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = (): void => {
        end();
        reject(canceled(signal));
      };
      const onDone = (): void => {
        end();
        resolve(this.#queue.shift());
      };
      const timer = this.#clock.after("inbox", limitMs, onDone);
      this.#onReceived = onDone;
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  send(datagram: Uint8Array, to: Endpoint, signal: CancelSignal): Promise<void> {
    return this.#socket.send(datagram, to, { signal });
  }

  close(): void {
    this.#socket.close();
  }
}
