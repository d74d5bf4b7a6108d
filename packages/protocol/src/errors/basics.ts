import { type ErrorCode, packedErrors } from "./codes.ts";

/** What every side knows of an error. */
export interface ErrorBasics {
  /** Stable number, printed behind the message. */
  readonly number: string;
  readonly kind: ErrorKind;
  /** Whether trying again can help: `input` means only with other input. */
  readonly retry: "yes" | "no" | "input";
}

/** Whose fault an error is, and so its class. */
export type ErrorKind =
  | "protocol"
  | "wifi"
  | "transport"
  | "cloud"
  | "store"
  | "timeout"
  | "canceled"
  | "usage"
  | "internal";

/** Kind by the first digit of the number; those of 6 by the second. */
const kinds = ["protocol", "wifi", "transport", "cloud", "cloud"] as const;
const ownKinds = ["store", "timeout", "canceled", "usage", "internal"] as const;
const retries = ["no", "yes", "input"] as const;

function unpack(packed: number): ErrorBasics {
  const number = Math.floor(packed / 10);
  const hundreds = Math.floor(number / 100);
  const kind = kinds[Math.floor(hundreds / 10) - 1] ?? ownKinds[(hundreds % 10) - 1] ?? "internal";
  return { number: `SA${number}`, kind, retry: retries[packed % 10] ?? "no" };
}

/** Every error, by code. */
export const errorBasics = Object.fromEntries(
  Object.entries(packedErrors).map(([code, packed]) => [code, unpack(packed)]),
  // `Object.entries` forgets the names that it was given.
) as Readonly<Record<ErrorCode, ErrorBasics>>;
