import type { CancelSignal } from "@softap/ports";
import type { WifiConfStepCode } from "./step-code.ts";

/** A network as the vendor's options name it. */
export interface WifiInfo {
  readonly SSID: string;
  /** Empty for an open network. */
  readonly password: string;
  readonly BSSID?: string;
}

/** What `onProgress` and `onError` get. */
export interface WifiConfEvent {
  readonly code: WifiConfStepCode;
  readonly msg?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Options of `wifiConfSoftAp.start()`, by the vendor's names. */
export interface SoftApOptions {
  /** The network that the device is to join. */
  readonly targetWifiInfo: WifiInfo;
  /** The device's soft AP; the phone is brought to it. Left out: the person has joined it already. */
  readonly softAPInfo?: WifiInfo;
  /** Bind token. @defaultValue a new one */
  readonly wifiConfToken?: string;
  /** @defaultValue "default": the account's first family, made when there is none */
  readonly familyId?: string;
  /** @defaultValue "0", the default room */
  readonly roomId?: string;
  /** @defaultValue "192.168.4.1" */
  readonly udpAddress?: string;
  /** @defaultValue 8266 */
  readonly udpPort?: number;
  /** Tries a second time when no datagram could be sent. @defaultValue false */
  readonly autoRetry?: boolean;
  /** Whether the device is tied to the family. @defaultValue true */
  readonly autoBind?: boolean;
  /** Whether the token carries its family already: then it is only waited for. @defaultValue false */
  readonly newTokenVersion?: boolean;
  /** Gives up; not of the vendor's. The failure is `WIFI_CONF_FAIL` then. */
  readonly signal?: CancelSignal;
  /** Accepted for the vendor's sake; nothing waits here. */
  readonly stepInterval?: number;
  /** Accepted for the vendor's sake; of no effect with a soft AP there either. */
  readonly extraInfo?: unknown;
  /** Accepted for the vendor's sake; of no effect with a soft AP there either. */
  readonly getDeviceExtendInfo?: unknown;
  readonly onProgress?: (event: WifiConfEvent) => void;
  /** Gets `WIFI_CONF_FAIL`; the cause stands in `detail.error.code`. */
  readonly onError?: (event: WifiConfEvent) => void;
  readonly onComplete?: (device: { readonly productId: string; readonly deviceName: string }) => void;
}
