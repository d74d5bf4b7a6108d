import { SeededRandom } from "@softap/virtual";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

describe("SeededRandom", () => {
  test("the same seed gives the same bytes, however they are asked for", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new SeededRandom(seed);
        const words = [random.bytes(4), random.bytes(4)];
        const whole = new SeededRandom(seed).bytes(8);
        expect([...(words[0] ?? []), ...(words[1] ?? [])]).toEqual([...whole]);
      }),
    );
  });

  test("a known seed gives known numbers for ever, so that old seeds stay useful", () => {
    const random = new SeededRandom(7);
    expect([random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
      [
        170755796,
        891402638,
        3124220370,
      ]
    `);
  });

  test("neighbouring seeds have nothing in common", () => {
    const firsts = new Set(Array.from({ length: 10_000 }, (_, seed) => new SeededRandom(seed).uint32()));
    expect(firsts.size).toBeGreaterThan(9_990);
  });

  test("child() depends on seed and name, not on what was drawn", () => {
    const parent = new SeededRandom(5);
    const before = parent.child("link").bytes(16);
    parent.bytes(1_000);
    expect(parent.child("link").bytes(16)).toEqual(before);
    expect(parent.child("other").bytes(16)).not.toEqual(before);
    expect(new SeededRandom(6).child("link").bytes(16)).not.toEqual(before);
  });

  test("fraction() lies in [0, 1) and is even", () => {
    const random = new SeededRandom(11);
    const values = Array.from({ length: 20_000 }, () => random.fraction());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
  });

  test("a seed that is no integer is refused", () => {
    for (const seed of [0.5, Number.NaN, Infinity])
      expect(() => new SeededRandom(seed)).toThrow(/not an integer/);
  });
});
