import { type PhoneLimits, phoneLimits } from "../limits.ts";
import type { ProvisioningStep } from "../provisioning/progress.ts";

/**
 * For a screen: whole seconds until what is going on is given up at the latest, 0 or more; `undefined` while nothing but a
 * person is waited for, and after the verdict.
 *
 * @param steps - What happened so far, oldest first.
 * @param options.nowMs - Milliseconds since `provision()`.
 * @param options.limits - Those given to `provision()`. @defaultValue {@link phoneLimits}
 */
export function countdown(
  steps: readonly ProvisioningStep[],
  options: { readonly nowMs: number; readonly limits?: Partial<PhoneLimits> },
): number | undefined {
  const limits = { ...phoneLimits, ...options.limits };
  let deadlineMs: number | undefined;
  for (const step of steps) deadlineMs = nextDeadlineMs(step, deadlineMs, limits);
  return deadlineMs === undefined ? undefined : Math.max(0, Math.ceil((deadlineMs - options.nowMs) / 1_000));
}

/**
 * When what is going on will be given up at the latest, in milliseconds since the start; `undefined` while nothing but a
 * person is waited for.
 *
 * @param step - What has just happened.
 * @param deadlineMs - What this function returned for the step before.
 */
export function nextDeadlineMs(
  step: ProvisioningStep,
  deadlineMs: number | undefined,
  limits: PhoneLimits,
): number | undefined {
  const { atMs } = step;
  switch (step.name) {
    case "createToken":
      return atMs + limits.prepareTimeoutMs;
    case "joinSoftAp":
      // A phone that looks for the device once more does so within the time that it had anyway.
      return laterOf(deadlineMs, atMs, limits.softApTimeoutMs);
    case "sendCredentials":
      return step.sends === 1 ? atMs + limits.silentAfterMs : deadlineMs;
    case "deviceAnswered":
      return atMs + limits.verdictTimeoutMs;
    case "restoreNetwork":
      return laterOf(deadlineMs, atMs, limits.restoreTimeoutMs);
    case "askCloud":
      return laterOf(deadlineMs, atMs, limits.silentAskMs);
    case "bindFamily":
      return step.attempt === 1 ? atMs + limits.bindTimeoutMs : deadlineMs;
    case "previousError":
    case "deviceProgress":
      return deadlineMs;
    case "deviceFailed":
    case "verdict":
      return undefined;
  }
}

/** A deadline that is not over counts on; else there is a new one. */
function laterOf(deadlineMs: number | undefined, atMs: number, limitMs: number): number {
  return deadlineMs !== undefined && deadlineMs > atMs ? deadlineMs : atMs + limitMs;
}
