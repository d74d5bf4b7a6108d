import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "../config/common-options.ts";
import { forbiddenSecret, option, parseHttpUrl, parsePort, parseSeconds } from "../config/options.ts";
import { defaultAccountFile } from "../config/paths.ts";

/** What `softap provision` takes. */
export interface ProvisionCommandOptions extends CommonOptions {
  readonly ssid: string;
  readonly passphraseFile?: string;
  readonly open?: boolean;
  readonly join?: boolean;
  readonly interface?: string;
  readonly softApSsid?: string;
  readonly softApPrefix: string;
  readonly softApPassphraseFile?: string;
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
    .option("--open", "the network has no passphrase");
  joinOptions(command);
  command
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
    .addOption(
      forbiddenSecret(
        "--soft-ap-passphrase",
        "Give --soft-ap-passphrase-file <file>, set SOFTAP_SOFT_AP_PASSPHRASE, or wait to be asked",
      ),
    )
    .addOption(forbiddenSecret("--token", 'Run "softap login", or set SOFTAP_ACCESS_TOKEN'))
    .addHelpText(
      "after",
      `
This command talks to the device over the device's soft AP. With --join this computer joins it by NetworkManager and goes back to
its own network at the end, also after a failure or Ctrl+C; without it, join first. Without --soft-ap-ssid it takes the only soft
AP in reach whose name begins with the prefix.

Passphrases come from their files, from SOFTAP_WIFI_PASSPHRASE and SOFTAP_SOFT_AP_PASSPHRASE, or from a question. The account is
that of "softap login", or SOFTAP_ACCESS_TOKEN with --cloud.

Examples:
  softap provision --ssid Home-WiFi --join
  softap provision --ssid Home-WiFi --passphrase-file wifi.txt --json`,
    )
    .action(async (options: ProvisionCommandOptions) => {
      const { runProvision } = await import("../phone/run-provision.ts");
      process.exitCode = await runProvision(options);
    });
  addCommonOptions(command, "warn");
}

/** How this computer gets onto the soft AP. */
function joinOptions(command: Command): void {
  command
    .option("--join", "join the device's soft AP with this computer's Wi-Fi, and go back afterwards")
    .addOption(
      option("--interface <name>", "Wi-Fi interface to join with", {
        env: "SOFTAP_INTERFACE",
        defaultText: "the first one",
      }),
    )
    .addOption(
      option("--soft-ap-ssid <name>", "name of the soft AP to join", {
        env: "SOFTAP_SOFT_AP_SSID",
        defaultText: "the only one in reach with the prefix",
      }),
    )
    .addOption(
      option("--soft-ap-prefix <text>", "what the names of the product's soft APs begin with", {
        env: "SOFTAP_SOFT_AP_PREFIX",
        default: "softap-",
      }),
    )
    .addOption(
      option("--soft-ap-passphrase-file <file>", "passphrase of the soft AP; - is the standard input", {
        env: "SOFTAP_SOFT_AP_PASSPHRASE_FILE",
        defaultText: "asked for when the soft AP has one",
      }),
    );
}
