import type { Random } from "@softap/ports";
import { describe, expect } from "vitest";
import { type ContractWorld, criteria } from "./world.ts";

/** A source of chance. */
export interface RandomWorld extends ContractWorld {
  readonly random: Random;
}

/** The criteria of {@link Random}. */
export function randomContract(name: string, setup: () => Promise<RandomWorld>): void {
  const criterion = criteria(setup);

  describe(`Random of ${name}`, () => {
    criterion(
      "bytes() gives exactly as many as asked for, in an array of their own",
      async ({ world: { random } }) => {
        for (const length of [0, 1, 4, 16, 33, 1_000, 70_000]) {
          const bytes = random.bytes(length);
          expect(bytes).toHaveLength(length);
          expect(bytes.constructor).toBe(Uint8Array);
        }
        const first = random.bytes(16);
        const copy = first.slice();
        random.bytes(16).fill(0);
        expect(first).toEqual(copy);
      },
    );

    criterion("bytes() does not repeat itself", async ({ world: { random } }) => {
      const seen = new Set(Array.from({ length: 1_000 }, () => random.bytes(16).join(",")));
      expect(seen.size).toBe(1_000);
    });

    criterion("bytes() has every value about equally often", async ({ world: { random } }) => {
      const counts = Array.from({ length: 256 }, () => 0);
      for (const byte of random.bytes(65_536)) counts[byte] = (counts[byte] ?? 0) + 1;
      // 256 are expected of each; a fair source leaves 128–384 once in 10^13 runs.
      expect(Math.min(...counts)).toBeGreaterThan(128);
      expect(Math.max(...counts)).toBeLessThan(384);
    });
  });
}
