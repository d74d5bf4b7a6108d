import type { Command } from "commander";
import { addAdminOptions, type AdminOptions } from "../config/admin-options.ts";
import { forbiddenSecret, option } from "../config/options.ts";

/** What `softap user create` takes. */
export interface CreateUserOptions extends AdminOptions {
  readonly email?: string;
  readonly phone?: string;
  readonly countryCode: string;
  readonly passwordFile?: string;
}

/** Declares `softap user …`. */
export function define(command: Command): void {
  const create = command
    .command("create")
    .description("create a user")
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
    )
    .addHelpText(
      "after",
      `
Example:
  softap user create --email me@example.com --password-file password`,
    );
  addAdminOptions(create).action(async (options: CreateUserOptions) => {
    const { createUser } = await import("../admin/users.ts");
    await createUser(options);
  });

  addAdminOptions(command.command("list").description("list the users")).action(
    async (options: AdminOptions) => {
      const { listUsers } = await import("../admin/users.ts");
      await listUsers(options);
    },
  );

  addAdminOptions(
    command
      .command("delete")
      .description("delete a user with everything that is theirs")
      .argument("<user-id>"),
  ).action(async (userId: string, options: AdminOptions) => {
    const { deleteUser } = await import("../admin/users.ts");
    await deleteUser(userId, options);
  });
}
