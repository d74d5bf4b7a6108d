import type { Band, SeenNetwork } from "@softap/ports";
import { encodeUtf8 } from "@softap/protocol";
import type { SeenWifi } from "../app-wx.ts";

/** What Android counts as no signal and as a full one, dBm. Source: `WifiManager.calculateSignalLevel`. */
const noSignalDbm = -100;
const fullSignalDbm = -55;

/**
 * A network as `wx` tells it, in our terms.
 *
 * What old libraries do not tell is taken for harmless, and any protection for WPA2, because `wx` does not tell which: a
 * warning without a reason would be worse than none.
 */
export function seenNetworkOf(wifi: SeenWifi): SeenNetwork {
  const { SSID, BSSID = "", secure = true, signalStrength = 100, frequency = 2_412 } = wifi;
  return {
    ssid: encodeUtf8(SSID),
    bssid: BSSID,
    rssiDbm: Math.round(noSignalDbm + ((fullSignalDbm - noSignalDbm) * signalStrength) / 100),
    ...channelOf(frequency),
    security: secure ? "wpa2-psk" : "open",
  };
}

/** Source: IEEE 802.11, channel starting frequencies of the three bands. */
function channelOf(frequencyMhz: number): { readonly band: Band; readonly channel: number } {
  if (frequencyMhz === 2_484) return { band: "2.4GHz", channel: 14 };
  if (frequencyMhz < 3_000) return { band: "2.4GHz", channel: (frequencyMhz - 2_407) / 5 };
  if (frequencyMhz < 5_950) return { band: "5GHz", channel: (frequencyMhz - 5_000) / 5 };
  return { band: "6GHz", channel: (frequencyMhz - 5_950) / 5 };
}
