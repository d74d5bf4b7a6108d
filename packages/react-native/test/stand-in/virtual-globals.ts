import type { NativeFetch, NativeTimers } from "@softap/react-native";
import type { TimerHandle } from "@softap/ports";
import type { VirtualClock } from "@softap/virtual";

/** Timers of a virtual clock under the names that `globalThis` gives them. */
export function virtualTimers(clock: VirtualClock): NativeTimers {
  return {
    setTimeout: (callback, delayMs) => clock.after("setTimeout", delayMs, callback),
    // Only what the function above returned comes back here.
    clearTimeout: (timer) => (timer as TimerHandle | undefined)?.cancel(),
    performance: { now: () => clock.monotonicMs() },
    Date: { now: () => clock.wallMs() ?? 0 },
  };
}

/** `fetch` of a phone that nobody asks. */
export const noFetch: NativeFetch = {
  fetch: () => Promise.reject(new TypeError("Network request failed")),
  AbortController,
};
