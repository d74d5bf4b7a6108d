import type { Clock } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { virtualLimits } from "../limits.ts";
import type { SeededRandom } from "../random.ts";

/** How one direction between two hosts treats what is sent. Shares are 0 to 1. */
export interface LinkConditions {
  /** `false` is a break in this direction. */
  readonly isUp: boolean;
  /** Share of datagrams that do not arrive. */
  readonly loss: number;
  /** Share of datagrams that arrive twice. */
  readonly duplication: number;
  /** Share of datagrams that are held back by `reorderingMs`, so that later ones overtake them. */
  readonly reordering: number;
  /** Milliseconds. */
  readonly reorderingMs: number;
  /** Time on the way, milliseconds. */
  readonly delayMs: number;
  /** A random time of up to this is added to the delay, milliseconds. Order is kept. */
  readonly jitterMs: number;
  /** Datagrams with more bytes are dropped without a word. */
  readonly mtuBytes: number;
}

/** Everything arrives, at once. */
export const perfectLink: LinkConditions = {
  isUp: true,
  loss: 0,
  duplication: 0,
  reordering: 0,
  reorderingMs: 20,
  delayMs: 0,
  jitterMs: 0,
  mtuBytes: virtualLimits.maxDatagramBytes,
};

/**
 * Whole conditions from the few that differ from {@link perfectLink}.
 *
 * @throws {UsageError} `USAGE` when a share is not 0 to 1 or a time or size is negative
 */
export function linkConditions(given: Partial<LinkConditions>): LinkConditions {
  const conditions = { ...perfectLink, ...given };
  for (const name of ["loss", "duplication", "reordering"] as const)
    if (!(conditions[name] >= 0 && conditions[name] <= 1))
      throw softApError("USAGE", `${name} is ${conditions[name]}, 0 to 1 is allowed`);
  for (const name of ["reorderingMs", "delayMs", "jitterMs", "mtuBytes"] as const)
    if (!(conditions[name] >= 0 && Number.isFinite(conditions[name])))
      throw softApError("USAGE", `${name} is ${conditions[name]}, 0 or more is allowed`);
  return conditions;
}

/** What happened to something that was sent, for traces. */
export type Fate = "carried" | "duplicated" | "lost" | "too long" | "broken";

/** One direction between two hosts. */
export class VirtualLink {
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #inherited: () => LinkConditions;
  #own: LinkConditions | undefined;
  #lastArrivalMs = 0;

  /** @param inherited - Conditions while the link has none of its own. */
  constructor(clock: Clock, random: SeededRandom, inherited: () => LinkConditions) {
    this.#clock = clock;
    this.#random = random;
    this.#inherited = inherited;
  }

  /** What counts now. */
  get conditions(): LinkConditions {
    return this.#own ?? this.#inherited();
  }

  /** Gives this direction conditions of its own (what is left out is perfect), or those of its segment back. */
  impair(conditions: Partial<LinkConditions> | undefined): void {
    this.#own = conditions === undefined ? undefined : linkConditions(conditions);
  }

  /** Sends a datagram of `bytes`; `deliver` runs for every copy that arrives, `link arrival` being the timer's name. */
  carryDatagram(bytes: number, deliver: () => void): Fate {
    const conditions = this.#own ?? this.#inherited();
    if (!conditions.isUp) return "broken";
    if (bytes > conditions.mtuBytes) return "too long";
    if (this.#happens(conditions.loss)) return "lost";
    const isDuplicated = this.#happens(conditions.duplication);
    this.#sendCopy(conditions, deliver);
    if (isDuplicated) this.#sendCopy(conditions, deliver);
    return isDuplicated ? "duplicated" : "carried";
  }

  /** Sends a piece of a stream once: order is always kept. */
  carryPiece(deliver: () => void): Fate {
    const conditions = this.conditions;
    if (!conditions.isUp) return "broken";
    if (this.#happens(conditions.loss)) return "lost";
    this.#clock.after("link arrival", this.#inOrderDelayMs(conditions), deliver);
    return "carried";
  }

  /** Draws only when the outcome is open, so that links without loss cost no chance. */
  #happens(share: number): boolean {
    return share > 0 && this.#random.fraction() < share;
  }

  #sendCopy(conditions: LinkConditions, deliver: () => void): void {
    const delayMs = this.#happens(conditions.reordering)
      ? this.#delayMs(conditions) + conditions.reorderingMs
      : this.#inOrderDelayMs(conditions);
    this.#clock.after("link arrival", delayMs, deliver);
  }

  #delayMs(conditions: LinkConditions): number {
    const jitterMs = conditions.jitterMs > 0 ? conditions.jitterMs * this.#random.fraction() : 0;
    return conditions.delayMs + jitterMs;
  }

  #inOrderDelayMs(conditions: LinkConditions): number {
    const nowMs = this.#clock.monotonicMs();
    const arrivalMs = Math.max(nowMs + this.#delayMs(conditions), this.#lastArrivalMs);
    this.#lastArrivalMs = arrivalMs;
    return arrivalMs - nowMs;
  }
}
