import { UsageError } from "@softap/protocol";
import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "../config/common-options.ts";
import {
  forbiddenSecret,
  option,
  parseChannel,
  parseHttpUrl,
  parsePort,
  parseSeconds,
} from "../config/options.ts";
import { defineServiceCommands } from "./device-service.ts";

/** What `softap device` takes. */
export interface DeviceCommandOptions extends CommonOptions {
  readonly productId: string;
  readonly deviceName: string;
  readonly productRegion?: string;
  readonly security: "psk" | "password" | "certificate";
  readonly secretFile?: string;
  readonly productSecretFile?: string;
  readonly certificate?: string;
  readonly privateKey?: string;
  readonly authority?: string;
  readonly cloudHost: string;
  readonly mqttPort?: number;
  readonly registrationUrl?: string;
  readonly registrationForm: "1" | "2";
  readonly state?: string;
  readonly properties?: string;
  readonly wifi: "auto" | "networkmanager" | "wpa" | "virtual";
  readonly interface: string;
  readonly oneRoleAtATime?: boolean;
  readonly air?: string;
  readonly softApSsid?: string;
  readonly softApPassphraseFile?: string;
  readonly softApChannel: number;
  readonly address?: string;
  readonly port: number;
  readonly logPort: number;
  readonly portal: "off" | "on" | "app-only";
  readonly portalPort: number;
  readonly bindMode: "reply" | "puback";
  readonly policy: "auto" | "button" | "never";
  readonly openAfter: number;
  readonly openSoftAp?: boolean;
  readonly reset?: boolean;
  readonly logMode?: boolean;
  readonly once?: boolean;
}

/** Declares `softap device` and what stands below it. */
export function define(command: Command): void {
  identityOptions(command);
  cloudOptions(command);
  wifiOptions(command);
  stateOption(command);
  command.addOption(
    option("--properties <file>", "values that the device reports and apps set, a JSON object", {
      env: "SOFTAP_PROPERTIES_FILE",
      defaultText: "none",
    }),
  );
  policyOptions(command);
  command
    .option("--once", "end with the verdict of the first provisioning and its exit code")
    .option("--log-mode", "open the log soft AP ESP-LOG-QUERY instead of provisioning")
    .addHelpText(
      "after",
      `
Secrets come from files or from SOFTAP_DEVICE_SECRET, SOFTAP_PRODUCT_SECRET and SOFTAP_SOFT_AP_PASSPHRASE. A device without a
device secret registers itself with the product secret at its first provisioning. The device binds 127.0.0.1 when its Wi-Fi is
virtual; a phone then finds it with "softap provision --host 127.0.0.1".

A device that has a network does not open its soft AP. To provision it anew start it with --open-soft-ap, or send SIGUSR1 to
the running one: that is its button. SIGUSR2 opens the log soft AP, with all that was logged since the start.

The file of properties is the device's own data: what a program changes in it is reported to the cloud, and what an app sets
is written into it.

The air file names the routers in reach; without it there is one, Home-WiFi with the passphrase abcd1234:
  { "softApWhileStation": true, "routers": [ { "ssid": "Home-WiFi", "passphrase": "abcd1234", "rssiDbm": -48 } ] }

Examples:
  softap device --product-id AB12CD34EF --device-name lamp-1 --product-secret-file product-secret
  softap device --product-id AB12CD34EF --device-name lamp-1 --secret-file lamp-1.secret --security password`,
    )
    .action(async (options: DeviceCommandOptions) => {
      requireIdentity(options);
      const { runDevice } = await import("../device/run-device.ts");
      process.exitCode = await runDevice(options);
    });
  addCommonOptions(command, "warn");
  defineServiceCommands(command);
}

/** @throws {UsageError} `USAGE` unless it is said which device this is; the commands below `softap device` need not know */
export function requireIdentity(options: Partial<DeviceCommandOptions>): void {
  for (const [flags, value] of [
    ["--product-id <id>", options.productId],
    ["--device-name <name>", options.deviceName],
  ] as const)
    if (value === undefined)
      throw new UsageError("USAGE", `Required option '${flags}' not specified`, {
        context: { help: 'Run "softap device --help" to see what can be given' },
      });
}

/** When the soft AP opens. */
function policyOptions(command: Command): void {
  command
    .addOption(
      option(
        "--policy <when>",
        "when the soft AP opens by itself: without a network (auto), or not (button, never)",
        {
          env: "SOFTAP_POLICY",
          choices: ["auto", "button", "never"],
          default: "auto",
        },
      ),
    )
    .addOption(
      option("--open-after <seconds>", "how long the network may be away until auto opens the soft AP", {
        env: "SOFTAP_OPEN_AFTER",
        parse: parseSeconds(0, 86_400),
        default: 180,
      }),
    )
    .option("--open-soft-ap", "open the soft AP now, also when there is a network")
    .option("--reset", "forget network, owner and errors first");
}

/** Adds `--state`. */
export function stateOption(command: Command): void {
  command.addOption(
    option("--state <folder>", "where the device keeps what it knows", {
      env: "SOFTAP_DEVICE_STATE",
      defaultText: "a folder of its own below ~/.local/state/softap",
    }),
  );
}

/** Which device: its names, and how it proves them. */
export function identityOptions(command: Command, { isRequired = true } = {}): void {
  const must = isRequired ? "; required" : "";
  command
    .addOption(option("--product-id <id>", `product, 10 characters${must}`, { env: "SOFTAP_PRODUCT_ID" }))
    .addOption(
      option("--device-name <name>", `name within the product${must}`, { env: "SOFTAP_DEVICE_NAME" }),
    )
    .addOption(
      option("--product-region <name>", "region of the product", {
        env: "SOFTAP_PRODUCT_REGION",
        defaultText: "ap-guangzhou",
      }),
    )
    .addOption(
      option("--security <kind>", "how the device proves who it is", {
        env: "SOFTAP_DEVICE_SECURITY",
        choices: ["psk", "password", "certificate"],
        default: "psk",
      }),
    )
    .addOption(option("--secret-file <file>", "device secret", { env: "SOFTAP_DEVICE_SECRET_FILE" }))
    .addOption(
      option("--product-secret-file <file>", "product secret, to register without a device secret", {
        env: "SOFTAP_PRODUCT_SECRET_FILE",
      }),
    )
    .addOption(
      option("--certificate <file>", "certificate of the device (PEM)", { env: "SOFTAP_DEVICE_CERTIFICATE" }),
    )
    .addOption(
      option("--private-key <file>", "key of that certificate (PEM)", {
        env: "SOFTAP_DEVICE_PRIVATE_KEY_FILE",
      }),
    )
    .addOption(
      option("--authority <file>", "who signed the cloud's certificate (PEM)", {
        env: "SOFTAP_CLOUD_AUTHORITY",
      }),
    )
    .addOption(forbiddenSecret("--secret", "Give --secret-file <file> or set SOFTAP_DEVICE_SECRET"))
    .addOption(
      forbiddenSecret("--product-secret", "Give --product-secret-file <file> or set SOFTAP_PRODUCT_SECRET"),
    );
}

/** Which cloud. */
export function cloudOptions(command: Command): void {
  command
    .addOption(
      option("--cloud-host <host>", "MQTT server", { env: "SOFTAP_MQTT_HOST", default: "127.0.0.1" }),
    )
    .addOption(
      option("--mqtt-port <port>", "port of the MQTT server", {
        env: "SOFTAP_MQTT_PORT",
        parse: parsePort,
        defaultText: "8883, with a password 1883",
      }),
    )
    .addOption(
      option("--registration-url <url>", "where the device registers", {
        env: "SOFTAP_REGISTRATION_URL",
        parse: parseHttpUrl,
        defaultText: "port 8080 of the cloud host",
      }),
    )
    .addOption(
      option("--registration-form <form>", "older (1) or newer (2) form of registration", {
        env: "SOFTAP_REGISTRATION_FORM",
        choices: ["1", "2"],
        default: "2",
      }),
    )
    .addOption(
      option(
        "--bind-mode <mode>",
        "bound when the cloud replied, or already when it took the message (puback)",
        {
          env: "SOFTAP_BIND_MODE",
          choices: ["reply", "puback"],
          default: "reply",
        },
      ),
    );
}

/** The ports of its server. */
export function serverOptions(command: Command): void {
  command
    .addOption(
      option("--port <port>", "provisioning port, UDP and TCP", {
        env: "SOFTAP_DEVICE_PORT",
        parse: parsePort,
        default: 8266,
      }),
    )
    .addOption(
      option("--log-port <port>", "port in log mode, UDP", {
        env: "SOFTAP_LOG_PORT",
        parse: parsePort,
        default: 9876,
      }),
    );
}

function wifiOptions(command: Command): void {
  command
    .addOption(
      option("--wifi <kind>", "radio of the device", {
        env: "SOFTAP_WIFI",
        choices: ["auto", "networkmanager", "wpa", "virtual"],
        default: "virtual",
      }),
    )
    .addOption(
      option("--interface <name>", "Wi-Fi interface of a real radio", {
        env: "SOFTAP_INTERFACE",
        default: "wlan0",
      }),
    )
    .addOption(
      option(
        "--one-role-at-a-time",
        "take the soft AP down while joining, whatever the radio says of itself",
        {
          env: "SOFTAP_ONE_ROLE_AT_A_TIME",
        },
      ),
    )
    .addOption(
      option("--air <file>", "routers in reach of a virtual radio (JSON)", {
        env: "SOFTAP_AIR_FILE",
        defaultText: "one router, Home-WiFi",
      }),
    )
    .addOption(
      option("--soft-ap-ssid <name>", "name of the soft AP", {
        env: "SOFTAP_SOFT_AP_SSID",
        defaultText: "softap- and the device name",
      }),
    )
    .addOption(
      option("--soft-ap-passphrase-file <file>", "passphrase of the soft AP", {
        env: "SOFTAP_SOFT_AP_PASSPHRASE_FILE",
        defaultText: "none, the soft AP is open",
      }),
    )
    .addOption(
      option("--soft-ap-channel <number>", "channel of the soft AP, 1 to 13; 0 lets the radio choose", {
        env: "SOFTAP_SOFT_AP_CHANNEL",
        parse: parseChannel,
        default: 0,
      }),
    )
    .addOption(
      option("--address <address>", "address to listen on", {
        env: "SOFTAP_DEVICE_ADDRESS",
        defaultText: "127.0.0.1 with a virtual radio, else every address",
      }),
    );
  serverOptions(command);
  command
    .addOption(
      option(
        "--portal <mode>",
        "page for phones without an app; app-only: phones are told that there is internet",
        {
          env: "SOFTAP_PORTAL",
          choices: ["off", "on", "app-only"],
          default: "off",
        },
      ),
    )
    .addOption(
      option("--portal-port <port>", "port of that page", {
        env: "SOFTAP_PORTAL_PORT",
        parse: parsePort,
        default: 80,
      }),
    )
    .addOption(
      forbiddenSecret(
        "--soft-ap-passphrase",
        "Give --soft-ap-passphrase-file <file> or set SOFTAP_SOFT_AP_PASSPHRASE",
      ),
    );
}
