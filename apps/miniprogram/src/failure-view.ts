import { failureText } from "@softap/phone/texts";
import { asSoftApError, type ErrorCode, type SoftApError } from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";
import { type Texts, textsOf } from "./texts/texts.ts";

/** A failure in words: what went wrong, what to do, and the number that support asks for. */
export interface FailureView {
  readonly code: ErrorCode;
  readonly number: string;
  readonly text: string;
  readonly action: string;
  /** What stood in the way last, where the failure itself does not say; else empty. */
  readonly because: string;
}

/**
 * What the phone was doing itself. The registry's words for a router or a connection are about the device; where it is the
 * phone that fails, it needs others.
 */
export type PhoneWork = "askCloud" | "joinSoftAp" | "scanCode";

/** Puts anything thrown into words. */
export function failureOf(thrown: unknown, language: Language, work?: PhoneWork): FailureView {
  const error = asSoftApError(thrown);
  const words = textsOf(language).failures;
  const { number, because, ...registered } = failureText(error, language);
  const [text, action] = phoneWords(error, words, work) ?? [registered.text, registered.action];
  return {
    code: error.code,
    number,
    text,
    action,
    because: because === undefined ? "" : words.because.replace("{text}", because.text),
  };
}

/** A failure that only the app knows of, under the number of what comes closest. */
export function ownFailure(
  code: ErrorCode,
  [text, action]: readonly [text: string, action: string],
  language: Language,
): FailureView {
  return { code, number: failureText({ code }, language).number, text, action, because: "" };
}

function phoneWords(
  { code, entry }: SoftApError,
  words: Texts["failures"],
  work: PhoneWork | undefined,
): readonly [text: string, action: string] | undefined {
  const { kind } = entry;
  if (work === undefined || kind === "usage" || kind === "internal") return undefined;
  if (work === "askCloud") return kind === "transport" || kind === "timeout" ? words.noCloud : undefined;
  if (work === "scanCode") return code === "PERMISSION_DENIED" ? words.notScanned : undefined;
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
