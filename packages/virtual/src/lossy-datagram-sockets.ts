import type {
  CancelSignal,
  Clock,
  DatagramSocket,
  DatagramSockets,
  Endpoint,
  Random,
  TimerHandle,
} from "@softap/ports";
import { randomFraction, throwIfCanceled } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { virtualLimits } from "./limits.ts";
import { linkConditions } from "./network/link.ts";

/** How bad the air is, in each direction. Shares are 0 to 1. */
export interface LossyOptions {
  /** The sockets that really send, virtual or not. */
  readonly sockets: DatagramSockets;
  readonly clock: Clock;
  /** Seed it to get the same losses again. */
  readonly random: Random;
  /** Share of datagrams that get lost. @defaultValue 0 */
  readonly loss?: number;
  /** Share of datagrams that come twice. @defaultValue 0 */
  readonly duplication?: number;
  /** Milliseconds. @defaultValue 0 */
  readonly delayMs?: number;
  /** A random time of up to this comes on top, milliseconds; datagrams may overtake each other. @defaultValue 0 */
  readonly jitterMs?: number;
}

/** Puts bad air between any sockets and the world: what they send and what they receive suffers alike. */
export class LossyDatagramSockets implements DatagramSockets {
  readonly #options: LossyOptions;

  /** @throws {UsageError} `USAGE` when a share is not 0 to 1 or a time is negative */
  constructor(options: LossyOptions) {
    const { loss = 0, duplication = 0, delayMs = 0, jitterMs = 0 } = options;
    linkConditions({ loss, duplication, delayMs, jitterMs });
    this.#options = options;
  }

  /** @inheritdoc */
  async open(options: { port: number; address?: string; signal: CancelSignal }): Promise<DatagramSocket> {
    return new LossyDatagramSocket(await this.#options.sockets.open(options), this.#options);
  }
}

class LossyDatagramSocket implements DatagramSocket {
  onDatagram: ((datagram: Uint8Array, from: Endpoint) => void) | undefined = undefined;
  readonly #socket: DatagramSocket;
  readonly #options: LossyOptions;
  readonly #delayed = new Set<TimerHandle>();
  #isClosed = false;

  constructor(socket: DatagramSocket, options: LossyOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.onDatagram = (datagram, from) => this.#suffer(() => this.onDatagram?.(datagram.slice(), from));
  }

  get localPort(): number {
    return this.#socket.localPort;
  }

  async send(datagram: Uint8Array, to: Endpoint, options: { signal: CancelSignal }): Promise<void> {
    if (this.#isClosed) throw softApError("SOCKET_CLOSED", "The UDP socket is closed");
    throwIfCanceled(options.signal);
    // What never could be sent is refused at once, also when it would have got lost or been delayed.
    if (datagram.length > virtualLimits.maxDatagramBytes)
      throw softApError("DATAGRAM_TOO_LONG", `datagram has ${datagram.length} bytes, too many for UDP`);
    const copy = datagram.slice();
    let sending: Promise<void> | undefined;
    this.#suffer(() => {
      sending = this.#socket.send(copy, to, options);
      // Who sends only hears of a failure that comes at once; what is on the way may fail unheard, as on the air.
      sending.catch(() => {});
    });
    await sending;
  }

  close(): void {
    this.#isClosed = true;
    this.onDatagram = undefined;
    for (const timer of this.#delayed) timer.cancel();
    this.#delayed.clear();
    this.#socket.close();
  }

  /** Carries something across the bad air: not at all, once or twice, now or later. */
  #suffer(carry: () => void): void {
    const { loss = 0, duplication = 0 } = this.#options;
    if (this.#happens(loss)) return;
    const isDuplicated = this.#happens(duplication);
    this.#delay(carry);
    if (isDuplicated && !this.#isClosed) this.#delay(carry);
  }

  #delay(carry: () => void): void {
    const { clock, random, delayMs = 0, jitterMs = 0 } = this.#options;
    const waitMs = delayMs + (jitterMs > 0 ? jitterMs * randomFraction(random) : 0);
    if (waitMs === 0) {
      carry();
      return;
    }
    const timer = clock.after("lossy datagram", waitMs, () => {
      this.#delayed.delete(timer);
      carry();
    });
    this.#delayed.add(timer);
  }

  #happens(share: number): boolean {
    return share > 0 && randomFraction(this.#options.random) < share;
  }
}
