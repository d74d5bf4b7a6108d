import { uptime } from "node:os";
import { type CancelSignal, type Clock, type SeenNetwork, sleep, withTimeout } from "@softap/ports";
import { isSoftApError, softApError } from "@softap/protocol";
import type { Call } from "../call.ts";
import { cancelable } from "../../cancelable.ts";
import { strongest } from "../credentials-check.ts";
import { asMap, asNumber } from "../dbus/value.ts";
import { linuxLimits } from "../limits.ts";
import { seenNetwork } from "./access-point.ts";
import type { NetworkManagerClient } from "./client.ts";
import type { NetworkManagerDevice } from "./device.ts";
import { DeviceState, Interface, service } from "./names.ts";

/** Scans through NetworkManager. */
export class NetworkManagerScanner {
  readonly #client: NetworkManagerClient;
  readonly #device: NetworkManagerDevice;
  readonly #clock: Clock;

  constructor(options: { client: NetworkManagerClient; device: NetworkManagerDevice; clock: Clock }) {
    this.#client = options.client;
    this.#device = options.device;
    this.#clock = options.clock;
  }

  /** Networks heard lately, strongest first, without a new scan. */
  known(call: Call): Promise<readonly SeenNetwork[]> {
    return this.#heardSince(Math.floor(uptime()) - linuxLimits.heardWithinS, call);
  }

  /** Networks heard lately, strongest first, after a scan over every channel. */
  async scan(call: Call): Promise<readonly SeenNetwork[]> {
    await this.#scanWithin([], call);
    return this.known(call);
  }

  /**
   * Looks for one network, also for one that hides its name.
   *
   * @returns Its strongest access point, or `undefined` when it was not heard; see {@link NetworkManagerScanner.lookFor}.
   */
  async find(network: { ssid: Uint8Array; bssid?: string }, call: Call): Promise<SeenNetwork | undefined> {
    const isMeant = (one: SeenNetwork): boolean => strongest([one], network) !== undefined;
    return strongest(await this.lookFor(isMeant, { ...call, ssids: [network.ssid] }), network);
  }

  /**
   * Scans until a network of those meant is heard, at least {@link linuxLimits.findScans} times and {@link linuxLimits.findMs}.
   *
   * @param isMeant - Whether a network is one of those.
   * @param call.ssids - Names to call, for networks that hide theirs.
   * @returns What the last scan heard, strongest first.
   */
  async lookFor(
    isMeant: (network: SeenNetwork) => boolean,
    call: Call & { readonly ssids: readonly Uint8Array[] },
  ): Promise<readonly SeenNetwork[]> {
    let seen: readonly SeenNetwork[] = [];
    // The end of a scan may be that of one which began before ours, perhaps before the network was there.
    const endMs = this.#clock.monotonicMs() + linuxLimits.findMs;
    for (let scan = 1; scan <= linuxLimits.findScans || this.#clock.monotonicMs() < endMs; scan++) {
      const startS = Math.floor(uptime()) - 1;
      await this.#scanWithin(call.ssids, call);
      // What a scan heard is told a moment after its end.
      for (let look = 1; look <= linuxLimits.scanLooks; look++) {
        seen = await this.#heardSince(startS, call);
        if (seen.some(isMeant)) return seen;
        const { scanLookMs: delayMs } = linuxLimits;
        await sleep(this.#clock, { name: "scan results", delayMs, signal: call.signal });
      }
    }
    return seen;
  }

  /** NetworkManager lists a network for minutes after it fell silent: only those heard since then are given. */
  async #heardSince(uptimeS: number, call: Call): Promise<readonly SeenNetwork[]> {
    const seen: SeenNetwork[] = [];
    for (const path of await this.#client.accessPoints(this.#device.path, call)) {
      try {
        const properties = await this.#client.getAll(path, Interface.accessPoint, call);
        const network = seenNetwork(properties);
        if (network.bssid !== "" && asNumber(properties.get("LastSeen")) >= uptimeS) seen.push(network);
      } catch (error) {
        // It went out of reach between the list and the question.
        if (!isSoftApError(error) || error.code === "CANCELED" || error.code === "WIFI_SUPPLICANT_GONE")
          throw error;
      }
    }
    return seen.toSorted((a, b) => b.rssiDbm - a.rssiDbm);
  }

  async #scanWithin(ssids: readonly Uint8Array[], call: Call): Promise<void> {
    const limit = { phase: "scan", limitMs: linuxLimits.scanTimeoutMs, signal: call.signal };
    try {
      await withTimeout(this.#clock, limit, (signal) => this.#scanOnce(ssids, signal));
    } catch (error) {
      // What a slow radio has found by now is better than nothing.
      if (!isSoftApError(error, "TIMEOUT") || call.signal.aborted) throw error;
    }
  }

  async #scanOnce(ssids: readonly Uint8Array[], signal: CancelSignal): Promise<void> {
    let finish = (): void => {};
    let isFinished = false;
    let fail = (): void => {};
    const path = this.#device.path;
    const stop = await this.#client.bus.subscribe(
      { sender: service, path, interface: Interface.properties, member: "PropertiesChanged" },
      ([name, changed]) => {
        if (name !== Interface.wireless || !asMap(changed).has("LastScan")) return;
        isFinished = true;
        finish();
      },
      { signal },
    );
    const stopListening = this.#device.listen(({ state }) => {
      if (state <= DeviceState.unavailable) fail();
    });
    try {
      await this.#client.requestScan(path, ssids, { signal });
      if (isFinished) return;
      await cancelable<void>(signal, ({ resolve, reject }) => {
        finish = () => resolve();
        fail = () => reject(softApError("WIFI_SUPPLICANT_GONE", "The radio went away during a scan"));
        return () => {};
      });
    } finally {
      stopListening();
      stop();
    }
  }
}
