import { readFileSync } from "node:fs";

/** One datagram or message of `spec/vectors`. */
export interface Vector {
  readonly name: string;
  readonly text?: string;
  readonly hex?: string;
}

/** A file of `spec/vectors`; the caller names a type for what is in it, and the tests fail when it is not. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- one cast here in place of one in every test
export function readVectors<T>(name: string): T {
  const path = new URL(`../../../spec/vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

/** Bytes of a text by the platform's encoder. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes of a vector. */
export function bytesOf({ text = "", hex }: Omit<Vector, "name">): Uint8Array {
  return hex === undefined ? utf8(text) : new Uint8Array(Buffer.from(hex, "hex"));
}
