import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "../config/common-options.ts";
import { forbiddenSecret, option, parseHttpUrl, parsePort, parseSeconds } from "../config/options.ts";
import { defaultAccountFile } from "../config/paths.ts";

/** What `softap provision` takes. */
export interface ProvisionCommandOptions extends CommonOptions {
  readonly ssid: string;
  readonly passphraseFile?: string;
  readonly open?: boolean;
  readonly host: string;
  readonly port: number;
  readonly cloud?: string;
  readonly accountFile: string;
  readonly familyId?: string;
  readonly roomId?: string;
  readonly region?: string;
  readonly profile: "default" | "compatible";
  readonly deadline?: number;
}

/** Declares `softap provision`. */
export function define(command: Command): void {
  command
    .addOption(
      option("--ssid <name>", "network that the device shall join", {
        env: "SOFTAP_WIFI_SSID",
      }).makeOptionMandatory(),
    )
    .addOption(
      option(
        "--passphrase-file <file>",
        "file that holds the network's passphrase; - is the standard input",
        {
          env: "SOFTAP_WIFI_PASSPHRASE_FILE",
        },
      ),
    )
    .option("--open", "the network has no passphrase")
    .addOption(
      option("--host <address>", "address of the device on its soft AP", {
        env: "SOFTAP_DEVICE_HOST",
        default: "192.168.4.1",
      }),
    )
    .addOption(
      option("--port <port>", "port of the device's provisioning service", {
        env: "SOFTAP_DEVICE_PORT",
        parse: parsePort,
        default: 8266,
      }),
    )
    .addOption(
      option("--cloud <url>", "address of the cloud", {
        env: "SOFTAP_CLOUD_URL",
        parse: parseHttpUrl,
        defaultText: "the cloud of your login",
      }),
    )
    .addOption(
      option("--account-file <file>", 'login kept by "softap login"', {
        env: "SOFTAP_ACCOUNT_FILE",
        default: defaultAccountFile(),
      }),
    )
    .addOption(
      option("--family-id <id>", "family that shall own the device", {
        env: "SOFTAP_FAMILY_ID",
        defaultText: "your first one",
      }),
    )
    .addOption(
      option("--room-id <id>", "room of that family", {
        env: "SOFTAP_ROOM_ID",
        defaultText: "the default room",
      }),
    )
    .addOption(
      option("--region <name>", "region told to the device, such as ap-guangzhou", { env: "SOFTAP_REGION" }),
    )
    .addOption(
      option(
        "--profile <name>",
        "how the credentials are repeated: as the vendor's apps do (compatible), or faster",
        {
          env: "SOFTAP_PROFILE",
          choices: ["default", "compatible"],
          default: "default",
        },
      ),
    )
    .addOption(
      option("--deadline <seconds>", "how long to wait for the verdict, 10 to 600", {
        env: "SOFTAP_DEADLINE",
        parse: parseSeconds(10, 600),
        defaultText: "120",
      }),
    )
    .addOption(
      forbiddenSecret(
        "--passphrase",
        "Give --passphrase-file <file>, set SOFTAP_WIFI_PASSPHRASE, or wait to be asked",
      ),
    )
    .addOption(forbiddenSecret("--token", 'Run "softap login", or set SOFTAP_ACCESS_TOKEN'))
    .addHelpText(
      "after",
      `
Join the device's soft AP first; this command talks to the device over it. The passphrase comes from --passphrase-file, from
SOFTAP_WIFI_PASSPHRASE, or from a question. The account is that of "softap login", or SOFTAP_ACCESS_TOKEN with --cloud.

Examples:
  softap provision --ssid Home-WiFi
  softap provision --ssid Home-WiFi --passphrase-file wifi.txt --json`,
    )
    .action(async (options: ProvisionCommandOptions) => {
      const { runProvision } = await import("../phone/run-provision.ts");
      process.exitCode = await runProvision(options);
    });
  addCommonOptions(command, "warn");
}
