import { defaultConfigFile } from "../config/device-config.ts";
import { stateDirectory, unitName } from "./unit.ts";

/** Where the parts of an installed service stand. */
export const installedPaths = {
  folder: "/etc/softap",
  config: defaultConfigFile,
  unit: `/etc/systemd/system/${unitName}`,
  sysusers: "/etc/sysusers.d/softap.conf",
  polkitRule: "/etc/polkit-1/rules.d/50-softap.rules",
  state: `/var/lib/${stateDirectory}`,
  cache: `/var/cache/${stateDirectory}`,
} as const;

/** Files that an installation may have written; each is ours alone. */
export const installedFiles: readonly string[] = [
  installedPaths.unit,
  installedPaths.config,
  installedPaths.sysusers,
  installedPaths.polkitRule,
];

/** Whether the text of a user database names a user. */
export function hasUser(users: string, name: string): boolean {
  return users.split("\n").some((line) => line.startsWith(`${name}:`));
}
