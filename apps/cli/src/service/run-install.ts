import { UsageError } from "@softap/protocol";
import type { Command } from "commander";
import { realpath } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { printItem } from "../admin/output.ts";
import { type DeviceCommandOptions, requireIdentity } from "../commands/device.ts";
import { applyConfig, type ConfigEntries, formatConfig, parseConfig } from "../config/device-config.ts";
import { readCredentials, readSoftApPassphrase } from "../device/settings.ts";
import { hasUser, installedPaths } from "./installation.ts";
import { formatPolkitRule } from "./polkit-rule.ts";
import { TargetSystem } from "./target-system.ts";
import { formatUnit, unitName, type UnitOptions } from "./unit.ts";

/** What `softap device install` takes beside the options of the device. */
interface InstallOptions {
  readonly user?: string;
  readonly start: boolean;
  readonly root: string;
}

/** An option of the device, and the absolute path that it has. */
type NamedFile = UnitOptions["files"][number];

/** Where programs of a system stand. */
const programFolders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

/** User of the service unless somebody else is named. */
const ownUser = "softap";

/** Options whose file the device writes: a copy that systemd hands on would be of no use. */
const writtenFiles: readonly string[] = ["--properties"];

/** Version that is assumed where systemd does not tell: Debian 12's. */
const assumedSystemdVersion = 252;

/**
 * Makes the device a service of the system. Given again, it changes what is given and keeps the rest.
 *
 * @param self - `softap device install`; the options of the device stand at its parent.
 * @throws {UsageError} `USAGE`, `CONFIG_INVALID`, `FILE_NOT_FOUND`; {TransportError} `PERMISSION_DENIED`
 */
export async function runInstall(self: Command): Promise<void> {
  const own = self.opts<InstallOptions>();
  const device = self.parent ?? self;
  const system = new TargetSystem(own.root);
  const before = parseConfig((await system.read(installedPaths.config)) ?? "", installedPaths.config);
  const isUndecided =
    device.getOptionValueSource("wifi") === "default" && before.get("SOFTAP_WIFI") === undefined;
  applyConfig(device, before);
  const options: DeviceCommandOptions = device.opts();
  requireIdentity(options);
  if (["cli", "env"].includes(device.getOptionValueSource("state") ?? ""))
    throw new UsageError("USAGE", `A service keeps its state below ${installedPaths.state}`, {
      context: { help: "Leave out --state and SOFTAP_DEVICE_STATE" },
    });
  await requireReadableFiles(options);
  const backend = backendOf(options, system, isUndecided);
  const user = own.user ?? (backend === "wpa" ? "root" : ownUser);
  requireUserName(user);
  const command = await ownCommand();
  if (system.isRunning) requireReach(command, user);
  const named = namedFiles(device);
  const isWritten = (file: NamedFile): boolean => writtenFiles.includes(file.option);
  await system.write(
    installedPaths.unit,
    formatUnit({
      command,
      configFile: installedPaths.config,
      files: named.filter((file) => !isWritten(file)),
      writableFolders: named.filter(isWritten).map(({ path }) => dirname(path)),
      user,
      backend,
      interfaceName: options.interface,
      systemdVersion: await systemdVersion(system),
    }),
    0o644,
  );
  await system.write(
    installedPaths.config,
    `# Written by softap device install.\n${formatConfig(entriesOf(device, backend))}`,
    0o600,
  );
  await makeUser(system, user);
  if (backend === "networkmanager" && user !== "root")
    await system.write(installedPaths.polkitRule, formatPolkitRule(user), 0o644);
  else await system.remove(installedPaths.polkitRule);
  const isStarted = own.start && system.hasRunningSystemd;
  if (system.hasRunningSystemd) {
    await system.run("systemctl", ["daemon-reload"]);
    if (own.start) {
      await system.run("systemctl", ["enable", unitName]);
      await system.run("systemctl", ["restart", unitName]);
    }
  }
  printItem(
    "installed",
    {
      unit: installedPaths.unit,
      config: installedPaths.config,
      user,
      wifi: backend,
      state: installedPaths.state,
      isStarted,
    },
    options,
  );
}

/** A service that cannot read its secrets is better not made. */
async function requireReadableFiles(options: DeviceCommandOptions): Promise<void> {
  const hasFile =
    options.security === "certificate" ||
    options.secretFile !== undefined ||
    options.productSecretFile !== undefined;
  if (!hasFile)
    throw new UsageError("USAGE", "A service needs its secret in a file", {
      context: { help: "Give --secret-file <file> or --product-secret-file <file>" },
    });
  await readCredentials(options);
  await readSoftApPassphrase(options);
}

function backendOf(
  { wifi }: DeviceCommandOptions,
  system: TargetSystem,
  isUndecided: boolean,
): "networkmanager" | "wpa" | "virtual" {
  if (!isUndecided && wifi !== "auto") return wifi;
  const hasNetworkManager = programFolders.some((folder) => system.has(`${folder}/NetworkManager`));
  return hasNetworkManager ? "networkmanager" : "wpa";
}

/** Options of the device that name a file, in absolute paths. */
function namedFiles(device: Command): readonly NamedFile[] {
  const values: Readonly<Record<string, unknown>> = device.opts();
  return device.options.flatMap((known) => {
    const value = values[known.attributeName()];
    if (!known.flags.endsWith("<file>") || typeof value !== "string" || !known.long) return [];
    if (value === "-")
      throw new UsageError("USAGE", `A service has no standard input for ${known.long}`, {
        context: { help: "Name a file that stays where it is" },
      });
    return [{ option: known.long, path: resolve(value) }];
  });
}

/** Everything that was given or kept, by variable. */
function entriesOf(device: Command, backend: string): ConfigEntries {
  const ours = { SOFTAP_WIFI: backend, SOFTAP_DEVICE_STATE: `${installedPaths.state}/device` };
  const entries = new Map<string, string>();
  const values: Readonly<Record<string, unknown>> = device.opts();
  for (const known of device.options) {
    const source = device.getOptionValueSource(known.attributeName());
    const value = values[known.attributeName()];
    if (known.envVar === undefined || known.envVar in ours || source === "default") continue;
    if (typeof value === "string")
      entries.set(known.envVar, known.flags.endsWith("<file>") ? resolve(value) : value);
    else if (typeof value === "number") entries.set(known.envVar, `${value}`);
    else if (value === true) entries.set(known.envVar, "1");
  }
  return new Map([...entries, ...Object.entries(ours)]);
}

/** How this very command was started. */
async function ownCommand(): Promise<readonly string[]> {
  return [process.execPath, ...process.execArgv, await realpath(process.argv[1] ?? "")];
}

/** Nobody but root gets into its home folder, and version managers put Node there. */
function requireReach(command: readonly string[], user: string): void {
  const hidden = command.find((word) => word.startsWith("/root/"));
  if (hidden === undefined || user === "root") return;
  throw new UsageError("CONFIG_INVALID", `The user ${user} cannot reach ${hidden}`, {
    context: { help: "Install Node and softap for every user, or give --user root" },
  });
}

function requireUserName(user: string): void {
  if (!/^[a-z_][a-z0-9_-]{0,30}$/.test(user))
    throw new UsageError("CONFIG_INVALID", `"${user}" is no name for a user of a service`, {
      context: { help: "A name has up to 31 small letters, digits, - and _" },
    });
}

async function makeUser(system: TargetSystem, user: string): Promise<void> {
  const users = (await system.read("/etc/passwd")) ?? "";
  const isOurs = system.has(installedPaths.sysusers);
  if (!isOurs && hasUser(users, user)) return;
  const line = `u ${user} - "softap device" ${installedPaths.state}\n`;
  await system.write(installedPaths.sysusers, line, 0o644);
  const root = system.isRunning ? [] : [`--root=${system.pathOf("/")}`];
  // By its name alone: only then it is looked for below the root.
  await system.run("systemd-sysusers", [...root, basename(installedPaths.sysusers)]);
}

async function systemdVersion(system: TargetSystem): Promise<number> {
  if (!system.isRunning) return assumedSystemdVersion;
  const told = await system.run("systemctl", ["--version"]);
  return Number(/^systemd (\d+)/.exec(told ?? "")?.[1] ?? assumedSystemdVersion);
}
