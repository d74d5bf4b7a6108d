import { UsageError } from "@softap/protocol";
import type { CreateUserOptions } from "../commands/user.ts";
import type { AdminOptions } from "../config/admin-options.ts";
import { obtainSecret } from "../config/secret-source.ts";
import { printItem, printList } from "./output.ts";
import { adminClient, listAll } from "./session.ts";

/** Characters; the cloud refuses less. */
const leastPasswordLength = 8;

/** Creates a user. @throws {SoftApError} `ALREADY_EXISTS`, `ADMIN_TOKEN_INVALID`, `USAGE` */
export async function createUser(options: CreateUserOptions): Promise<void> {
  const { email, phone, countryCode } = options;
  const name = email ?? phone;
  if (name === undefined)
    throw new UsageError("USAGE", "Who is the user?", {
      context: { help: "Give --email <address> or --phone <number>" },
    });
  const client = await adminClient(options);
  const password = await obtainSecret({
    what: `password of ${name}`,
    file: options.passwordFile,
    option: "--password-file",
    env: "SOFTAP_PASSWORD",
    mayAsk: options.json !== true,
  });
  const length = password.reveal().length;
  if (length < leastPasswordLength)
    throw new UsageError(
      "USAGE",
      `The password has ${length} characters, at least ${leastPasswordLength} are needed`,
    );
  const who = email === undefined ? { phoneNumber: name, countryCode } : { email };
  const user = await client.send({
    method: "POST",
    path: ["users"],
    body: { ...who, password: password.reveal() },
    subject: `user ${name}`,
  });
  printItem("user", user, options);
}

/** Prints every user. */
export async function listUsers(options: AdminOptions): Promise<void> {
  const users = await listAll(await adminClient(options), {
    key: "users",
    path: ["users"],
    subject: "users",
  });
  printList("user", users, { ...options, columns: ["userId", "email", "phone", "nickName", "createdAtS"] });
}

/** Deletes a user. @throws {SoftApError} `NOT_FOUND` */
export async function deleteUser(userId: string, options: AdminOptions): Promise<void> {
  const client = await adminClient(options);
  await client.send({ method: "DELETE", path: ["users", userId], subject: `user ${userId}` });
  printItem("deleted", { userId }, options);
}
