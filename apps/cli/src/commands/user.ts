import type { Command } from "commander";
import { addAccountOptions } from "../config/account-options.ts";
import { addAdminOptions, type AdminOptions } from "../config/admin-options.ts";

/** What `softap user create` takes. */
export interface CreateUserOptions extends AdminOptions {
  readonly email?: string;
  readonly phone?: string;
  readonly countryCode: string;
  readonly passwordFile?: string;
}

/** Declares `softap user …`. */
export function define(command: Command): void {
  const create = addAccountOptions(command.command("create").description("create a user")).addHelpText(
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
