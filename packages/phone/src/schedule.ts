import { type Random, randomFraction } from "@softap/ports";

/** How credentials are repeated until the device answers: `compatible` is the guide's 2 s × 5. */
export type SendProfile = "default" | "compatible";

/**
 * Gaps of the default profile before its steady ones, ms. Five sends within about 700 ms are what 30 % loss in each
 * direction needs for an answer within a second in 19 of 20 cases.
 */
const firstGapsMs = [80, 120, 180, 240, 300] as const;
/** Steady gap of the default profile, ms: slow enough that an old device's queue of unread datagrams stays short. */
const steadyGapMs = 600;
/** Every gap of the default profile varies by up to this part, so that two phones do not keep colliding. */
const jitter = 0.15;
/** The guide's gap, ms. */
const compatibleGapMs = 2_000;

/** Gaps between one send and the next, milliseconds, of all sends before `budgetMs`. The first send is at once and has no gap. */
export function sendGapsWithin(budgetMs: number, profile: SendProfile, random: Random): readonly number[] {
  const gapsMs: number[] = [];
  for (let atMs = 0; ;) {
    const gapMs =
      profile === "compatible" ? compatibleGapMs : varied(firstGapsMs[gapsMs.length] ?? steadyGapMs, random);
    atMs += gapMs;
    if (atMs >= budgetMs) return gapsMs;
    gapsMs.push(gapMs);
  }
}

function varied(gapMs: number, random: Random): number {
  return Math.round(gapMs * (1 + jitter * (2 * randomFraction(random) - 1)));
}
