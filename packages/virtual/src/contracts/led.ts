import type { BlinkPattern, Led } from "@softap/ports";
import { describe, expect } from "vitest";
import { type ContractWorld, criteria } from "./world.ts";

/** A light, and a look at it. */
export interface LedWorld extends ContractWorld {
  readonly led: Led;
  /** What it shows now; any number above 0 stands for "steadily" where the other is 0. */
  readonly looksLike: () => Promise<BlinkPattern>;
}

/** The criteria of {@link Led}. */
export function ledContract(name: string, setup: () => Promise<LedWorld>): void {
  const criterion = criteria(setup);

  describe(`Led of ${name}`, () => {
    criterion("show() blinks with the given times", async ({ world: { led, looksLike } }) => {
      led.show({ onMs: 200, offMs: 800 });
      expect(await looksLike()).toEqual({ onMs: 200, offMs: 800 });
    });

    criterion("show() is steadily lit without a dark time, and dark without a lit one", async ({ world }) => {
      world.led.show({ onMs: 1_000, offMs: 0 });
      const lit = await world.looksLike();
      expect([lit.onMs > 0, lit.offMs]).toEqual([true, 0]);
      world.led.show({ onMs: 0, offMs: 1_000 });
      const dark = await world.looksLike();
      expect([dark.onMs, dark.offMs > 0]).toEqual([0, true]);
    });

    criterion("the last show() counts, also when it repeats an earlier one", async ({ world }) => {
      const fast = { onMs: 100, offMs: 100 };
      const slow = { onMs: 500, offMs: 1_500 };
      for (const pattern of [fast, slow, slow, fast]) {
        world.led.show(pattern);
        expect(await world.looksLike()).toEqual(pattern);
      }
    });
  });
}
