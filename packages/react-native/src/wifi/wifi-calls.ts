import { type CancelSignal, type Clock, type Log, throwIfCanceled, withTimeout } from "@softap/ports";
import { asSoftApError } from "@softap/protocol";
import { cancelable } from "../cancelable.ts";
import { reactNativeLimits } from "../limits.ts";
import type { NativeWifi } from "./native-wifi.ts";
import { wifiError } from "./wifi-error.ts";

/** What {@link WifiCalls} needs. */
export interface WifiCallsOptions {
  readonly wifi: NativeWifi;
  /** They do everything but the joining differently. */
  readonly system: "android" | "ios";
  readonly clock: Clock;
  readonly log: Log;
}

/** The module's calls for one purpose each, the same for both systems. */
export class WifiCalls {
  readonly #options: WifiCallsOptions;

  constructor(options: WifiCallsOptions) {
    this.#options = options;
  }

  /**
   * Asks the system to join.
   *
   * @param options.onLate - Called when the system joined although the signal had fired: it cannot be called back.
   * @returns Also how to wait for the end of the native call, which outlives the signal.
   */
  connect(
    network: { readonly ssid: string; readonly password: string | null },
    options: { readonly signal: CancelSignal; readonly onLate: () => void },
  ): { readonly joined: Promise<void>; readonly over: Promise<void> } {
    const { wifi } = this.#options;
    const { signal, onLate } = options;
    const connecting = settled(() =>
      wifi.connectToProtectedWifiSSID({
        ...network,
        isWEP: false,
        isHidden: false,
        timeout: reactNativeLimits.connectTimeoutS,
      }),
    );
    const joined = this.#watched(connecting, { signal, onLate, what: "The soft AP was not joined" });
    return { joined: joined.then(ignore), over: connecting.then(ignore, ignore) };
  }

  /** Name of the network that the phone is on; `undefined` when it is on none or the app may not know. */
  async currentName(signal: CancelSignal): Promise<string | undefined> {
    const { wifi } = this.#options;
    try {
      const looking = settled(() => wifi.getCurrentWifiSSID());
      const name = await this.#watched(looking, { signal, what: "The network was not seen" });
      // Some Androids quote it, and have a text of their own for a name that is not told.
      const bare = /^"(.*)"$/s.exec(name)?.[1] ?? name;
      return bare === "" || bare === "<unknown ssid>" ? undefined : bare;
    } catch {
      throwIfCanceled(signal);
      return undefined;
    }
  }

  /**
   * Ties the app to the Wi-Fi network, where the system would send its datagrams by mobile data. A tie that does not come
   * about in time is logged: the system may have made one by itself when it joined.
   *
   * @param onLate - Called when it came about after all, with nobody waiting.
   */
  async tie(signal: CancelSignal, onLate: () => void): Promise<void> {
    const { wifi, system } = this.#options;
    if (system === "ios") return;
    const tying = settled(() => wifi.forceWifiUsageWithOptions(true, { noInternet: true }));
    await this.#tried("app not tied to the soft AP", signal, (limited) =>
      this.#watched(tying, { signal: limited, onLate, what: "The app was not tied to the soft AP" }),
    );
  }

  /** Lets go of the soft AP in every way that the system knows. What fails is logged. */
  async leave(ssid: string, signal: CancelSignal): Promise<void> {
    const { wifi, system } = this.#options;
    const calls =
      system === "ios"
        ? [() => wifi.disconnectFromSSID(ssid)]
        : [
            () => wifi.forceWifiUsageWithOptions(false, { noInternet: false }),
            () => wifi.disconnect(),
            () => wifi.isRemoveWifiNetwork(ssid),
          ];
    for (const call of calls)
      await this.#tried("soft AP not left in one of the ways", signal, (limited) =>
        this.#watched(settled(call), { signal: limited, what: "The soft AP was not left" }),
      );
  }

  async #tried(
    failed: string,
    signal: CancelSignal,
    work: (limited: CancelSignal) => Promise<unknown>,
  ): Promise<void> {
    const { clock, log } = this.#options;
    const limitMs = reactNativeLimits.bindTimeoutMs;
    try {
      await withTimeout(clock, { phase: "wifi call", limitMs, signal }, work);
    } catch (error) {
      throwIfCanceled(signal);
      log.warn(failed, { code: asSoftApError(error).code });
    }
  }

  async #watched<T>(
    work: Promise<T>,
    options: { readonly signal: CancelSignal; readonly onLate?: () => void; readonly what: string },
  ): Promise<T> {
    const { signal, onLate, what } = options;
    try {
      return await cancelable<T>(signal, ({ resolve, reject }) => {
        work.then((value) => {
          if (signal.aborted) onLate?.();
          else resolve(value);
        }, reject);
      });
    } catch (error) {
      throwIfCanceled(signal);
      throw wifiError(error, what);
    }
  }
}

/** Native calls may throw where they should reject: where a method does not exist, for one. */
async function settled<T>(call: () => Promise<T>): Promise<T> {
  return call();
}

function ignore(): void {}
