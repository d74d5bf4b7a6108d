import type { Command, Option } from "commander";
import { configOption } from "../config/device-config.ts";
import { option } from "../config/options.ts";

/** Declares what stands below `softap device`; the options of the device count there, too. */
export function defineServiceCommands(command: Command): void {
  defineStatus(command);
  defineInstall(command);
  defineUninstall(command);
}

function defineStatus(command: Command): void {
  command
    .command("status")
    .description("tell what the device knows of itself, running or not")
    .configureHelp({ showGlobalOptions: true })
    .addOption(configOption())
    .action(async (_own: object, self: Command) => {
      const { runStatus } = await import("../service/run-status.ts");
      await runStatus(self);
    });
}

function defineInstall(command: Command): void {
  command
    .command("install")
    .description("run the device as a service of this machine (systemd)")
    .configureHelp({ showGlobalOptions: true })
    .addOption(
      option("--user <name>", "who the service runs as", {
        defaultText: "softap, and root where the radio has no NetworkManager",
      }),
    )
    .option("--no-start", "write the files and leave it at that")
    .addOption(rootOption())
    .addHelpText(
      "after",
      `
Takes the options of "softap device" and writes them to /etc/softap/device.env, which only root can read. Secrets stay in their
files; systemd hands them to the service. Given again, it replaces what is given and keeps the rest.

Example:
  softap device install --product-id AB12CD34EF --device-name lamp-1 --secret-file /etc/softap/secret --cloud-host iot.example.com`,
    )
    .action(async (_own: object, self: Command) => {
      const { runInstall } = await import("../service/run-install.ts");
      await runInstall(self);
    });
}

function defineUninstall(command: Command): void {
  command
    .command("uninstall")
    .description("remove the service of this machine")
    .configureHelp({ showGlobalOptions: true })
    .option("--purge", "forget what the device knows, too")
    .addOption(rootOption())
    .action(async (_own: object, self: Command) => {
      const { runUninstall } = await import("../service/run-uninstall.ts");
      await runUninstall(self);
    });
}

function rootOption(): Option {
  return option("--root <folder>", "system to work on, such as a mounted image; nothing is started there", {
    default: "/",
  });
}
