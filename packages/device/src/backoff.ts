/**
 * Pause before try number `tries + 1`: doubles from `firstMs` up to `maxMs`, spread over its upper half.
 *
 * @param tries - Failures so far, from 1.
 * @param chance - In [0, 1).
 */
export function backoffMs(tries: number, chance: number, range: { firstMs: number; maxMs: number }): number {
  const fullMs = Math.min(range.maxMs, range.firstMs * 2 ** Math.min(tries - 1, 30));
  return Math.round(fullMs * (0.5 + chance / 2));
}
