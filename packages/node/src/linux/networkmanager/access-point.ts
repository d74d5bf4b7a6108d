import type { NetworkSecurity, SeenNetwork } from "@softap/ports";
import { bandOf, channelOf } from "../capabilities.ts";
import { asBytes, asNumber, asText, type DBusKey, type DBusValue } from "../dbus/value.ts";

const privacyFlag = 0x1;
/** NM80211ApSecurityFlags, as far as they decide. */
const KeyManagement = { psk: 0x100, enterprise: 0x200, sae: 0x400, enterpriseSuiteB: 0x2000 } as const;

/** An access point as NetworkManager's properties tell it. */
export function seenNetwork(properties: ReadonlyMap<DBusKey, DBusValue>): SeenNetwork {
  const frequencyMhz = asNumber(properties.get("Frequency"));
  return {
    ssid: asBytes(properties.get("Ssid")),
    bssid: asText(properties.get("HwAddress")).toLowerCase(),
    rssiDbm: rssiOfStrength(asNumber(properties.get("Strength"))),
    channel: channelOf(frequencyMhz),
    band: bandOf(frequencyMhz),
    security: securityOf({
      flags: asNumber(properties.get("Flags")),
      wpa: asNumber(properties.get("WpaFlags")),
      rsn: asNumber(properties.get("RsnFlags")),
    }),
  };
}

/** What an access point announces: privacy, WPA and RSN flags. */
export function securityOf(announced: { flags: number; wpa: number; rsn: number }): NetworkSecurity {
  const keys = announced.wpa | announced.rsn;
  if ((keys & KeyManagement.sae) !== 0) return (keys & KeyManagement.psk) === 0 ? "wpa3-sae" : "wpa2-wpa3";
  if ((keys & KeyManagement.psk) !== 0) return "wpa2-psk";
  if ((keys & (KeyManagement.enterprise | KeyManagement.enterpriseSuiteB)) !== 0) return "enterprise";
  return (announced.flags & privacyFlag) === 0 ? "open" : "wep";
}

/** Undoes NetworkManager's percentage: 100 is −40 dBm or more, 30 is −90 dBm or less. */
export function rssiOfStrength(percent: number): number {
  return Math.round(-40 - (100 - percent) / 1.4);
}
