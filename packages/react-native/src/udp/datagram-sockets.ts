import {
  type CancelSignal,
  type Clock,
  type DatagramSocket,
  type DatagramSockets,
  type Log,
  neverCanceled,
  type Random,
  randomFraction,
  silentLog,
  throwIfCanceled,
} from "@softap/ports";
import { isSoftApError, softApError } from "@softap/protocol";
import { cancelable } from "../cancelable.ts";
import { reactNativeLimits } from "../limits.ts";
import { BoundSocket } from "./bound-socket.ts";
import { checkPort } from "./check-port.ts";
import type { NativeUdp } from "./native-udp.ts";
import { RenewableSocket } from "./renewable-socket.ts";

/** What {@link ReactNativeDatagramSockets} needs. */
export interface ReactNativeDatagramSocketsOptions {
  /** The default export of `react-native-udp`. */
  readonly udp: NativeUdp;
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
}

/** UDP over IPv4 by `react-native-udp`. */
export class ReactNativeDatagramSockets implements DatagramSockets {
  readonly #options: ReactNativeDatagramSocketsOptions;
  readonly #log: Log;
  readonly #open = new Set<RenewableSocket>();
  /** Android lets two sockets have one port, so that taken ones are known only here. */
  readonly #taken = new Set<number>();
  readonly #closing = new Map<number, Promise<void>>();

  constructor(options: ReactNativeDatagramSocketsOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
  }

  /** Sockets that are open. */
  get openCount(): number {
    return this.#open.size;
  }

  /** @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED`; {@link UsageError} `USAGE` for a port above 65 535 */
  async open(options: { port: number; address?: string; signal: CancelSignal }): Promise<DatagramSocket> {
    const { port, address = "0.0.0.0", signal } = options;
    throwIfCanceled(signal);
    checkPort(port, 0);
    const bound = await this.#bind(port, address, signal);
    const socket = new RenewableSocket(bound, {
      bind: (formerPort) => this.#rebind(port, formerPort, address),
      release: (former) => this.#release(former),
      onClose: () => this.#open.delete(socket),
      log: this.#log,
    });
    this.#open.add(socket);
    return socket;
  }

  /**
   * Opens every open socket anew, on its own port where that is possible. A socket of Android belongs to the network that
   * the app was tied to when it was opened, and hears nothing of another one. Resolves when all of them can send again.
   */
  async renew(): Promise<void> {
    await Promise.all([...this.#open].map((socket) => socket.renew()));
  }

  async #bind(port: number, address: string, signal: CancelSignal): Promise<BoundSocket> {
    for (let attempt = 1; ; attempt += 1) {
      // Android does not tell which port the system chose: it is chosen here.
      const wanted = port === 0 ? this.#dynamicPort() : port;
      try {
        return await this.#bindTo(wanted, address, signal);
      } catch (error) {
        const mayTryAnother = port === 0 && attempt < reactNativeLimits.maxPortAttempts;
        if (!mayTryAnother || !isSoftApError(error, "ADDRESS_IN_USE")) throw error;
      }
    }
  }

  async #bindTo(port: number, address: string, signal: CancelSignal): Promise<BoundSocket> {
    if (this.#taken.has(port)) throw softApError("ADDRESS_IN_USE", `UDP port ${port} is taken`);
    this.#taken.add(port);
    try {
      const closing = this.#closing.get(port);
      if (closing !== undefined)
        await cancelable<void>(signal, ({ resolve }) => void closing.then(resolve, resolve));
      const { udp, clock } = this.#options;
      return await BoundSocket.bind(udp, { port, address }, { clock, signal });
    } catch (error) {
      this.#taken.delete(port);
      throw error;
    }
  }

  async #rebind(port: number, formerPort: number, address: string): Promise<BoundSocket> {
    try {
      return await this.#bindTo(formerPort, address, neverCanceled);
    } catch (error) {
      if (port !== 0 || !isSoftApError(error, "ADDRESS_IN_USE")) throw error;
      return this.#bind(0, address, neverCanceled);
    }
  }

  #release(bound: BoundSocket): Promise<void> {
    const { port } = bound;
    this.#taken.delete(port);
    const closing = bound.close().finally(() => {
      if (this.#closing.get(port) === closing) this.#closing.delete(port);
    });
    this.#closing.set(port, closing);
    return closing;
  }

  #dynamicPort(): number {
    const { firstDynamicPort, lastPort } = reactNativeLimits;
    const count = lastPort - firstDynamicPort + 1;
    return firstDynamicPort + Math.floor(randomFraction(this.#options.random) * count);
  }
}
