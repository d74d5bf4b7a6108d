import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sendGapsWithin, type SendProfile } from "@softap/phone";
import { SeededRandom } from "@softap/virtual";

const budgetMs = 10_000;
const roundTripMs = 4;
/** Copies that a device sends after each reply unless it is heard again. */
const copiesAtMs = [1_000, 2_000];

/** When the phone hears the device, or `undefined`: every copy is answered, each datagram may be lost either way. */
function exchange(random: SeededRandom, loss: number, profile: SendProfile): number | undefined {
  let atMs = 0;
  const sends = [0, ...sendGapsWithin(budgetMs, profile, random).map((gapMs) => (atMs += gapMs))];
  const arrived = sends.filter(() => random.fraction() >= loss);
  const replies = arrived.flatMap((time, index) => {
    const next = arrived[index + 1] ?? Number.POSITIVE_INFINITY;
    return [time, ...copiesAtMs.map((copyMs) => time + copyMs).filter((copyMs) => copyMs < next)];
  });
  const heard = replies.toSorted((a, b) => a - b).find(() => random.fraction() >= loss);
  return heard === undefined || heard + roundTripMs > budgetMs ? undefined : heard + roundTripMs;
}

function statistics(loss: number, profile: SendProfile): { success: number; p50: number; p95: number } {
  const random = new SeededRandom(20_261_122);
  const runs = 20_000;
  const times = Array.from({ length: runs }, () => exchange(random, loss, profile) ?? budgetMs);
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * runs)] ?? budgetMs;
  return { success: times.filter((time) => time < budgetMs).length / runs, p50: at(0.5), p95: at(0.95) };
}

describe("sendGapsWithin()", () => {
  test("answers within a second in 19 of 20 cases, and in 999 of 1 000 at all, through 30 % loss each way", () => {
    const { success, p95 } = statistics(0.3, "default");
    expect(p95).toBeLessThanOrEqual(1_000);
    expect(success).toBeGreaterThanOrEqual(0.999);
  });

  test("answers in 99 of 100 cases through 50 % loss each way", () => {
    expect(statistics(0.5, "default").success).toBeGreaterThanOrEqual(0.99);
  });

  test("buys a quarter of the waiting time of the guide's plan, and more success", () => {
    const ours = statistics(0.3, "default");
    const guide = statistics(0.3, "compatible");
    expect(ours.p95).toBeLessThan(guide.p95 / 2);
    expect(ours.success).toBeGreaterThan(guide.success);
  });

  test("compatible: sends at 0, 2, 4, 6 and 8 s", () => {
    expect(sendGapsWithin(budgetMs, "compatible", new SeededRandom(1))).toEqual([2_000, 2_000, 2_000, 2_000]);
  });

  test("default: stays within the budget, sends at most 24 times, and never two within 60 ms", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const gapsMs = sendGapsWithin(budgetMs, "default", new SeededRandom(seed));
        expect(gapsMs.reduce((sum, gapMs) => sum + gapMs, 0)).toBeLessThan(budgetMs);
        expect(gapsMs.length + 1).toBeGreaterThanOrEqual(16);
        expect(gapsMs.length + 1).toBeLessThanOrEqual(24);
        expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(60);
        expect(Math.max(...gapsMs)).toBeLessThanOrEqual(700);
      }),
    );
  });

  test("default: repeats with the same seed and differs with another", () => {
    const gaps = (seed: number): readonly number[] =>
      sendGapsWithin(budgetMs, "default", new SeededRandom(seed));
    expect(gaps(1)).toEqual(gaps(1));
    expect(gaps(1)).not.toEqual(gaps(2));
  });
});
