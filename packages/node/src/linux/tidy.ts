import { type Clock, type Log, neverCanceled, withTimeout } from "@softap/ports";
import { asSoftApError } from "@softap/protocol";
import type { Call } from "./call.ts";
import { linuxLimits } from "./limits.ts";

/**
 * Undoes something, within {@link linuxLimits.cleanupMs} of its own: the caller's time may be over. What cannot be undone is told
 * and left.
 */
export async function tidy(
  what: string,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  work: (call: Call) => Promise<void>,
): Promise<void> {
  const limit = { phase: what, limitMs: linuxLimits.cleanupMs, signal: neverCanceled };
  try {
    await withTimeout(clock, limit, (signal) => work({ signal }));
  } catch (error) {
    log.warn("clean-up failed", { what, code: asSoftApError(error).code });
  }
}
