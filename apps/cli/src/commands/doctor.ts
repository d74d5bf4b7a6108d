import type { Command } from "commander";
import { addCommonOptions } from "../config/common-options.ts";
import { applyConfig, configOption, readConfig } from "../config/device-config.ts";
import { option, parsePort } from "../config/options.ts";
import {
  cloudOptions,
  type DeviceCommandOptions,
  identityOptions,
  serverOptions,
  stateOption,
} from "./device.ts";

/** What `softap doctor` takes. */
export interface DoctorCommandOptions extends Omit<
  DeviceCommandOptions,
  "productId" | "deviceName" | "interface"
> {
  readonly productId?: string;
  readonly deviceName?: string;
  readonly interface?: string;
  readonly config?: string;
  /** Whether somebody said which cloud; else there is none to look at. */
  readonly hasCloudHost: boolean;
}

/** Declares `softap doctor`. */
export function define(command: Command): void {
  command
    .addOption(configOption())
    .addOption(
      option("--wifi <kind>", "who serves the radio; with a virtual one it is not looked at", {
        env: "SOFTAP_WIFI",
        choices: ["auto", "networkmanager", "wpa", "virtual"],
        default: "auto",
      }),
    )
    .addOption(
      option("--interface <name>", "Wi-Fi interface", {
        env: "SOFTAP_INTERFACE",
        defaultText: "the first that there is",
      }),
    );
  serverOptions(command);
  command
    .addOption(
      option("--portal <mode>", "page for phones without an app; its ports are looked at unless it is off", {
        env: "SOFTAP_PORTAL",
        choices: ["off", "on", "app-only"],
        default: "on",
      }),
    )
    .addOption(
      option("--portal-port <port>", "port of that page", {
        env: "SOFTAP_PORTAL_PORT",
        parse: parsePort,
        default: 80,
      }),
    );
  identityOptions(command, { isRequired: false });
  cloudOptions(command);
  stateOption(command);
  command
    .addHelpText(
      "after",
      `
Run it on the device, as root where you can. It changes nothing, and logs in to the cloud only while the device does not run.

Examples:
  sudo softap doctor
  softap doctor --interface wlan1 --cloud-host iot.example.com`,
    )
    .action(async (options: DoctorCommandOptions) => {
      applyConfig(command, await readConfig(options.config));
      const { runDoctor } = await import("../doctor/run-doctor.ts");
      const hasCloudHost = command.getOptionValueSource("cloudHost") !== "default";
      process.exitCode = await runDoctor({ ...command.opts<DoctorCommandOptions>(), hasCloudHost });
    });
  addCommonOptions(command, "warn");
}
