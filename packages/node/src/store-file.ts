import { softApError } from "@softap/protocol";
import { createHash } from "node:crypto";

/*
 * softap-store 1 <SHA-256 of the second line, 64 hex digits>\n
 * {"<key>":"<value, base64>",…}\n
 */
const magic = "softap-store";
const version = 1;

/** Everything that a store holds, by key. */
export type StoreEntries = ReadonlyMap<string, Uint8Array>;

/** The bytes of a store's file. */
export function encodeStore(entries: StoreEntries): Uint8Array {
  const values = Object.fromEntries(
    [...entries].map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
  const body = JSON.stringify(values);
  return Buffer.from(`${magic} ${version} ${digestOf(body)}\n${body}\n`);
}

/**
 * The entries in a store's file.
 *
 * @throws {@link StoreError} `STORE_CORRUPT` when the bytes are not what was written; `STORE_TOO_NEW` when a newer version wrote them
 */
export function decodeStore(bytes: Uint8Array): StoreEntries {
  const text = Buffer.from(bytes).toString("utf8");
  const [, written, digest, body] = /^softap-store (\d{1,9}) (\S+)\n([^\n]*)\n$/.exec(text) ?? [];
  if (written === undefined || body === undefined) throw corrupt("it is cut off or not a store");
  if (Number(written) > version)
    throw softApError("STORE_TOO_NEW", `The saved state has version ${written}, at most ${version} is known`);
  if (Number(written) !== version || digest !== digestOf(body)) throw corrupt("its check sum is wrong");
  return decodeBody(body);
}

function decodeBody(body: string): StoreEntries {
  const values: unknown = JSON.parse(body);
  const entries = new Map<string, Uint8Array>();
  if (typeof values !== "object" || values === null) throw corrupt("it holds no entries");
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== "string") throw corrupt("an entry is no text");
    entries.set(key, Uint8Array.from(Buffer.from(value, "base64")));
  }
  return entries;
}

function digestOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

function corrupt(why: string): Error {
  return softApError("STORE_CORRUPT", `The saved state is damaged: ${why}`);
}
