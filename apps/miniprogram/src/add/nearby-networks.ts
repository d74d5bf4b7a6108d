import { softApNameRule } from "@softap/phone";
import type { SeenNetwork } from "@softap/ports";
import { decodeUtf8, encodeUtf8 } from "@softap/protocol";
import type { AddDeviceScreen } from "./add-device-screen.ts";
import { lookAround } from "./look-around.ts";

/** What the phone hears around it, and which of it are devices of ours. */
export class NearbyNetworks {
  readonly #screen: AddDeviceScreen;
  #seen: readonly SeenNetwork[] = [];

  constructor(screen: AddDeviceScreen) {
    this.#screen = screen;
  }

  /** Everything that was heard; empty before a search, and on iOS. */
  get seen(): readonly SeenNetwork[] {
    return this.#seen;
  }

  /** Looks around and shows the soft APs. */
  async search(): Promise<void> {
    const { view, services } = this.#screen;
    const { isSearching, canSearch } = view.value;
    if (isSearching || !canSearch) return;
    view.set({ isSearching: true });
    this.#seen = await lookAround(services.wx, services.ports.clock);
    view.set({ nearby: this.#softAps(), isSearching: false });
  }

  /** Whether a network is called as the soft APs of our products are. */
  isSoftAp(ssid: string): boolean {
    return this.#rules.some((rule) => rule.deviceNameOf(encodeUtf8(ssid)) !== undefined);
  }

  get #rules() {
    return this.#screen.services.config.softApPrefixes.map(softApNameRule);
  }

  #softAps(): readonly string[] {
    const found = this.#rules.flatMap((rule) => rule.find(this.#seen).map(({ network }) => network));
    const names = found
      .toSorted((a, b) => b.rssiDbm - a.rssiDbm)
      .flatMap(({ ssid }) => decodeUtf8(ssid) ?? []);
    return [...new Set(names)];
  }
}
