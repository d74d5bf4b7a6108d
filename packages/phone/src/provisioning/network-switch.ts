import {
  type CancelSignal,
  type Clock,
  type Log,
  neverCanceled,
  type PhoneWifi,
  withTimeout,
} from "@softap/ports";
import { asSoftApError, formatHex, type Secret, UsageError } from "@softap/protocol";
import type { PhoneLimits } from "../limits.ts";

/** What a {@link NetworkSwitch} needs. */
export interface NetworkSwitchOptions {
  readonly clock: Clock;
  readonly limits: PhoneLimits;
  readonly log: Log;
  readonly wifi: PhoneWifi | undefined;
  readonly softAp: { readonly ssid: Uint8Array; readonly passphrase: Secret | undefined } | undefined;
}

/** Brings the phone onto the soft AP and back; remembers whether there is something to bring back. */
export class NetworkSwitch {
  readonly #options: NetworkSwitchOptions;
  /** Only where there is a soft AP to join. */
  readonly #wifi: PhoneWifi | undefined;
  #isAway = false;
  #reserved: PhoneWifi | undefined;

  constructor(options: NetworkSwitchOptions) {
    this.#options = options;
    this.#wifi = options.softAp && options.wifi;
  }

  /** Whether there is a soft AP to join and a way to join it. */
  get canSwitch(): boolean {
    return this.#wifi !== undefined;
  }

  /**
   * Reserves the radio until the session ends, if {@link NetworkSwitch.canSwitch}.
   *
   * @throws {@link UsageError} `PROVISIONING_ACTIVE` while another session has it
   */
  reserve(): void {
    const wifi = this.#wifi;
    if (wifi === undefined) return;
    // Whoever came second would take the first one's device away from it.
    if (wifi.isInUse === true)
      throw new UsageError("PROVISIONING_ACTIVE", "Another provisioning uses this Wi-Fi");
    wifi.isInUse = true;
    this.#reserved = wifi;
  }

  /** Joins the soft AP, if {@link NetworkSwitch.canSwitch}. @throws {@link WifiError} of the port; {@link TimeoutError} `TIMEOUT` */
  async joinSoftAp(signal: CancelSignal): Promise<void> {
    const { clock, limits, wifi, softAp } = this.#options;
    if (wifi === undefined || softAp === undefined) return;
    // Even a join that fails may have left the former network.
    this.#isAway = true;
    const { softApTimeoutMs: limitMs } = limits;
    await withTimeout(clock, { phase: "Joining the soft AP", limitMs, signal }, (limited) =>
      wifi.joinSoftAp(softAp, { signal: limited }),
    );
  }

  /** Whether the phone is elsewhere, or on a network whose name it may not know. */
  async hasLostSoftAp(signal: CancelSignal): Promise<boolean> {
    const { wifi, softAp } = this.#options;
    const ssid = await wifi?.currentSsid({ signal });
    return ssid === undefined || softAp === undefined || formatHex(ssid) !== formatHex(softAp.ssid);
  }

  /** Goes back. A phone that cannot is told of in the log: its system or its owner will see to it. */
  async restore(signal: CancelSignal): Promise<void> {
    const { clock, limits, log } = this.#options;
    if (!this.#isAway) return;
    const { restoreTimeoutMs: limitMs } = limits;
    try {
      await withTimeout(clock, { phase: "Going home", limitMs, signal }, async (limited) =>
        this.#wifi?.restore({ signal: limited }),
      );
      this.#isAway = false;
    } catch (error) {
      log.warn("the phone's network was not restored", { code: asSoftApError(error).code });
    }
  }

  /** Goes back when that did not happen yet, whatever ended the session, and leaves the radio to the next one. */
  async restoreAtLast(): Promise<void> {
    await this.restore(neverCanceled);
    if (this.#reserved !== undefined) this.#reserved.isInUse = false;
  }
}
