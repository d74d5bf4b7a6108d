import {
  type CancelSignal,
  type DatagramSocket,
  type Endpoint,
  type Log,
  throwIfCanceled,
} from "@softap/ports";
import { asSoftApError, softApError } from "@softap/protocol";
import { cancelable } from "../cancelable.ts";
import { reactNativeLimits } from "../limits.ts";
import type { BoundSocket } from "./bound-socket.ts";
import { checkPort } from "./check-port.ts";

/** Who knows which ports are taken. */
export interface SocketKeeper {
  /** Binds again, to the same port if that is possible. */
  bind(formerPort: number): Promise<BoundSocket>;
  /** Closes; resolves when the port is free. */
  release(former: BoundSocket): Promise<void>;
  onClose(): void;
  readonly log: Log;
}

/** A socket of the port, and the native one that it has at the moment. */
export class RenewableSocket implements DatagramSocket {
  onDatagram: ((datagram: Uint8Array, from: Endpoint) => void) | undefined = undefined;
  readonly #keeper: SocketKeeper;
  #bound: BoundSocket | undefined;
  #port: number;
  #renewing: Promise<void> | undefined;
  #isClosed = false;

  constructor(bound: BoundSocket, keeper: SocketKeeper) {
    this.#keeper = keeper;
    this.#port = bound.port;
    this.#take(bound);
  }

  get localPort(): number {
    return this.#port;
  }

  async send(datagram: Uint8Array, to: Endpoint, options: { signal: CancelSignal }): Promise<void> {
    const { signal } = options;
    throwIfCanceled(signal);
    checkPort(to.port, 1);
    const { maxDatagramBytes } = reactNativeLimits;
    if (datagram.length > maxDatagramBytes)
      throw softApError(
        "DATAGRAM_TOO_LONG",
        `datagram has ${datagram.length} bytes, at most ${maxDatagramBytes} are allowed`,
      );
    // A copy: it may leave only after the socket was renewed, and the caller's buffer is the caller's again.
    const bytes = datagram.slice();
    for (let renewing = this.#renewing; renewing !== undefined; renewing = this.#renewing) {
      const ready = renewing;
      await cancelable<void>(signal, ({ resolve }) => void ready.then(resolve, resolve));
    }
    if (this.#isClosed) throw softApError("SOCKET_CLOSED", "The UDP socket is closed");
    if (this.#bound === undefined)
      throw softApError("UNREACHABLE", "The UDP socket could not be opened on the present network");
    await this.#bound.send(bytes, to, signal);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onDatagram = undefined;
    this.#keeper.onClose();
    if (this.#bound !== undefined) void this.#keeper.release(this.#bound);
    this.#bound = undefined;
  }

  /** Never rejects: a socket that cannot be opened again says so when it is to send. */
  renew(): Promise<void> {
    const renewing = (this.#renewing ?? Promise.resolve())
      .then(() => this.#renew())
      .then(() => {
        if (this.#renewing === renewing) this.#renewing = undefined;
      });
    this.#renewing = renewing;
    return renewing;
  }

  async #renew(): Promise<void> {
    const former = this.#bound;
    this.#bound = undefined;
    if (former !== undefined) await this.#keeper.release(former);
    if (this.#isClosed) return;
    try {
      const bound = await this.#keeper.bind(this.#port);
      this.#port = bound.port;
      if (this.#isClosed) void this.#keeper.release(bound);
      else this.#take(bound);
    } catch (error) {
      this.#keeper.log.warn("udp socket not opened again", { code: asSoftApError(error).code });
    }
  }

  #take(bound: BoundSocket): void {
    this.#bound = bound;
    bound.onDatagram = (datagram, from) => this.onDatagram?.(datagram, from);
  }
}
