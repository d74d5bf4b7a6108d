import { readdirSync, readFileSync } from "node:fs";
import { softApError } from "@softap/protocol";

/**
 * Refuses a radio that a switch has turned off.
 *
 * @throws {WifiError} `WIFI_BLOCKED`; `WIFI_INTERFACE_MISSING` when the interface is gone
 */
export function requireUnblocked(interfaceName: string): void {
  const folder = `/sys/class/net/${interfaceName}/phy80211`;
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    throw softApError("WIFI_INTERFACE_MISSING", `${interfaceName} is no Wi-Fi interface`, { cause });
  }
  for (const name of names.filter((one) => one.startsWith("rfkill"))) {
    for (const kind of ["soft", "hard"] as const) {
      if (readFileSync(`${folder}/${name}/${kind}`, "utf8").trim() !== "1") continue;
      const context = { interface: interfaceName, switch: kind };
      throw softApError("WIFI_BLOCKED", "The radio is switched off", { context });
    }
  }
}
