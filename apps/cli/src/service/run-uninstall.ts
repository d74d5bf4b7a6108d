import type { Command } from "commander";
import { printItem } from "../admin/output.ts";
import type { CommonOptions } from "../config/common-options.ts";
import { hasUser, installedFiles, installedPaths } from "./installation.ts";
import { TargetSystem } from "./target-system.ts";
import { unitName } from "./unit.ts";

/** What `softap device uninstall` takes beside the options of the device. */
interface UninstallOptions {
  readonly purge?: boolean;
  readonly root: string;
}

/**
 * Removes what `softap device install` wrote. What the device knows stays, unless it shall be forgotten.
 *
 * @param self - `softap device uninstall`.
 * @throws {TransportError} `PERMISSION_DENIED`
 */
export async function runUninstall(self: Command): Promise<void> {
  const { root, purge = false } = self.opts<UninstallOptions>();
  const options = (self.parent ?? self).opts<CommonOptions>();
  const system = new TargetSystem(root);
  const user = /^u (\S+) /.exec((await system.read(installedPaths.sysusers)) ?? "")?.[1];
  const present = installedFiles.filter((path) => system.has(path));
  if (system.hasRunningSystemd && system.has(installedPaths.unit))
    await system.run("systemctl", ["disable", "--now", unitName]);
  for (const path of present) await system.remove(path);
  await system.removeIfEmpty(installedPaths.folder);
  if (system.hasRunningSystemd) await system.run("systemctl", ["daemon-reload"]);
  await system.remove(installedPaths.cache, { isFolder: true });
  if (purge) await forget(system, user);
  const keepsState = system.has(installedPaths.state);
  printItem(
    "uninstalled",
    { removed: present.join(", "), state: keepsState ? installedPaths.state : null },
    options,
  );
}

/** The state, and the user whom only the service needed. */
async function forget(system: TargetSystem, user: string | undefined): Promise<void> {
  await system.remove(installedPaths.state, { isFolder: true });
  const users = (await system.read("/etc/passwd")) ?? "";
  if (user === undefined || !hasUser(users, user)) return;
  const prefix = system.isRunning ? [] : ["--prefix", system.pathOf("/")];
  await system.run("userdel", [...prefix, user]);
}
