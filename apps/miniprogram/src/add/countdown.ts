import type { Clock, TimerHandle } from "@softap/ports";
import { appLimits } from "../limits.ts";

/** Tells every second how much time is left. */
export class Countdown {
  readonly #clock: Clock;
  readonly #onChange: (text: string) => void;
  #timer: TimerHandle | undefined;

  /** @param onChange - Takes the time as `m:ss`, or nothing when none is left. */
  constructor(clock: Clock, onChange: (text: string) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** Counts from now. @param forMs - Milliseconds. */
  start(forMs: number): void {
    const untilMs = this.#clock.monotonicMs() + forMs;
    const tick = (): void => {
      const leftS = Math.ceil((untilMs - this.#clock.monotonicMs()) / 1_000);
      this.#onChange(leftS > 0 ? formatSeconds(leftS) : "");
      this.#timer = leftS > 0 ? this.#clock.after("countdown", appLimits.tickMs, tick) : undefined;
    };
    this.stop();
    tick();
  }

  /** Idempotent. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}

/** Seconds as `m:ss`. */
export function formatSeconds(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
