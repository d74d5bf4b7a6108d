import { type ErrorCode, errorCodes, numberRuns, retryDigits } from "./codes.ts";

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

const retryOfDigit: Readonly<Record<string, ErrorBasics["retry"]>> = { 0: "no", 1: "yes", 2: "input" };

/** Every error, by code. */
export const errorBasics: Readonly<Record<ErrorCode, ErrorBasics>> = /* @__PURE__ */ unpack();

function unpack(): Record<ErrorCode, ErrorBasics> {
  const all: Record<string, ErrorBasics> = {};
  let at = 0;
  for (const [kind, first, count] of numberRuns)
    for (let number: number = first; number < first + count; at++)
      all[errorCodes[at] ?? ""] = {
        number: `SA${number++}`,
        kind,
        retry: retryOfDigit[retryDigits.charAt(at)] ?? "no",
      };
  return all;
}
