import assert from "node:assert/strict";
import { passes } from "../src/tries.ts";

/**
 * Stands in for vitest, which is too much for a process in the device's namespace: the few functions of it that the port contracts use. Criteria run one after
 * the other, and each prints its line.
 */
const registered: { readonly name: string; readonly run: () => Promise<void> }[] = [];
let place = "";

/** Groups criteria under a name. */
export function describe(name: string, body: () => void): void {
  const outer = place;
  place = `${place}${name} › `;
  body();
  place = outer;
}

/** Registers a criterion. */
export function test(name: string, run: () => Promise<void>): void {
  registered.push({ name: place + name, run });
}

/** The matchers that the contracts use. */
export function expect(actual: unknown): Matchers {
  const { strictEqual, deepStrictEqual, match, ok } = assert;
  return {
    toBe: (expected) => strictEqual(actual, expected),
    toEqual: (expected) => deepStrictEqual(actual, expected),
    toBeUndefined: () => strictEqual(actual, undefined),
    toMatch: (expected) => match(String(actual), expected),
    toContain: (expected) =>
      ok(Array.isArray(actual) && actual.includes(expected), `${String(expected)} is missing`),
    toBeGreaterThan: (least) => ok(Number(actual) > least, `${String(actual)} > ${least}`),
    toBeGreaterThanOrEqual: (least) => ok(Number(actual) >= least, `${String(actual)} >= ${least}`),
    toBeLessThan: (most) => ok(Number(actual) < most, `${String(actual)} < ${most}`),
  };
}

interface Matchers {
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
  toBeUndefined(): void;
  toMatch(expected: RegExp): void;
  toContain(expected: unknown): void;
  toBeGreaterThan(least: number): void;
  toBeGreaterThanOrEqual(least: number): void;
  toBeLessThan(most: number): void;
}

expect.fail = (message: string): never => assert.fail(message);

/** Waiting, as vitest does it. */
export const vi = {
  waitFor: async (check: () => void, { timeout = 1000, interval = 50 } = {}): Promise<void> => {
    const endMs = performance.now() + timeout;
    for (;;) {
      try {
        check();
        return;
      } catch (error) {
        if (performance.now() > endMs) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  },
};

/** Runs the registered criteria whose name contains the text. @returns How many passed and failed */
export async function runCriteria(
  text: string,
): Promise<{ readonly passed: number; readonly failed: number }> {
  let passed = 0;
  let failed = 0;
  for (const { name, run } of registered.filter((one) => one.name.includes(text))) {
    const attempt = (): Promise<unknown> =>
      run().then(
        () => undefined,
        (reason: unknown) => reason ?? new Error("unknown"),
      );
    if (await passes(name, attempt)) passed += 1;
    else failed += 1;
  }
  return { passed, failed };
}
