import { existsSync, readdirSync } from "node:fs";

const folder = "/sys/class/net";

/** Names of the Wi-Fi interfaces of this computer. */
export function wifiInterfaces(): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(`${folder}/${name}/phy80211`))
    .toSorted();
}
