import { type Clock, silentLog } from "@softap/ports";
import { nodeClock, nodeCrypto, nodeRandom } from "@softap/node";
import { defaultCloudLimits } from "../../src/limits.ts";
import type { RulesContext } from "../../src/rules/rules-context.ts";

/** The real clock, with hands that a test can move forward. */
export class MovableClock implements Clock {
  #aheadMs = 0;

  forwardS(seconds: number): void {
    this.#aheadMs += seconds * 1000;
  }

  monotonicMs(): number {
    return nodeClock.monotonicMs() + this.#aheadMs;
  }

  wallMs(): number {
    return (nodeClock.wallMs() ?? 0) + this.#aheadMs;
  }

  after(name: string, delayMs: number, callback: () => void): { cancel(): void } {
    return nodeClock.after(name, delayMs, callback);
  }
}

/** What rules need, with a clock to move. */
export function rulesContext(): Omit<RulesContext, "clock"> & { readonly clock: MovableClock } {
  return {
    clock: new MovableClock(),
    random: nodeRandom,
    crypto: nodeCrypto,
    log: silentLog,
    limits: defaultCloudLimits,
  };
}
