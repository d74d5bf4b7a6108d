import { Secret, UsageError } from "@softap/protocol";
import { readTextFileIfThere, writePrivateFile } from "./files.ts";

/** A login that `softap login` keeps for later commands. */
export interface Account {
  /** Address of the cloud. */
  readonly cloud: string;
  /** E-mail address or phone number, as it was typed. */
  readonly name: string;
  readonly accessToken: Secret;
  /** Unix seconds. */
  readonly expiresAtS: number;
}

/** Writes the account; the file is readable only by its owner. */
export async function saveAccount(path: string, account: Account): Promise<void> {
  const { cloud, name, accessToken, expiresAtS } = account;
  const content = { cloud, name, accessToken: accessToken.reveal(), expiresAtS };
  await writePrivateFile(path, `${JSON.stringify(content, null, 2)}\n`);
}

/**
 * Reads the account.
 *
 * @returns `undefined` when nobody has logged in.
 * @throws {UsageError} `CONFIG_INVALID` when the file is damaged
 */
export async function loadAccount(path: string): Promise<Account | undefined> {
  const text = await readTextFileIfThere(path, "login");
  if (text === undefined) return undefined;
  const account = parseAccount(text);
  if (account === undefined)
    throw new UsageError("CONFIG_INVALID", `The file ${path} does not hold a login`, {
      context: { help: 'Run "softap login" again' },
    });
  return account;
}

function parseAccount(text: string): Account | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof content !== "object" || content === null) return undefined;
  const { cloud, name, accessToken, expiresAtS } = content as Readonly<Record<string, unknown>>; // an object can be read by name
  if (typeof cloud !== "string" || typeof name !== "string") return undefined;
  if (typeof accessToken !== "string" || typeof expiresAtS !== "number") return undefined;
  return { cloud, name, accessToken: Secret.of(accessToken), expiresAtS };
}
