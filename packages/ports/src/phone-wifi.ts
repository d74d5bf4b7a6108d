import type { Secret } from "@softap/protocol";
import type { CancelSignal } from "./cancel.ts";

/** The phone's own Wi-Fi: joins the device's soft AP and goes back. A world without it leaves the switching to the person. */
export interface PhoneWifi {
  /** SSID of the network that the phone is on, if it is on one and may know. */
  currentSsid(options: { signal: CancelSignal }): Promise<Uint8Array | undefined>;
  /**
   * Joins the soft AP.
   *
   * @throws {WifiError} `WIFI_AUTH_FAILED`, `WIFI_NOT_FOUND`, `WIFI_JOIN_TIMEOUT`; {UsageError} `PERMISSION_DENIED`
   */
  joinSoftAp(
    network: { ssid: Uint8Array; passphrase: Secret | undefined },
    options: { signal: CancelSignal },
  ): Promise<void>;
  /** Leaves the soft AP and resolves when the phone's former network carries data again. Idempotent. */
  restore(options: { signal: CancelSignal }): Promise<void>;
  /** Whether a provisioning has it: that sets and clears this. A phone is on one network, so a second one is refused. */
  isInUse?: boolean;
}
