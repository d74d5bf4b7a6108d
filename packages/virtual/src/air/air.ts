import type { Clock } from "@softap/ports";
import { equalBytes } from "@softap/protocol";
import type { VirtualNetwork } from "../network/network.ts";
import { type RouterOptions, VirtualRouter } from "./router.ts";
import type { VirtualSoftAp } from "./soft-ap.ts";

/** What the air begins with. */
export interface VirtualAirOptions {
  readonly clock: Clock;
  /** Whoever joins something gets an address here. Left out: only the radio is virtual, as in the demo. */
  readonly network?: VirtualNetwork;
  /** Routers from the start. */
  readonly routers?: readonly RouterOptions[];
}

/**
 * Everything that can be received in one place: routers, and the soft APs that devices open.
 *
 * @example
 * ```ts
 * const clock = new VirtualClock();
 * const air = new VirtualAir({ clock });
 * const router = air.addRouter({ ssid: "Home-WiFi", passphrase: Secret.of("abcd1234") });
 * const radio = new VirtualRadio({ air });
 * const joining = radio.station.join(router, { timeoutMs: 15_000, signal: neverCanceled });
 * const lease = await clock.complete(joining, 15_000);
 * expect(lease.address).toBe("192.168.1.100");
 * ```
 */
export class VirtualAir {
  readonly clock: Clock;
  readonly network: VirtualNetwork | undefined;
  readonly #routers: VirtualRouter[] = [];
  readonly #softAps = new Set<VirtualSoftAp>();
  readonly #watchers = new Set<() => void>();
  #devices = 0;

  constructor(options: VirtualAirOptions) {
    this.clock = options.clock;
    this.network = options.network;
    for (const router of options.routers ?? []) this.addRouter(router);
  }

  /** Routers, switched on or not, in the order in which they were added. */
  get routers(): readonly VirtualRouter[] {
    return this.#routers;
  }

  /** Soft APs that are up. */
  get softAps(): Iterable<VirtualSoftAp> {
    return this.#softAps;
  }

  /** Puts up a router, switched on. */
  addRouter(options: RouterOptions): VirtualRouter {
    const router = new VirtualRouter(options, {
      bssid: this.newMac(),
      network: this.network,
      onChange: () => this.#tellWatchers(),
    });
    this.#routers.push(router);
    this.#tellWatchers();
    return router;
  }

  /** The soft AP with a name that is up. */
  softApCalled(ssid: Uint8Array): VirtualSoftAp | undefined {
    for (const softAp of this.#softAps)
      if (softAp.ssid !== undefined && equalBytes(softAp.ssid, ssid)) return softAp;
    return undefined;
  }

  /** Calls `watcher` after a router or soft AP came, went or changed its way to the internet. @returns Ends it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** A MAC address that nobody else here has. */
  newMac(): string {
    this.#devices += 1;
    const hex = this.#devices.toString(16).padStart(6, "0");
    return `02:00:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4)}`;
  }

  /** Shows or hides a soft AP. Called by {@link VirtualSoftAp}. */
  show(softAp: VirtualSoftAp, isUp: boolean): void {
    if (isUp) this.#softAps.add(softAp);
    else this.#softAps.delete(softAp);
    this.#tellWatchers();
  }

  #tellWatchers(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
