import type { Band, NetworkSecurity, SeenNetwork } from "@softap/ports";
import { decodeUtf8, encodeUtf8, equalBytes } from "@softap/protocol";
import { personLimits } from "./limits.ts";

/** What may keep a device off a network. Sentences for people: `warningText()` of `@softap/phone/texts`. */
export type NetworkWarningCode =
  /** The name is not UTF-8 and cannot be sent to a device. */
  | "SSID_NOT_UTF8"
  /** The name begins or ends with a space that no scan confirms. */
  | "SSID_EDGE_SPACE"
  /** The network does not tell its name: a typing error shows only when the device fails. */
  | "NETWORK_HIDDEN"
  /** The phone does not hear it. */
  | "NETWORK_NOT_SEEN"
  /** None of its access points sends on a band of the device; with most devices: it is 5 GHz only. */
  | "BAND_UNSUPPORTED"
  | "SECURITY_ENTERPRISE"
  | "SECURITY_WEP"
  /** WPA3 alone, which the device cannot. */
  | "SECURITY_WPA3_ONLY"
  /** Anybody can read what is not encrypted otherwise. */
  | "SECURITY_OPEN"
  | "SIGNAL_WEAK";

/** Something to tell before the device tries. */
export interface NetworkWarning {
  readonly code: NetworkWarningCode;
  /** The device cannot join, whatever the person does except choosing or changing the network. */
  readonly isBlocking: boolean;
}

/** A network that was typed, scanned from a code, or chosen from a list. */
export interface NetworkToCheck {
  readonly ssid: string | Uint8Array;
  /** As a code told it; what a scan saw counts more. */
  readonly security?: NetworkSecurity;
  /** As a code told it. @defaultValue false */
  readonly isHidden?: boolean;
  /** What the phone hears, other networks as well. Left out or empty where it may not scan, as on iOS. */
  readonly seen?: readonly SeenNetwork[];
}

/** What is known of the device's radio. */
export interface DeviceRadio {
  /** @defaultValue 2.4 GHz alone, as most devices */
  readonly bands?: readonly Band[];
  /** Whether it can join WPA3 alone. @defaultValue true: a device that cannot says so itself */
  readonly sae?: boolean;
}

const unusable: Partial<Record<NetworkSecurity, NetworkWarningCode>> = {
  enterprise: "SECURITY_ENTERPRISE",
  wep: "SECURITY_WEP",
};

/**
 * Tells what speaks against a network before the phone goes offline for it.
 *
 * @returns What keeps the device off for certain first; empty when nothing speaks against it.
 */
export function networkWarnings(
  network: NetworkToCheck,
  device: DeviceRadio = {},
): readonly NetworkWarning[] {
  const { seen = [], isHidden = false } = network;
  const { bands = ["2.4GHz"] } = device;
  const ssid = typeof network.ssid === "string" ? encodeUtf8(network.ssid) : network.ssid;
  const points = seen.filter((point) => equalBytes(point.ssid, ssid));
  const reachable = points.filter((point) => bands.includes(point.band));
  const name = decodeUtf8(ssid);
  const codes: (NetworkWarningCode | undefined)[] = [
    name === undefined ? "SSID_NOT_UTF8" : undefined,
    points.length > 0 && reachable.length === 0 ? "BAND_UNSUPPORTED" : undefined,
    securityWarning(reachable.length > 0 ? reachable : points, network.security, device),
    name !== undefined && name.trim() !== name && points.length === 0 ? "SSID_EDGE_SPACE" : undefined,
    absenceWarning(points, seen, isHidden),
    isWeak(reachable) ? "SIGNAL_WEAK" : undefined,
  ];
  return codes
    .filter((code) => code !== undefined)
    .map((code) => ({ code, isBlocking: blocking.has(code) }))
    .toSorted((a, b) => Number(b.isBlocking) - Number(a.isBlocking));
}

const blocking: ReadonlySet<NetworkWarningCode> = new Set([
  "SSID_NOT_UTF8",
  "BAND_UNSUPPORTED",
  "SECURITY_ENTERPRISE",
  "SECURITY_WEP",
  "SECURITY_WPA3_ONLY",
]);

/** One access point that the device can use is enough: the strongest one is blamed when there is none. */
function securityWarning(
  points: readonly SeenNetwork[],
  told: NetworkSecurity | undefined,
  { sae = true }: DeviceRadio,
): NetworkWarningCode | undefined {
  const strongestFirst = points.toSorted((a, b) => b.rssiDbm - a.rssiDbm).map(({ security }) => security);
  const securities = strongestFirst.length > 0 ? strongestFirst : told === undefined ? [] : [told];
  const reasonAgainst = (security: NetworkSecurity): NetworkWarningCode | undefined =>
    security === "wpa3-sae" && !sae ? "SECURITY_WPA3_ONLY" : unusable[security];
  const usable = securities.filter((security) => reasonAgainst(security) === undefined);
  const [first] = securities;
  if (usable.length === 0) return first && reasonAgainst(first);
  return usable.every((security) => security === "open") ? "SECURITY_OPEN" : undefined;
}

function absenceWarning(
  points: readonly SeenNetwork[],
  seen: readonly SeenNetwork[],
  isHidden: boolean,
): NetworkWarningCode | undefined {
  if (points.length > 0) return undefined;
  if (isHidden) return "NETWORK_HIDDEN";
  // Without a scan there is nothing to say. A network without a name on the air may be the one.
  if (seen.length === 0) return undefined;
  return seen.some(({ ssid }) => ssid.length === 0) ? "NETWORK_HIDDEN" : "NETWORK_NOT_SEEN";
}

function isWeak(points: readonly SeenNetwork[]): boolean {
  return points.length > 0 && points.every(({ rssiDbm }) => rssiDbm < personLimits.weakSignalDbm);
}
