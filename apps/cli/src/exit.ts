import { asSoftApError, type ErrorCode, errorRegistry, type SoftApError } from "@softap/protocol";
import { errorTexts, type Language } from "@softap/protocol/texts";
import { environment } from "./config/environment.ts";

/** What is told about an error: one sentence of what went wrong, one of what to do, its number. */
export interface Failure {
  readonly code: ErrorCode;
  readonly number: string;
  readonly text: string;
  readonly action: string;
  /** Exit code of the command. */
  readonly exit: number;
}

/** Kinds whose own message names the port, address, file or option in question. */
const kindsWithDetail: readonly string[] = ["transport", "store", "internal"];

/**
 * Puts an error into words.
 *
 * A mistake of the caller is told by the error's own message, which names the option and the limit; everything else by the
 * registry's text in the language, followed by the message where that names a port, an address or a file. `context.told` is a
 * sentence that fits better than all of these, and `context.help` an action.
 */
export function describeError(thrown: unknown, language: Language): Failure {
  const error = asSoftApError(thrown);
  const { number, exit, kind } = errorRegistry[error.code];
  const [text, action] = errorTexts[error.code][language];
  const { help, subject, told } = error.context;
  const message = error.message.replace(/ \(SA\d{4}\)$/, "");
  // A silent device has said nothing that the registry's sentence does not say.
  const detail = kindsWithDetail.includes(kind) && error.code !== "DEVICE_SILENT" ? message : subject;
  const detailed = detail === undefined ? text : `${text}: ${detail}`;
  return {
    code: error.code,
    number,
    text: typeof told === "string" ? told : isCallersMistake(error) ? message : detailed,
    action: typeof help === "string" ? help : action,
    exit,
  };
}

/** A mistake on this command line or in its settings; what a device reports under such a code is none of the caller's. */
function isCallersMistake({ entry, context }: SoftApError): boolean {
  return entry.kind === "usage" && context["log"] === undefined;
}

/** What is told about an error of which only the code is known. */
export function describeCode(code: ErrorCode, language: Language): Failure {
  const [text, action] = errorTexts[code][language];
  return { code, number: errorRegistry[code].number, text, action, exit: errorRegistry[code].exit };
}

/** The lines that a person reads on the error stream. */
export function formatFailure(failure: Failure): string {
  return `softap: ${failure.text} (${failure.number})\n  → ${failure.action}\n`;
}

/** The stack and causes of an error when `SOFTAP_DEBUG=1` asks for them, else nothing. */
export function debugTrace(thrown: unknown): string {
  if (environment["SOFTAP_DEBUG"] !== "1") return "";
  let trace = "";
  for (let error = thrown; error instanceof Error; error = error.cause)
    trace += `${error.stack ?? error.message}\n`;
  return trace;
}
