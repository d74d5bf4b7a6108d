import type { DatagramSockets, Streams } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { virtualLimits } from "../limits.ts";
import { SeededRandom } from "../random.ts";
import { VirtualDatagramSockets } from "./datagram-sockets.ts";
import type { VirtualLink } from "./link.ts";
import type { VirtualNetwork } from "./network.ts";
import { VirtualSegment } from "./segment.ts";
import { VirtualStreams } from "./streams.ts";

/** Loopback of every host, and the address that stands for all of its addresses. */
const loopbackAddress = "127.0.0.1";
const anyAddress = "0.0.0.0";

/** A way from one host to another. */
export interface Route {
  readonly segment: VirtualSegment;
  readonly link: VirtualLink;
  /** Address of the sender on the segment. */
  readonly fromAddress: string;
  readonly to: VirtualHost;
  readonly toAddress: string;
}

/** A computer on a virtual network: it has addresses while it is attached to segments, and sockets. */
export class VirtualHost {
  readonly name: string;
  readonly network: VirtualNetwork;
  /** UDP of this host. */
  readonly datagrams: DatagramSockets;
  /** TCP of this host. */
  readonly streams: Streams;
  readonly #datagrams: VirtualDatagramSockets;
  readonly #streams: VirtualStreams;
  readonly #attached = new Map<VirtualSegment, string>();
  readonly #watchers = new Set<() => void>();
  readonly #loopback: VirtualSegment;
  #lastDynamicPort: number = virtualLimits.firstDynamicPort - 1;

  /** Use {@link VirtualNetwork.host}. */
  constructor(name: string, network: VirtualNetwork) {
    this.name = name;
    this.network = network;
    this.#datagrams = new VirtualDatagramSockets(this);
    this.#streams = new VirtualStreams(this);
    this.datagrams = this.#datagrams;
    this.streams = this.#streams;
    this.#loopback = new VirtualSegment(`loopback of ${name}`, network.clock, new SeededRandom(0));
    this.#loopback.claim(loopbackAddress, this);
  }

  /** Segments that the host is on, oldest first. */
  get segments(): Iterable<VirtualSegment> {
    return this.#attached.keys();
  }

  /** Its addresses without loopback. */
  get addresses(): readonly string[] {
    return [...this.#attached.values()];
  }

  /** Whether the internet can be reached. */
  get isOnline(): boolean {
    return this.#attached.has(this.network.internet) && this.network.internet.isUp;
  }

  /** Sockets, listeners and connections that are open. */
  get openCount(): number {
    return this.#datagrams.openCount + this.#streams.openCount;
  }

  /** Address of the host on a segment. */
  addressOn(segment: VirtualSegment): string | undefined {
    return this.#attached.get(segment);
  }

  /** Whether the address is one of its own. */
  hasAddress(address: string): boolean {
    if (address === loopbackAddress || address === anyAddress) return true;
    for (const own of this.#attached.values()) if (own === address) return true;
    return false;
  }

  /**
   * Puts the host on a segment; a former address there is given back.
   *
   * @throws {TransportError} `ADDRESS_IN_USE` when another host has the address
   */
  attach(segment: VirtualSegment, address: string): void {
    const former = this.#attached.get(segment);
    if (former === address) return;
    if (!segment.claim(address, this))
      throw softApError("ADDRESS_IN_USE", `${address} belongs to another host of ${segment.name}`);
    if (former !== undefined) segment.release(former);
    this.#attached.set(segment, address);
    this.#tellWatchers();
  }

  /** Takes the host off a segment. Sockets stay open; what they send there goes nowhere. Idempotent. */
  detach(segment: VirtualSegment): void {
    const address = this.#attached.get(segment);
    if (address === undefined) return;
    segment.release(address);
    this.#attached.delete(segment);
    this.#tellWatchers();
  }

  /** Calls `watcher` after the host was attached or detached. @returns Ends it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** The way to an address, or `undefined` when nobody in reach has it. */
  route(toAddress: string): Route | undefined {
    if (toAddress === loopbackAddress) return this.#loopbackRoute(toAddress);
    for (const [segment, fromAddress] of this.#attached) {
      if (toAddress === fromAddress) return this.#loopbackRoute(toAddress);
      const to = segment.isUp ? segment.hostAt(toAddress) : undefined;
      if (to !== undefined) return { segment, link: segment.link(this, to), fromAddress, to, toAddress };
    }
    return undefined;
  }

  /** Whether both ends of a route are still where they were. */
  isRouteOpen(route: Route): boolean {
    if (route.segment === this.#loopback) return this.hasAddress(route.toAddress);
    return (
      route.segment.isUp &&
      this.#attached.get(route.segment) === route.fromAddress &&
      route.to.#attached.get(route.segment) === route.toAddress
    );
  }

  /** A port that `isFree`, from the dynamic range; its turn comes round again. */
  dynamicPort(isFree: (port: number) => boolean): number {
    const { firstDynamicPort, lastPort } = virtualLimits;
    for (let tries = firstDynamicPort; tries <= lastPort; tries++) {
      this.#lastDynamicPort =
        this.#lastDynamicPort === lastPort ? firstDynamicPort : this.#lastDynamicPort + 1;
      if (isFree(this.#lastDynamicPort)) return this.#lastDynamicPort;
    }
    throw softApError("ADDRESS_IN_USE", `All dynamic ports of ${this.name} are taken`);
  }

  /** UDP as the network sees it, to hand datagrams in. */
  get datagramTable(): VirtualDatagramSockets {
    return this.#datagrams;
  }

  /** TCP as the network sees it, to hand connections in. */
  get streamTable(): VirtualStreams {
    return this.#streams;
  }

  #loopbackRoute(toAddress: string): Route {
    return {
      segment: this.#loopback,
      link: this.#loopback.link(this, this),
      fromAddress: toAddress,
      to: this,
      toAddress,
    };
  }

  #tellWatchers(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
