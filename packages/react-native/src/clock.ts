import type { Clock, TimerHandle } from "@softap/ports";
import { reactNativeLimits } from "./limits.ts";

/** What {@link ReactNativeClock} uses of `globalThis`. */
export interface NativeTimers {
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly performance: { now(): number };
  readonly Date: { now(): number };
}

/** The system's time. Its wall clock is always known. */
export class ReactNativeClock implements Clock {
  readonly #timers: NativeTimers;

  constructor(timers: NativeTimers) {
    this.#timers = timers;
  }

  /** @inheritdoc */
  monotonicMs(): number {
    return this.#timers.performance.now();
  }

  /** @inheritdoc */
  wallMs(): number {
    return this.#timers.Date.now();
  }

  /** @inheritdoc */
  after(_name: string, delayMs: number, callback: () => void): TimerHandle {
    const timers = this.#timers;
    const dueMs = this.monotonicMs() + Math.max(0, delayMs);
    let timer: unknown;
    const wait = (leftMs: number): void => {
      timer = timers.setTimeout(look, Math.min(Math.ceil(leftMs), reactNativeLimits.maxTimerMs));
    };
    // Native timers follow the frames of the screen and may come a little early.
    const look = (): void => {
      const leftMs = dueMs - this.monotonicMs();
      if (leftMs > 0) wait(leftMs);
      else callback();
    };
    wait(Math.max(0, delayMs));
    return { cancel: () => timers.clearTimeout(timer) };
  }
}
