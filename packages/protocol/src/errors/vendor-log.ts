import type { ErrorCode } from "./codes.ts";
import { vendorErrorTexts, vendorPairs } from "./vendor-pairs.ts";

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
  const [id, defaultSubId] = vendorPairs[code] ?? [3, 103];
  return { id, subId: subId ?? defaultSubId };
}
