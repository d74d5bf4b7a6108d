import type { SoftApOptions } from "@softap/ports";
import { formatHex, Secret } from "@softap/protocol";
import { wifiPsk } from "./network-block.ts";

/** Configuration of hostapd for a soft AP. No text of others stands in it, only hex digits. */
export async function formatHostapdConfig(options: {
  interfaceName: string;
  softAp: SoftApOptions;
  channel: number;
}): Promise<Secret> {
  const { interfaceName, softAp, channel } = options;
  const lines = [
    `interface=${interfaceName}`,
    "driver=nl80211",
    `ssid2=${formatHex(softAp.ssid)}`,
    "utf8_ssid=1",
    `hw_mode=${channel > 14 ? "a" : "g"}`,
    `channel=${channel}`,
    "ieee80211n=1",
    "wmm_enabled=1",
  ];
  if (softAp.passphrase !== undefined) {
    const psk = await wifiPsk(softAp.ssid, softAp.passphrase);
    lines.push("wpa=2", "wpa_key_mgmt=WPA-PSK", "rsn_pairwise=CCMP", `wpa_psk=${psk.reveal()}`);
  }
  return Secret.of(lines.map((line) => `${line}\n`).join(""));
}
