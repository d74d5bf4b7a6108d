import type { Secret } from "@softap/protocol";
import type { CancelSignal } from "./cancel.ts";

/** How a network protects itself. `enterprise` (802.1X) and `wep` can be seen but not joined. */
export type NetworkSecurity = "open" | "wep" | "wpa2-psk" | "wpa2-wpa3" | "wpa3-sae" | "enterprise";

/** A frequency band. */
export type Band = "2.4GHz" | "5GHz" | "6GHz";

/** A network as a scan saw it. */
export interface SeenNetwork {
  /** 1–32 bytes; empty when hidden. */
  readonly ssid: Uint8Array;
  /** MAC address of the access point, `aa:bb:cc:dd:ee:ff`. */
  readonly bssid: string;
  /** dBm, −100 (faint) to −20 (beside it). */
  readonly rssiDbm: number;
  readonly channel: number;
  readonly band: Band;
  readonly security: NetworkSecurity;
}

/** What is needed to join a network. */
export interface NetworkCredentials {
  /** 1–32 bytes. */
  readonly ssid: Uint8Array;
  /** 8–63 characters, or 64 hex digits of key; `undefined` for an open network. */
  readonly passphrase: Secret | undefined;
  /** Restricts the join to one access point. */
  readonly bssid?: string;
}

/** What a joined station holds. */
export interface StationLease {
  readonly ssid: Uint8Array;
  /** Own IPv4 address. */
  readonly address: string;
  readonly rssiDbm: number;
  readonly channel: number;
}

/** Where the station is. */
export type StationStatus =
  | { readonly state: "idle" }
  | { readonly state: "joining" }
  | { readonly state: "joined"; readonly lease: StationLease };

/** The device as a Wi-Fi client. One join at a time; a new one replaces the current network only when it succeeded or failed by itself. */
export interface Station {
  readonly status: StationStatus;
  /**
   * Networks in reach, strongest first, at least one full pass over every channel.
   *
   * @throws {WifiError} `WIFI_BLOCKED`, `WIFI_INTERFACE_MISSING`, `WIFI_UNMANAGED`, `WIFI_SUPPLICANT_GONE`
   */
  scan(options: { signal: CancelSignal }): Promise<readonly SeenNetwork[]>;
  /**
   * Joins a network and waits until it has an address. Nothing is written: after a restart the kept network counts.
   *
   * @param options.timeoutMs - Whole join including DHCP, milliseconds.
   * @throws {WifiError} `WIFI_AUTH_FAILED`, `WIFI_NOT_FOUND`, `WIFI_TOO_WEAK`, `WIFI_REFUSED`, `WIFI_NO_ADDRESS`,
   * `WIFI_JOIN_TIMEOUT`, `WIFI_UNSUPPORTED_SECURITY`, `WIFI_BLOCKED`, `WIFI_INTERFACE_MISSING`, `WIFI_UNMANAGED`, `WIFI_SUPPLICANT_GONE`
   * @throws {CanceledError} when `options.signal` fires; the station is left disconnected
   */
  join(
    network: NetworkCredentials,
    options: { timeoutMs: number; signal: CancelSignal },
  ): Promise<StationLease>;
  /** Makes the network joined last the one that survives a restart, in one atomic step. @throws {WifiError} `WIFI_NOT_JOINED`; {StoreError} */
  keep(options: { signal: CancelSignal }): Promise<void>;
  /** SSID of the kept network. */
  keptSsid(options: { signal: CancelSignal }): Promise<Uint8Array | undefined>;
  /** Joins the kept network. @throws like {@link Station.join}, and {WifiError} `WIFI_NOTHING_KEPT` */
  joinKept(options: { timeoutMs: number; signal: CancelSignal }): Promise<StationLease>;
  /** Disconnects; what is kept stays kept. */
  leave(options: { signal: CancelSignal }): Promise<void>;
  /** Forgets the kept network (factory reset) and disconnects. */
  forget(options: { signal: CancelSignal }): Promise<void>;
  /** Called when a joined network is lost without our doing. */
  onLost: (() => void) | undefined;
}

/** What the soft AP looks like. */
export interface SoftApOptions {
  /** 1–32 bytes. */
  readonly ssid: Uint8Array;
  /** 8–63 characters; `undefined` opens a network without protection. */
  readonly passphrase: Secret | undefined;
  /** 1–13; 0 lets the radio choose. @defaultValue 0 */
  readonly channel?: number;
  /** Own address on the soft AP; its /24 is served by DHCP. @defaultValue "192.168.4.1" */
  readonly address?: string;
  /** URL of the device's captive portal API (RFC 8908); a radio that has a say in DHCP gives it to phones as option 114 (RFC 8910). */
  readonly portalUrl?: string;
  /**
   * Whether the device answers names itself, on UDP port 53 of its address: a radio that has a say in DHCP names it as the
   * name server, and answers no names of its own. @defaultValue false
   */
  readonly answersNames?: boolean;
}

/** The network that the device opens for the phone. */
export interface SoftAp {
  readonly isUp: boolean;
  /** Phones joined now. */
  readonly stationCount: number;
  /** Called when a phone joined or left. */
  onStationCount: ((count: number) => void) | undefined;
  /**
   * Resolves when phones can join. A running soft AP with the same options is left alone.
   *
   * @throws {WifiError} `SOFTAP_START_FAILED`, `WIFI_BLOCKED`, …; {TransportError} `ADDRESS_RANGE_IN_USE` when another interface
   * is in the network of `options.address`; nothing was started then
   */
  start(options: SoftApOptions, call: { signal: CancelSignal }): Promise<void>;
  /** Idempotent. */
  stop(options: { signal: CancelSignal }): Promise<void>;
}

/** What the hardware can do. */
export interface RadioCapabilities {
  /** Whether the soft AP can stay up while the station joins. */
  readonly softApWhileStation: boolean;
  readonly bands: readonly Band[];
  /** Whether WPA3-SAE networks can be joined. */
  readonly sae: boolean;
}

/** One Wi-Fi radio with its two roles. */
export interface Radio {
  readonly capabilities: RadioCapabilities;
  readonly station: Station;
  readonly softAp: SoftAp;
}
