import type { Command } from "commander";
import { defaultCloudUrl } from "./cloud-address.ts";
import { addCommonOptions, type CommonOptions } from "./common-options.ts";
import { forbiddenSecret, option, parseHttpUrl } from "./options.ts";

/** What every command of the admin API takes. */
export interface AdminOptions extends CommonOptions {
  readonly cloud: string;
  readonly adminTokenFile?: string;
}

/** Where a secret goes that the cloud tells only once. */
export interface SecretOutputOptions {
  readonly secretFile?: string;
  readonly printSecret?: boolean;
}

/** Adds `--cloud` and `--admin-token-file`. */
export function addAdminOptions(command: Command): Command {
  command
    .addOption(
      option("--cloud <url>", "address of the cloud", {
        env: "SOFTAP_CLOUD_URL",
        parse: parseHttpUrl,
        default: defaultCloudUrl,
      }),
    )
    .addOption(
      option(
        "--admin-token-file <file>",
        "file that holds the cloud's admin token; - is the standard input",
        {
          env: "SOFTAP_ADMIN_TOKEN_FILE",
        },
      ),
    )
    .addOption(
      forbiddenSecret(
        "--admin-token",
        "Give --admin-token-file <file>, set SOFTAP_ADMIN_TOKEN, or wait to be asked",
      ),
    );
  return addCommonOptions(command, "warn");
}

/** Adds `--secret-file` and `--print-secret`. */
export function addSecretOutput(command: Command, what: string): Command {
  return command
    .addOption(option("--secret-file <file>", `write the ${what} here, readable only by you`))
    .option("--print-secret", `print the ${what}`);
}
