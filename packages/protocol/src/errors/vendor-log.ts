import { type ErrorCode, type ErrorEntry, errorRegistry, vendorErrorTexts } from "./registry.ts";

/** An error as the vendor numbers it: id 0–27 and a sub id (errno, return code, cloud code …). */
export interface VendorError {
  readonly id: number;
  readonly subId: number;
}

/** `WIFI connect error! (10, 202)`: the text that v2.0 phones get in `log`. */
export function formatVendorLog({ id, subId }: VendorError): string {
  return `${vendorErrorTexts[id] ?? "Unknown error!"} (${id}, ${subId})`;
}

/** Reads the pair at the end of a vendor log text; older firmware writes other words before it. */
export function parseVendorLog(log: string): VendorError | undefined {
  const match = /\(\s*(\d{1,3})\s*,\s*(-?\d{1,10})\s*\)\s*$/.exec(log);
  return match === null ? undefined : { id: Number(match[1]), subId: Number(match[2]) };
}

/** The vendor's numbers of one of our codes; an error that has none of its own is "WIFI boarding stop! (3, 103)". */
export function vendorErrorOf(code: ErrorCode, subId?: number): VendorError {
  const [id, defaultSubId] = (errorRegistry[code] as ErrorEntry).vendor ?? [3, 103];
  return { id, subId: subId ?? defaultSubId };
}

/** What an id means in our words when the sub id says nothing more. Sub ids differ between firmwares, ids do not. */
const codeOfId: Readonly<Record<number, ErrorCode>> = {
  1: "CLOUD_UNREACHABLE",
  2: "DATAGRAM_NOT_JSON",
  3: "SESSION_EXPIRED",
  6: "WIFI_INTERFACE_MISSING",
  7: "SOFTAP_START_FAILED",
  8: "WIFI_SUPPLICANT_GONE",
  9: "SOFTAP_START_FAILED",
  10: "WIFI_JOIN_TIMEOUT",
  11: "WIFI_LOST",
  12: "WIFI_JOIN_TIMEOUT",
  16: "ADDRESS_IN_USE",
  23: "MQTT_LOST",
  24: "BIND_REFUSED",
  25: "BIND_REPLY_TIMEOUT",
  26: "BIND_REFUSED",
  27: "REGISTRATION_INVALID",
};

/** Our code for a vendor error: an exact pair of the registry first, then the id, then `INTERNAL`. */
export function errorCodeOfVendor({ id, subId }: VendorError): ErrorCode {
  for (const [code, entry] of Object.entries(errorRegistry) as [ErrorCode, ErrorEntry][])
    if (entry.vendor?.[0] === id && entry.vendor[1] === subId) return code;
  return codeOfId[id] ?? "INTERNAL";
}
