import type { DeviceCommandOptions } from "../commands/device.ts";
import type { Machine } from "../doctor/machine.ts";

/** Name of the profile that the device keeps at NetworkManager. */
const profileName = "softap station";

/**
 * Whether the device keeps a network; `undefined` when this user may not know.
 *
 * @param hasVirtualNetwork - What the saved state says of a virtual radio.
 */
export async function hasKeptNetwork(
  options: Pick<DeviceCommandOptions, "wifi" | "interface">,
  hasVirtualNetwork: boolean,
  machine: Machine,
): Promise<boolean | undefined> {
  const { wifi, interface: interfaceName } = options;
  if (wifi === "virtual") return hasVirtualNetwork;
  if (wifi !== "wpa") {
    const listed = await machine.run("nmcli", ["-g", "NAME", "connection", "show"]);
    if (listed?.exitCode === 0) return listed.stdout.split("\n").includes(profileName);
    if (wifi === "networkmanager") return undefined;
  }
  const folder = "/etc/wpa_supplicant";
  const file = `wpa_supplicant-${interfaceName}.conf`;
  if (!(await machine.list(folder)).includes(file)) return false;
  return (await machine.readText(`${folder}/${file}`))?.includes("network={");
}
