import type { Command } from "commander";
import { forbiddenSecret, option } from "./options.ts";

/** Adds what names an account and where its password stands. @returns The command, for more options */
export function addAccountOptions(command: Command): Command {
  return command
    .addOption(option("--email <address>", "e-mail address of the account", { env: "SOFTAP_EMAIL" }))
    .addOption(
      option("--phone <number>", "phone number of the account", { env: "SOFTAP_PHONE" }).conflicts("email"),
    )
    .addOption(
      option("--country-code <digits>", "country of the phone number, without +", {
        env: "SOFTAP_COUNTRY_CODE",
        default: "86",
      }),
    )
    .addOption(
      option("--password-file <file>", "file that holds the password; - is the standard input", {
        env: "SOFTAP_PASSWORD_FILE",
      }),
    )
    .addOption(
      forbiddenSecret("--password", "Give --password-file <file>, set SOFTAP_PASSWORD, or wait to be asked"),
    );
}
