import { type CancelSignal, type Clock, type Endpoint, throwIfCanceled } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { cancelable, type Outcome } from "../cancelable.ts";
import { reactNativeLimits } from "../limits.ts";
import type { NativeUdp, NativeUdpSocket } from "./native-udp.ts";
import { udpError } from "./udp-error.ts";

/** One native socket from its bind to its close. */
export class BoundSocket {
  readonly port: number;
  onDatagram: ((datagram: Uint8Array, from: Endpoint) => void) | undefined = undefined;
  readonly #native: NativeUdpSocket;
  readonly #clock: Clock;
  readonly #pending = new Set<Outcome<void>>();
  #closing: Promise<void> | undefined;

  private constructor(native: NativeUdpSocket, port: number, clock: Clock) {
    this.#native = native;
    this.port = port;
    this.#clock = clock;
    native.on("message", (datagram, { address, port: fromPort }) => {
      if (this.#closing !== undefined) return;
      // Apple's sockets may write IPv4 addresses as IPv6 ones.
      const from = { address: address.replace(/^::ffff:/i, ""), port: fromPort };
      this.onDatagram?.(Uint8Array.from(datagram), from);
    });
  }

  /** @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED`; {@link CanceledError} */
  static async bind(
    udp: NativeUdp,
    at: { readonly port: number; readonly address: string },
    options: { readonly clock: Clock; readonly signal: CancelSignal },
  ): Promise<BoundSocket> {
    const { clock, signal } = options;
    throwIfCanceled(signal);
    const native = udp.createSocket({ type: "udp4" });
    const socket = new BoundSocket(native, at.port, clock);
    try {
      await cancelable<void>(signal, ({ resolve, reject }) => {
        native.on("listening", resolve);
        // It stays: an error event without a listener would end the app.
        native.on("error", reject);
        native.bind(at.port, at.address);
      });
      return socket;
    } catch (error) {
      void socket.close();
      throwIfCanceled(signal);
      throw udpError(error, `UDP port ${at.port} of ${at.address} cannot be opened`, "ADDRESS_UNAVAILABLE");
    }
  }

  /** @throws {@link TransportError} `UNREACHABLE`, `SOCKET_CLOSED`, `DATAGRAM_TOO_LONG`, `HOST_NOT_FOUND`; {@link CanceledError} */
  async send(datagram: Uint8Array, to: Endpoint, signal: CancelSignal): Promise<void> {
    try {
      await cancelable<void>(signal, (outcome) => {
        if (this.#closing !== undefined) throw socketClosed();
        this.#pending.add(outcome);
        this.#native.send(datagram, 0, datagram.length, to.port, to.address, (error) => {
          if (error === undefined || error === null) outcome.resolve();
          else
            outcome.reject(udpError(error, `Nothing can be sent to ${to.address}:${to.port}`, "UNREACHABLE"));
        });
        return () => this.#pending.delete(outcome);
      });
    } catch (error) {
      throwIfCanceled(signal);
      throw udpError(error, `Nothing can be sent to ${to.address}:${to.port}`, "UNREACHABLE");
    }
  }

  /** Idempotent; resolves when the port is free again. Nothing is heard from the moment of the call. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.onDatagram = undefined;
      const end = (): void => {
        timer.cancel();
        resolve();
      };
      const timer = this.#clock.after("udp close", reactNativeLimits.closeTimeoutMs, resolve);
      this.#native.on("error", end);
      this.#native.close(end);
    });
    for (const { reject } of this.#pending) reject(socketClosed());
    return this.#closing;
  }
}

function socketClosed(): Error {
  return softApError("SOCKET_CLOSED", "The UDP socket is closed");
}
