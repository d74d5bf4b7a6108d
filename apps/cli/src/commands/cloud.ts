import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "../config/common-options.ts";
import { option, parsePort } from "../config/options.ts";
import { defaultCloudData } from "../config/paths.ts";

/** What `softap cloud` takes. */
export interface CloudCommandOptions extends CommonOptions {
  readonly data: string;
  readonly host: string;
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly mqttsPort: number;
  readonly certificate?: string;
  readonly privateKey?: string;
  readonly clientAuthority?: string;
  readonly adminTokenFile?: string;
}

/** Declares `softap cloud`. */
export function define(command: Command): void {
  command
    .addOption(
      option("--data <folder>", "where the database stands", {
        env: "SOFTAP_CLOUD_DATA",
        default: defaultCloudData(),
      }),
    )
    .addOption(
      option("--host <address>", "address to listen on", { env: "SOFTAP_CLOUD_HOST", default: "127.0.0.1" }),
    )
    .addOption(portOption("--http-port <port>", "app and admin API", "SOFTAP_CLOUD_HTTP_PORT", 8080))
    .addOption(portOption("--mqtt-port <port>", "devices with a password", "SOFTAP_CLOUD_MQTT_PORT", 1883))
    .addOption(
      portOption(
        "--mqtts-port <port>",
        "devices with TLS: key or certificate",
        "SOFTAP_CLOUD_MQTTS_PORT",
        8883,
      ),
    )
    .addOption(
      option("--certificate <file>", "certificate of this server (PEM), for certificate devices", {
        env: "SOFTAP_CLOUD_CERTIFICATE",
      }),
    )
    .addOption(
      option("--private-key <file>", "key of that certificate (PEM)", {
        env: "SOFTAP_CLOUD_PRIVATE_KEY_FILE",
      }),
    )
    .addOption(
      option("--client-authority <file>", "who signs the devices' certificates (PEM)", {
        env: "SOFTAP_CLOUD_CLIENT_AUTHORITY",
      }),
    )
    .addOption(
      option(
        "--admin-token-file <file>",
        "write the admin token of the first start here instead of printing it",
        {
          env: "SOFTAP_ADMIN_TOKEN_FILE",
        },
      ),
    )
    .addHelpText(
      "after",
      `
Port 0 lets the system choose; the chosen ports are printed.

Examples:
  softap cloud
  softap cloud --data /var/lib/softap --host 0.0.0.0 --admin-token-file admin-token`,
    )
    .action(async (options: CloudCommandOptions) => {
      const { runCloud } = await import("../cloud/run-cloud.ts");
      await runCloud(options);
    });
  addCommonOptions(command, "info");
}

function portOption(
  flags: string,
  text: string,
  env: string,
  defaultPort: number,
): ReturnType<typeof option> {
  return option(flags, `port for ${text}`, { env, parse: parsePort, default: defaultPort });
}
