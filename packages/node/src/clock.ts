import type { Clock, TimerHandle } from "@softap/ports";
import { nodeLimits } from "./limits.ts";

/** The system's time. Its wall clock is always known. */
export const nodeClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(_name, delayMs, callback): TimerHandle {
    let timer: NodeJS.Timeout;
    // Node counts whole milliseconds and may come a fraction of one early: one more keeps the promise.
    let leftMs = delayMs > 0 ? Math.ceil(delayMs) + 1 : 0;
    const wait = (): void => {
      const stepMs = Math.min(leftMs, nodeLimits.maxTimerMs);
      leftMs -= stepMs;
      timer = setTimeout(leftMs > 0 ? wait : callback, stepMs);
    };
    wait();
    return { cancel: () => clearTimeout(timer) };
  },
};
