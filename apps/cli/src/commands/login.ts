import type { Command } from "commander";
import { addAccountOptions } from "../config/account-options.ts";
import { defaultCloudUrl } from "../config/cloud-address.ts";
import { addCommonOptions, type CommonOptions } from "../config/common-options.ts";
import { option, parseHttpUrl } from "../config/options.ts";
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
  command.addOption(
    option("--cloud <url>", "address of the cloud", {
      env: "SOFTAP_CLOUD_URL",
      parse: parseHttpUrl,
      default: defaultCloudUrl,
    }),
  );
  addAccountOptions(command)
    .addOption(
      option("--account-file <file>", "where the login is kept, readable only by you", {
        env: "SOFTAP_ACCOUNT_FILE",
        default: defaultAccountFile(),
      }),
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
