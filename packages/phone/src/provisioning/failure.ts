import { type ErrorReply, type SoftApError, softApError } from "@softap/protocol";
import type { Failure } from "./options.ts";

/** Longer than any text that a device of the vendor or of ours sends. */
const maxLogLength = 96;

/** What the device reported, as an error for the caller. */
export function failureOf(reply: ErrorReply, attempt: number): Failure {
  const { code, retry } = reply;
  const log = reply.log.slice(0, maxLogLength);
  const error = softApError(code, "The device reported an error", { context: { attempt, log } });
  return { code, error, retry, attempt };
}

/** Nothing was heard from the device. @param cause - Why the phone could not stay on the soft AP. */
export function silenceOf(attempt: number, limitMs: number, cause?: SoftApError): Failure {
  const code = "DEVICE_SILENT";
  const error = softApError(code, `The device did not answer within ${limitMs} ms`, {
    cause,
    context: { attempt, limitMs },
  });
  return { code, error, retry: error.entry.retry, attempt };
}
