import type { NetworkSecurity, SeenNetwork } from "@softap/ports";
import { bandOf, channelOf } from "../capabilities.ts";

/** Reads the reply to `scan_results`: a heading, then address, MHz, dBm, flags and SSID, separated by tabs. */
export function parseScanResults(text: string): readonly SeenNetwork[] {
  const seen: SeenNetwork[] = [];
  for (const line of text.split("\n")) {
    const match = /^((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\t(\d+)\t(-?\d+)\t(\S*)\t(.*)$/.exec(line);
    if (match === null) continue;
    const [, bssid = "", mhz = "", rssi = "", flags = "", ssid = ""] = match;
    seen.push({
      ssid: parseEscapedSsid(ssid),
      bssid,
      rssiDbm: Number(rssi),
      channel: channelOf(Number(mhz)),
      band: bandOf(Number(mhz)),
      security: securityOfFlags(flags),
    });
  }
  return seen.toSorted((a, b) => b.rssiDbm - a.rssiDbm);
}

/** What the flags of a scan result announce: `[WPA2-PSK+SAE-CCMP][ESS]`, for example. */
export function securityOfFlags(flags: string): NetworkSecurity {
  const hasSae = flags.includes("SAE");
  const hasPsk = /PSK/.test(flags);
  if (hasSae) return hasPsk ? "wpa2-wpa3" : "wpa3-sae";
  if (hasPsk) return "wpa2-psk";
  if (flags.includes("EAP")) return "enterprise";
  return flags.includes("WEP") ? "wep" : "open";
}

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, e: 27, '"': 34, "\\": 92 };

/** Bytes of an SSID as the supplicant prints it: what is not printable ASCII stands as `\xNN` or a short escape. */
export function parseEscapedSsid(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character !== "\\") {
      bytes.push(...Buffer.from(character));
      continue;
    }
    const hex = /^x([0-9a-fA-F]{2})/.exec(text.slice(at + 1))?.[1];
    if (hex !== undefined) {
      bytes.push(Number.parseInt(hex, 16));
      at += 3;
      continue;
    }
    bytes.push(escapes[text.charAt(at + 1)] ?? 92);
    if (text.charAt(at + 1) in escapes) at += 1;
  }
  // A hidden network's name is announced as nothing or as zeros.
  return bytes.every((byte) => byte === 0) ? new Uint8Array() : Uint8Array.from(bytes);
}
