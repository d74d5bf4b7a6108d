import type { Command } from "commander";
import { defaultCloudUrl } from "../config/cloud-address.ts";
import { addCommonOptions, type CommonOptions } from "../config/common-options.ts";
import { forbiddenSecret, option, parseHttpUrl } from "../config/options.ts";
import { defaultAccountFile } from "../config/paths.ts";

/** What `softap login` takes. */
export interface LoginOptions extends CommonOptions {
  readonly cloud: string;
  readonly email?: string;
  readonly phone?: string;
  readonly countryCode: string;
  readonly passwordFile?: string;
  readonly accountFile: string;
}

/** Declares `softap login`. */
export function define(command: Command): void {
  command
    .addOption(
      option("--cloud <url>", "address of the cloud", {
        env: "SOFTAP_CLOUD_URL",
        parse: parseHttpUrl,
        default: defaultCloudUrl,
      }),
    )
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
      option("--account-file <file>", "where the login is kept, readable only by you", {
        env: "SOFTAP_ACCOUNT_FILE",
        default: defaultAccountFile(),
      }),
    )
    .addOption(
      forbiddenSecret("--password", "Give --password-file <file>, set SOFTAP_PASSWORD, or wait to be asked"),
    )
    .addHelpText(
      "after",
      `
The password comes from --password-file, from SOFTAP_PASSWORD, or from a question.

Examples:
  softap login --email me@example.com
  softap login --cloud https://iot.example.com --phone 13800000000`,
    )
    .action(async (options: LoginOptions) => {
      const { runLogin } = await import("../phone/run-login.ts");
      await runLogin(options);
    });
  addCommonOptions(command, "warn");
}
