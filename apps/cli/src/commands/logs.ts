import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "../config/common-options.ts";
import { option, parsePort } from "../config/options.ts";

/** What `softap logs` takes. */
export interface LogsOptions extends CommonOptions {
  readonly host: string;
  readonly port?: number;
  readonly logMode?: boolean;
}

/** Declares `softap logs`. */
export function define(command: Command): void {
  command
    .option("--log-mode", "the device is in log mode (soft AP ESP-LOG-QUERY)")
    .addOption(
      option("--host <address>", "address of the device on its soft AP", {
        env: "SOFTAP_DEVICE_HOST",
        default: "192.168.4.1",
      }),
    )
    .addOption(
      option("--port <port>", "port of the device", {
        env: "SOFTAP_LOG_PORT",
        parse: parsePort,
        defaultText: "8266, in log mode 9876",
      }),
    )
    .addHelpText(
      "after",
      `
Join the device's soft AP first.

Examples:
  softap logs
  softap logs --log-mode`,
    )
    .action(async (options: LogsOptions) => {
      const { runLogs } = await import("../phone/run-logs.ts");
      await runLogs(options);
    });
  addCommonOptions(command, "warn");
}
