import type { BlinkPattern, Clock, Led } from "@softap/ports";

/** A pattern and since when it was shown. */
export interface ShownPattern extends BlinkPattern {
  /** Monotonic milliseconds. */
  readonly atMs: number;
}

/** Records what a light would have shown. */
export class VirtualLed implements Led {
  readonly #clock: Clock;
  readonly #shown: ShownPattern[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Every pattern, oldest first. */
  get shown(): readonly ShownPattern[] {
    return this.#shown;
  }

  /** What it shows now. */
  get pattern(): BlinkPattern | undefined {
    const last = this.#shown.at(-1);
    return last === undefined ? undefined : { onMs: last.onMs, offMs: last.offMs };
  }

  /** @inheritdoc */
  show(pattern: BlinkPattern): void {
    this.#shown.push({ atMs: this.#clock.monotonicMs(), onMs: pattern.onMs, offMs: pattern.offMs });
  }
}
