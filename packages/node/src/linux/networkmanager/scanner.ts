import { randomUUID } from "node:crypto";
import { uptime } from "node:os";
import { type CancelSignal, type Clock, type Log, type SeenNetwork, sleep, withTimeout } from "@softap/ports";
import { isSoftApError, softApError } from "@softap/protocol";
import type { Call } from "../call.ts";
import { cancelable } from "../../cancelable.ts";
import { strongest } from "../credentials-check.ts";
import { asMap, asNumber } from "../dbus/value.ts";
import { linuxLimits } from "../limits.ts";
import { tidy } from "../tidy.ts";
import { seenNetwork } from "./access-point.ts";
import type { NetworkManagerClient } from "./client.ts";
import type { NetworkManagerDevice } from "./device.ts";
import { DeviceState, Interface, service } from "./names.ts";
import { type ProfileRole, stationProfile } from "./profile.ts";
import { isScanning } from "./supplicant.ts";

/** What a {@link NetworkManagerScanner} is made of. */
export interface NetworkManagerScannerOptions {
  readonly client: NetworkManagerClient;
  readonly device: NetworkManagerDevice;
  readonly clock: Clock;
  readonly log: Log;
  /** Role of the profiles that it needs for a while. @defaultValue "station" */
  readonly role?: ProfileRole;
  /** Whose they are. @defaultValue everybody's */
  readonly owner?: string | undefined;
}

/** Scans through NetworkManager. */
export class NetworkManagerScanner {
  readonly #options: NetworkManagerScannerOptions;

  constructor(options: NetworkManagerScannerOptions) {
    this.#options = options;
  }

  /** Networks heard lately, strongest first, without a new scan. */
  known(call: Call): Promise<readonly SeenNetwork[]> {
    return this.#heardSince(Math.floor(uptime()) - linuxLimits.heardWithinS, call);
  }

  /** Networks heard lately, strongest first, after a scan over every channel. */
  async scan(call: Call): Promise<readonly SeenNetwork[]> {
    const { client, device } = this.#options;
    const isUnderWay = await isScanning(client, device.interfaceName, call);
    await this.#scanWithin(call);
    // One that was under way may have passed the channel of a network before it was there.
    if (isUnderWay) await this.#scanWithin(call);
    return this.known(call);
  }

  /**
   * Looks for one network, also for one that hides its name. The scan costs a join nothing: without it the supplicant scans.
   *
   * @param call.hasProfile - Whether NetworkManager has a profile of it, and calls its name anyway. @defaultValue false
   * @returns Its strongest access point, or `undefined` when it was not heard; see {@link NetworkManagerScanner.lookFor}.
   */
  async find(
    network: { ssid: Uint8Array; bssid?: string },
    call: Call & { readonly hasProfile?: boolean },
  ): Promise<SeenNetwork | undefined> {
    const isMeant = (one: SeenNetwork): boolean => strongest([one], network) !== undefined;
    const { signal, hasProfile = false } = call;
    const seen = await this.lookFor(isMeant, { signal, ...(hasProfile ? {} : { ssid: network.ssid }) });
    return strongest(seen, network);
  }

  /**
   * Scans until a network of those meant is heard, at least {@link linuxLimits.findScans} times and {@link linuxLimits.findMs}.
   *
   * @param isMeant - Whether a network is one of those.
   * @param call.ssid - A name to call, for a network that hides it.
   * @returns What the last scan heard, strongest first.
   */
  async lookFor(
    isMeant: (network: SeenNetwork) => boolean,
    call: Call & { readonly ssid?: Uint8Array },
  ): Promise<readonly SeenNetwork[]> {
    const { ssid, signal } = call;
    const endMs = this.#options.clock.monotonicMs() + linuxLimits.findMs;
    const seen = await this.#look(isMeant, { signal });
    if (seen.some(isMeant)) return seen;
    if (ssid === undefined) return this.#lookUntil(endMs, isMeant, { signal });
    return this.#calling(ssid, { signal }, () => this.#lookUntil(endMs, isMeant, { signal }));
  }

  /** NetworkManager calls the hidden networks that it has a profile of: this one is there for no other reason. */
  async #calling<T>(ssid: Uint8Array, call: Call, work: () => Promise<T>): Promise<T> {
    const { client, device, role, owner } = this.#options;
    const profile = stationProfile({
      uuid: randomUUID(),
      interfaceName: device.interfaceName,
      network: { ssid, passphrase: undefined },
      security: "open",
      generation: undefined,
      ...(role === undefined ? {} : { role }),
      ...(owner === undefined ? {} : { owner }),
    });
    const path = await client.addProfile(profile, call);
    try {
      return await work();
    } finally {
      await tidy("profile", this.#options, (late) => client.deleteProfile(path, late));
    }
  }

  async #lookUntil(
    endMs: number,
    isMeant: (network: SeenNetwork) => boolean,
    call: Call,
  ): Promise<readonly SeenNetwork[]> {
    let seen: readonly SeenNetwork[] = [];
    for (let scan = 2; scan <= linuxLimits.findScans || this.#options.clock.monotonicMs() < endMs; scan++) {
      seen = await this.#look(isMeant, call);
      if (seen.some(isMeant)) break;
    }
    return seen;
  }

  /** One scan, or the end of one that began before. */
  async #look(isMeant: (network: SeenNetwork) => boolean, call: Call): Promise<readonly SeenNetwork[]> {
    const startS = Math.floor(uptime()) - 1;
    await this.#scanWithin(call);
    let seen: readonly SeenNetwork[] = [];
    // What a scan heard is told a moment after its end.
    for (let look = 1; look <= linuxLimits.scanLooks; look++) {
      seen = await this.#heardSince(startS, call);
      if (seen.some(isMeant)) break;
      const { scanLookMs: delayMs } = linuxLimits;
      await sleep(this.#options.clock, { name: "scan results", delayMs, signal: call.signal });
    }
    return seen;
  }

  /** NetworkManager lists a network for minutes after it fell silent: only those heard since then are given. */
  async #heardSince(uptimeS: number, call: Call): Promise<readonly SeenNetwork[]> {
    const seen: SeenNetwork[] = [];
    const { client, device } = this.#options;
    for (const path of await client.accessPoints(device.path, call)) {
      try {
        const properties = await client.getAll(path, Interface.accessPoint, call);
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

  async #scanWithin(call: Call): Promise<void> {
    const limit = { phase: "scan", limitMs: linuxLimits.scanTimeoutMs, signal: call.signal };
    try {
      await withTimeout(this.#options.clock, limit, (signal) => this.#scanOnce(signal));
    } catch (error) {
      // What a slow radio has found by now is better than nothing.
      if (!isSoftApError(error, "TIMEOUT") || call.signal.aborted) throw error;
    }
  }

  /** Asks for a scan; resolves at the end of the next one, perhaps of one that was under way. */
  async #scanOnce(signal: CancelSignal): Promise<void> {
    let finish = (): void => {};
    let isFinished = false;
    let fail = (): void => {};
    const { client, device } = this.#options;
    const { path } = device;
    const stop = await client.bus.subscribe(
      { sender: service, path, interface: Interface.properties, member: "PropertiesChanged" },
      ([name, changed]) => {
        if (name !== Interface.wireless || !asMap(changed).has("LastScan")) return;
        isFinished = true;
        finish();
      },
      { signal },
    );
    const stopListening = device.listen(({ state }) => {
      if (state <= DeviceState.unavailable) fail();
    });
    try {
      await client.requestScan(path, { signal });
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
