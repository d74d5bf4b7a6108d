import type { Language } from "@softap/protocol/texts";
import type { Command } from "commander";
import { localeLanguage } from "../language.ts";
import { option } from "./options.ts";

/** Least important line that is logged; `silent` logs nothing. */
export type LogThreshold = "debug" | "info" | "notice" | "warn" | "error" | "silent";

/** What every command takes. */
export interface CommonOptions {
  readonly lang: Language;
  readonly json?: boolean;
  readonly logLevel: LogThreshold;
}

/** Adds `--json`, `--lang` and `--log-level`. */
export function addCommonOptions(command: Command, defaultLogLevel: LogThreshold): Command {
  return command
    .option("--json", "print one JSON object per line and nothing else")
    .addOption(
      option("--lang <language>", "language of messages", {
        env: "SOFTAP_LANG",
        choices: ["en", "zh"],
        default: localeLanguage(),
      }),
    )
    .addOption(
      option("--log-level <level>", "least important line logged on the error stream", {
        env: "SOFTAP_LOG_LEVEL",
        choices: ["debug", "info", "notice", "warn", "error", "silent"],
        default: defaultLogLevel,
      }),
    );
}
