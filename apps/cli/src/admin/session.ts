import { Secret, UsageError } from "@softap/protocol";
import type { AdminOptions, SecretOutputOptions } from "../config/admin-options.ts";
import { writePrivateFile } from "../config/files.ts";
import { obtainSecret } from "../config/secret-source.ts";
import { AdminClient } from "./admin-client.ts";

/** A thing of the admin API, as it came. */
export type Item = Readonly<Record<string, unknown>>;

/** Most items asked for at once. */
const pageSize = 100;

/** A client with the admin token from a file, a variable or a question. */
export async function adminClient(options: AdminOptions): Promise<AdminClient> {
  const token = await obtainSecret({
    what: "admin token",
    file: options.adminTokenFile,
    option: "--admin-token-file",
    env: "SOFTAP_ADMIN_TOKEN",
    mayAsk: options.json !== true,
  });
  return new AdminClient(options.cloud, Secret.of(token.reveal().trim()));
}

/** Every item of a list, page by page. `list.key` is the name under which a page stands in the answer. */
export async function listAll(
  client: AdminClient,
  list: { readonly key: string; readonly path: readonly string[]; readonly subject: string },
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (;;) {
    const query = { offset: String(items.length), limit: String(pageSize) };
    const { [list.key]: page, total } = await client.send({ method: "GET", ...list, query });
    // The cloud's own tests hold the shape of its items; what is not a list ends the loop.
    const found = Array.isArray(page) ? (page as readonly Item[]) : [];
    items.push(...found);
    if (found.length === 0 || items.length >= Number(total)) return items;
  }
}

/**
 * Refuses, before anything is created, a command line that would throw away a secret which the cloud tells only once.
 *
 * @throws {UsageError} `USAGE`
 */
export function requireSecretOutput(options: SecretOutputOptions, what: string): void {
  if (options.secretFile === undefined && options.printSecret !== true)
    throw new UsageError("USAGE", `The ${what} is told only once and has no place to go`, {
      context: { help: "Give --secret-file <file>, or --print-secret to print it" },
    });
}

/**
 * Puts a secret where it was asked for.
 *
 * @returns What is shown of it: the path, or the secret itself when printing was asked for.
 */
export async function handOutSecret(
  secret: unknown,
  name: string,
  options: SecretOutputOptions,
): Promise<Readonly<Record<string, string>>> {
  if (typeof secret !== "string") return {};
  const file = options.secretFile;
  if (file !== undefined) await writePrivateFile(file, `${secret}\n`);
  return {
    ...(file === undefined ? {} : { [`${name}File`]: file }),
    ...(options.printSecret === true ? { [name]: secret } : {}),
  };
}
