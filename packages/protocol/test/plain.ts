import { Secret } from "@softap/protocol";

/** A decoded value as the vectors write it: bytes as text, secrets revealed, nothing `undefined`. */
export function plain(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (value instanceof Uint8Array) return new TextDecoder("utf-8", { fatal: true }).decode(value);
  if (value instanceof Error || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : [[name, plain(member)]])),
  );
}
