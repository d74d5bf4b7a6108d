import {
  type CancelSignal,
  type DatagramSocket,
  type DatagramSockets,
  type Endpoint,
  throwIfCanceled,
} from "@softap/ports";
import { softApError } from "@softap/protocol";
import { virtualLimits } from "../limits.ts";
import type { Route, VirtualHost } from "./host.ts";
import { checkPort, type PortHolder, PortTable } from "./port-table.ts";

/** Opening takes a turn, as everywhere: a signal that fires right behind the call still counts. */
const turn: Promise<void> = Promise.resolve();

/** UDP of one {@link VirtualHost}. */
export class VirtualDatagramSockets implements DatagramSockets {
  readonly #host: VirtualHost;
  readonly #ports = new PortTable<VirtualDatagramSocket>();

  constructor(host: VirtualHost) {
    this.#host = host;
  }

  /** Sockets that are open. */
  get openCount(): number {
    return this.#ports.size;
  }

  /** @inheritdoc */
  async open(options: { port: number; address?: string; signal: CancelSignal }): Promise<DatagramSocket> {
    await turn;
    throwIfCanceled(options.signal);
    checkPort(options.port, 0);
    const address = options.address === "0.0.0.0" ? undefined : options.address;
    if (address !== undefined && !this.#host.hasAddress(address))
      throw softApError("ADDRESS_UNAVAILABLE", `${this.#host.name} does not have the address ${address}`);
    const isFree = (port: number): boolean => this.#ports.isFree(port, address);
    const port = options.port === 0 ? this.#host.dynamicPort(isFree) : options.port;
    if (!isFree(port)) throw softApError("ADDRESS_IN_USE", `UDP port ${port} of ${this.#host.name} is taken`);
    const socket = new VirtualDatagramSocket(this.#host, port, address, () => this.#ports.remove(socket));
    this.#ports.add(socket);
    return socket;
  }

  /** Hands in a datagram that arrived at this host. */
  deliver(datagram: Uint8Array, to: Endpoint, from: Endpoint): void {
    this.#ports.find(to.port, to.address)?.onDatagram?.(datagram, from);
  }
}

class VirtualDatagramSocket implements DatagramSocket, PortHolder {
  readonly localPort: number;
  readonly localAddress: string | undefined;
  onDatagram: ((datagram: Uint8Array, from: Endpoint) => void) | undefined = undefined;
  readonly #host: VirtualHost;
  readonly #onClose: () => void;
  #isClosed = false;

  constructor(host: VirtualHost, port: number, address: string | undefined, onClose: () => void) {
    this.localPort = port;
    this.localAddress = address;
    this.#host = host;
    this.#onClose = onClose;
  }

  async send(datagram: Uint8Array, to: Endpoint, options: { signal: CancelSignal }): Promise<void> {
    if (this.#isClosed) throw softApError("SOCKET_CLOSED", "The UDP socket is closed");
    throwIfCanceled(options.signal);
    checkPort(to.port, 1);
    if (datagram.length > virtualLimits.maxDatagramBytes)
      throw softApError(
        "DATAGRAM_TOO_LONG",
        `datagram has ${datagram.length} bytes, at most ${virtualLimits.maxDatagramBytes} are allowed`,
      );
    const route = this.#route(to.address);
    if (route !== undefined) this.#carry(datagram, route, to.port);
    else if (this.#host.network.unknownAddress === "unreachable")
      throw softApError("UNREACHABLE", `${this.#host.name} has no way to ${to.address}`);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onDatagram = undefined;
    this.#onClose();
  }

  #route(name: string): Route | undefined {
    const address = /^[\d.]+$/.test(name) ? name : this.#host.network.resolve(this.#host, name);
    const route = address === undefined ? undefined : this.#host.route(address);
    const isOwn = this.localAddress === undefined || this.localAddress === route?.fromAddress;
    return isOwn ? route : undefined;
  }

  #carry(datagram: Uint8Array, route: Route, toPort: number): void {
    const { network } = this.#host;
    // The sender may use its buffer again, and each copy belongs to whoever receives it.
    const bytes = datagram.slice();
    const from = { address: route.fromAddress, port: this.localPort };
    const to = { address: route.toAddress, port: toPort };
    const fate = route.link.carryDatagram(bytes.length, () => {
      if (this.#host.isRouteOpen(route)) route.to.datagramTable.deliver(bytes.slice(), to, from);
    });
    network.onTrace?.({
      atMs: network.clock.monotonicMs(),
      segment: route.segment.name,
      from,
      to,
      bytes: bytes.length,
      fate,
    });
  }
}
