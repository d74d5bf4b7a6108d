import { join } from "node:path";
import { environment } from "./environment.ts";

/** A folder by its XDG variable, or where that specification puts it below the home folder. */
function xdgDirectory(variable: string, ...belowHome: readonly string[]): string | undefined {
  const given = environment[variable];
  if (given !== undefined && given.startsWith("/")) return join(given, "softap");
  const home = environment["HOME"] ?? environment["USERPROFILE"];
  return home === undefined || home === "" ? undefined : join(home, ...belowHome, "softap");
}

/** Where compiled code is kept; `undefined` when the user has no home folder. */
export function cacheDirectory(): string | undefined {
  return xdgDirectory("XDG_CACHE_HOME", ".cache");
}

/** Where the file of a logged-in account stands unless `--account-file` says otherwise. */
export function defaultAccountFile(): string {
  return join(xdgDirectory("XDG_CONFIG_HOME", ".config") ?? "softap-config", "account.json");
}

/** Where the cloud keeps its database unless `--data` says otherwise: the same place from whichever folder it is started. */
export function defaultCloudData(): string {
  return join(xdgDirectory("XDG_STATE_HOME", ".local", "state") ?? "softap-state", "cloud");
}

/** Where one device keeps what it knows unless `--state` says otherwise. */
export function defaultDeviceState(productId: string, deviceName: string): string {
  // A device name may hold characters that mean something in a path.
  const folder = `${productId}-${deviceName}`.replaceAll(/[^\w-]/g, "_");
  return join(xdgDirectory("XDG_STATE_HOME", ".local", "state") ?? "softap-state", "devices", folder);
}
