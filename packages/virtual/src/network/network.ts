import type { Clock, Endpoint } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { SeededRandom } from "../random.ts";
import { VirtualHost } from "./host.ts";
import type { Fate, LinkConditions } from "./link.ts";
import { VirtualSegment } from "./segment.ts";

/** How a virtual network begins. */
export interface VirtualNetworkOptions {
  readonly clock: Clock;
  /** Everything that is left to chance follows from it. @defaultValue 1 */
  readonly seed?: number;
  /** What a datagram to an address that nobody has meets. @defaultValue "unreachable" */
  readonly unknownAddress?: "unreachable" | "silent";
  /** Conditions of every new segment; what is left out is perfect. */
  readonly conditions?: Partial<LinkConditions>;
}

/** One thing that was sent, as the trace shows it. */
export interface NetworkTrace {
  readonly atMs: number;
  readonly segment: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly bytes: number;
  readonly fate: Fate;
}

/**
 * Hosts, addresses and the links between them. Two networks with the same seed and the same calls behave the same,
 * datagram for datagram.
 *
 * @example
 * ```ts
 * const clock = new VirtualClock();
 * const network = new VirtualNetwork({ clock, seed: 7, conditions: { loss: 0.3, delayMs: 5 } });
 * const lan = network.segment("lan");
 * const phone = network.host("phone");
 * phone.attach(lan, "192.168.1.20");
 * const socket = await phone.datagrams.open({ port: 0, signal: neverCanceled });
 * expect(socket.localPort).toBeGreaterThan(0);
 * ```
 */
export class VirtualNetwork {
  readonly clock: Clock;
  readonly unknownAddress: "unreachable" | "silent";
  /** Where clouds live; a host is online while it is attached to it. */
  readonly internet: VirtualSegment;
  /** Called for everything that is sent between hosts. */
  onTrace: ((trace: NetworkTrace) => void) | undefined = undefined;
  readonly #random: SeededRandom;
  readonly #conditions: Partial<LinkConditions>;
  readonly #segments = new Map<string, VirtualSegment>();
  readonly #hosts = new Map<string, VirtualHost>();
  #onlineHosts = 0;

  constructor(options: VirtualNetworkOptions) {
    this.clock = options.clock;
    this.unknownAddress = options.unknownAddress ?? "unreachable";
    this.#random = new SeededRandom(options.seed ?? 1);
    this.#conditions = options.conditions ?? {};
    this.internet = this.segment("internet");
  }

  /** The segment of that name; made when there is none. */
  segment(name: string): VirtualSegment {
    let segment = this.#segments.get(name);
    if (segment === undefined) {
      segment = new VirtualSegment(name, this.clock, this.#random.child(name));
      segment.impair(this.#conditions);
      this.#segments.set(name, segment);
    }
    return segment;
  }

  /** Adds a host without an address. @throws {UsageError} `USAGE` when the name is taken or looks like an address */
  host(name: string): VirtualHost {
    if (this.#hosts.has(name)) throw softApError("USAGE", `There is a host ${name} already`);
    if (name === "" || /^[\d.]+$/.test(name)) throw softApError("USAGE", `A host cannot be called "${name}"`);
    const host = new VirtualHost(name, this);
    this.#hosts.set(name, host);
    return host;
  }

  /** Every host, in the order of their making. */
  get hosts(): readonly VirtualHost[] {
    return [...this.#hosts.values()];
  }

  /** Sockets, listeners and stream connections that are open anywhere. A test that ends with any has leaked it. */
  get openCount(): number {
    let count = 0;
    for (const host of this.#hosts.values()) count += host.openCount;
    return count;
  }

  /** Attaches a host to the internet with an address that nobody else has. */
  bringOnline(host: VirtualHost): void {
    if (host.isOnline) return;
    const number = this.#onlineHosts++;
    host.attach(this.internet, `100.${64 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`);
  }

  /** Where a name server would send a host: the address behind a name that the host can reach. */
  resolve(from: VirtualHost, name: string): string | undefined {
    for (const segment of from.segments) {
      const address = segment.isUp ? segment.addressOf(name) : undefined;
      if (address !== undefined) return address;
    }
    return undefined;
  }
}
