import type { ProvisioningStep } from "./progress.ts";

/** Keeps every step, so that a reader who comes late misses none. Their number is bounded by the limits of a session. */
export class StepStream implements AsyncIterable<ProvisioningStep> {
  readonly #steps: ProvisioningStep[] = [];
  readonly #waiting = new Set<() => void>();
  #hasEnded = false;

  /** Adds a step. */
  push(step: ProvisioningStep): void {
    this.#steps.push(step);
    this.#wake();
  }

  /** Lets readers end after the last step. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ProvisioningStep, void, void> {
    for (let at = 0; ; at++) {
      while (at >= this.#steps.length) {
        if (this.#hasEnded) return;
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
      const step = this.#steps[at];
      if (step !== undefined) yield step;
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
