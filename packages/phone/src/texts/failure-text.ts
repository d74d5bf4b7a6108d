import { type ErrorCode, errorBasics, isSoftApError } from "@softap/protocol";
import { errorTexts, type Language } from "@softap/protocol/texts";

/** A failure as people are told of it. The texts have no full stop. */
export interface FailureText {
  /** Such as `SA2101`: what support asks for. */
  readonly number: string;
  /** What happened. */
  readonly text: string;
  /** What to do now. */
  readonly action: string;
  /** What stood in the way last, when the failure itself does not say, as with `VERDICT_UNKNOWN`. */
  readonly because?: FailureText;
}

/**
 * Says a failure: that of a verdict, that which `retry` is asked about, or any error of ours.
 *
 * @param failure - `FailedVerdict`, `UnknownVerdict`, `Failure`, or a `SoftApError`.
 */
export function failureText(
  failure: { readonly code: ErrorCode; readonly error?: Error; readonly cause?: unknown },
  language: Language,
): FailureText {
  const { code, error } = failure;
  const [text, action] = errorTexts[code][language];
  const said = { number: errorBasics[code].number, text, action };
  const cause = code === "VERDICT_UNKNOWN" ? (error?.cause ?? failure.cause) : undefined;
  if (!isSoftApError(cause) || cause.code === code) return said;
  return { ...said, because: failureText({ code: cause.code }, language) };
}
