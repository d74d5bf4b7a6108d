import { describe, expect, test } from "vitest";
import { fuzzDecoders } from "../../../tools/fuzz-decoders.ts";

const seed = Number(process.env["FUZZ_SEED"] ?? 20_240_601);

describe("decoders", () => {
  test(`take 20 000 random and mutated datagrams without a throw (seed ${seed})`, () => {
    const counts = fuzzDecoders({ count: 20_000, seed });
    for (const [name, { decoded, refused }] of Object.entries(counts)) {
      expect(decoded + refused).toBe(20_000);
      // A decoder that takes everything or nothing would not have been tried.
      expect(decoded).toBeGreaterThan(4);
      if (name !== "displayBytes") expect(refused).toBeGreaterThan(4);
    }
  });

  test("see the same datagrams for the same seed", () => {
    expect(fuzzDecoders({ count: 500, seed: 7 })).toEqual(fuzzDecoders({ count: 500, seed: 7 }));
    expect(fuzzDecoders({ count: 500, seed: 7 })).not.toEqual(fuzzDecoders({ count: 500, seed: 8 }));
  });
});
