import { asSoftApError, type ErrorCode, errorRegistry, type SoftApError } from "@softap/protocol";
import { errorTexts, type Language } from "@softap/protocol/texts";
import { type Texts, textsOf } from "./texts/texts.ts";

/** A failure in words: what went wrong, what to do, and the number that support asks for. */
export interface FailureView {
  readonly code: ErrorCode;
  readonly number: string;
  readonly text: string;
  readonly action: string;
}

/**
 * What the phone was doing itself. The registry's words for a router or a connection are about the device; where it is the
 * phone that fails, it needs others.
 */
export type PhoneWork = "askCloud" | "joinSoftAp";

/** Puts anything thrown into words. */
export function failureOf(thrown: unknown, language: Language, work?: PhoneWork): FailureView {
  const error = asSoftApError(thrown);
  const { code } = error;
  const { number } = errorRegistry[code];
  const own = phoneWords(error, textsOf(language).failures, work);
  const [text, action] = own ?? errorTexts[code][language];
  return { code, number, text, action };
}

function phoneWords(
  { code, entry }: SoftApError,
  words: Texts["failures"],
  work: PhoneWork | undefined,
): readonly [text: string, action: string] | undefined {
  const { kind } = entry;
  if (work === undefined || kind === "usage" || kind === "internal") return undefined;
  if (work === "askCloud") return kind === "transport" || kind === "timeout" ? words.noCloud : undefined;
  switch (code) {
    case "WIFI_AUTH_FAILED":
      return words.softApPassphrase;
    case "WIFI_NOT_FOUND":
      return words.noSoftAp;
    case "PERMISSION_DENIED":
      return words.notAllowed;
    default:
      return words.notJoined;
  }
}
