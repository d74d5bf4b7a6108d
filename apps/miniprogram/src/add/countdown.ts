import { nextDeadlineMs, phoneLimits, type ProvisioningStep } from "@softap/phone";
import type { Clock, TimerHandle } from "@softap/ports";
import { appLimits } from "../limits.ts";

/** Tells every second how long what is going on may still take. */
export class Countdown {
  readonly #clock: Clock;
  readonly #onChange: (text: string) => void;
  #timer: TimerHandle | undefined;
  #startedAtMs = 0;
  #deadlineMs: number | undefined;

  /** @param onChange - Takes the time as `m:ss`; nothing when none is left, or when a person is waited for. */
  constructor(clock: Clock, onChange: (text: string) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** Call it together with `provision()`. */
  start(): void {
    this.stop();
    this.#startedAtMs = this.#clock.monotonicMs();
    this.#deadlineMs = undefined;
  }

  /** Takes in what has happened. */
  follow(step: ProvisioningStep): void {
    const before = this.#deadlineMs;
    this.#deadlineMs = nextDeadlineMs(step, before, phoneLimits);
    if (this.#deadlineMs === before) return;
    this.#timer?.cancel();
    this.#tick();
  }

  /** Idempotent. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#onChange("");
  }

  #tick(): void {
    const nowMs = this.#clock.monotonicMs() - this.#startedAtMs;
    const leftS = Math.ceil(((this.#deadlineMs ?? 0) - nowMs) / 1_000);
    this.#onChange(leftS > 0 ? formatSeconds(leftS) : "");
    this.#timer =
      leftS > 0 ? this.#clock.after("countdown", appLimits.tickMs, () => this.#tick()) : undefined;
  }
}

/** Seconds as `m:ss`. */
export function formatSeconds(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
