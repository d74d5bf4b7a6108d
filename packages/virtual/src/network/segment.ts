import type { Clock } from "@softap/ports";
import type { SeededRandom } from "../random.ts";
import type { VirtualHost } from "./host.ts";
import { type LinkConditions, linkConditions, perfectLink, VirtualLink } from "./link.ts";

/** Hosts that reach each other directly: a router's LAN, a soft AP, the internet. */
export class VirtualSegment {
  readonly name: string;
  /** `false`: nothing gets from host to host. */
  isUp = true;
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #hosts = new Map<string, VirtualHost>();
  readonly #links = new Map<VirtualHost, Map<VirtualHost, VirtualLink>>();
  #conditions: LinkConditions = perfectLink;

  constructor(name: string, clock: Clock, random: SeededRandom) {
    this.name = name;
    this.#clock = clock;
    this.#random = random;
  }

  /** Conditions of every link that has none of its own. */
  get conditions(): LinkConditions {
    return this.#conditions;
  }

  /** Sets the conditions of every link that has none of its own; what is left out is perfect. */
  impair(conditions: Partial<LinkConditions>): void {
    this.#conditions = linkConditions(conditions);
  }

  /** The direction from one host to another, for conditions of its own. */
  link(from: VirtualHost, to: VirtualHost): VirtualLink {
    let links = this.#links.get(from);
    if (links === undefined) this.#links.set(from, (links = new Map<VirtualHost, VirtualLink>()));
    let link = links.get(to);
    if (link === undefined) {
      const random = this.#random.child(`${from.name} > ${to.name}`);
      links.set(to, (link = new VirtualLink(this.#clock, random, () => this.#conditions)));
    }
    return link;
  }

  /** The host at an address. */
  hostAt(address: string): VirtualHost | undefined {
    return this.#hosts.get(address);
  }

  /** Address of the host with a name: this world's name service. */
  addressOf(hostName: string): string | undefined {
    for (const [address, host] of this.#hosts) if (host.name === hostName) return address;
    return undefined;
  }

  /** Takes an address for a host; `false` when another host has it. Called by {@link VirtualHost.attach}. */
  claim(address: string, host: VirtualHost): boolean {
    const holder = this.#hosts.get(address);
    if (holder !== undefined && holder !== host) return false;
    this.#hosts.set(address, host);
    return true;
  }

  /** Gives an address back. Called by {@link VirtualHost.detach}. */
  release(address: string): void {
    this.#hosts.delete(address);
  }

  /** The first free address of `prefix` (`"192.168.1"`) from `first` up; `undefined` when all are taken. */
  freeAddress(prefix: string, first: number): string | undefined {
    for (let last = first; last < 255; last++)
      if (!this.#hosts.has(`${prefix}.${last}`)) return `${prefix}.${last}`;
    return undefined;
  }
}
