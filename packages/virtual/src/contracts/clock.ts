import { CancelSource, type Clock, neverCanceled, sleep } from "@softap/ports";
import { describe, expect } from "vitest";
import { type ContractWorld, criteria } from "./world.ts";

/** A clock whose time passes in {@link ContractWorld.time}. */
export interface ClockWorld extends ContractWorld {
  readonly clock: Clock;
}

/** The criteria of {@link Clock}. */
export function clockContract(name: string, setup: () => Promise<ClockWorld>): void {
  const criterion = criteria(setup);

  describe(`Clock of ${name}`, () => {
    criterion(
      "monotonicMs() never goes backwards and goes on while a timer waits",
      async ({ world: { clock }, until }) => {
        const seen = [clock.monotonicMs()];
        let hasFired = false;
        clock.after("contract", 20, () => {
          hasFired = true;
        });
        await until(() => {
          seen.push(clock.monotonicMs());
          return hasFired;
        });
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
        expect((seen.at(-1) ?? 0) - (seen[0] ?? 0)).toBeGreaterThanOrEqual(20);
      },
    );

    criterion("wallMs() is unknown or goes on", async ({ world: { clock }, settled }) => {
      const before = clock.wallMs();
      await settled(sleep(clock, { name: "contract", delayMs: 20, signal: neverCanceled }));
      const after = clock.wallMs();
      if (before === undefined) expect(after).toBeUndefined();
      else expect(after).toBeGreaterThan(before);
    });

    criterion("after() calls once, and not before its delay", async ({ world: { clock }, until }) => {
      for (const delayMs of [0, 0.4, 1, 3, 7.5, 20]) {
        const startMs = clock.monotonicMs();
        const firedMs: number[] = [];
        clock.after("contract", delayMs, () => firedMs.push(clock.monotonicMs()));
        expect(firedMs).toEqual([]);
        await until(() => firedMs.length > 0);
        expect((firedMs[0] ?? 0) - startMs).toBeGreaterThanOrEqual(delayMs);
        await laterThan(clock, until);
        expect(firedMs).toHaveLength(1);
      }
    });

    criterion(
      "after() keeps the order of due times, and of calls with the same delay",
      async ({ world: { clock }, until }) => {
        const order: string[] = [];
        clock.after("contract", 30, () => order.push("last"));
        clock.after("contract", 10, () => order.push("first"));
        clock.after("contract", 20, () => order.push("second"));
        clock.after("contract", 20, () => order.push("third"));
        await until(() => order.length === 4);
        expect(order).toEqual(["first", "second", "third", "last"]);
      },
    );

    criterion(
      "cancel() keeps the callback from running, and is idempotent",
      async ({ world: { clock }, until }) => {
        let calls = 0;
        const timer = clock.after("contract", 2, () => {
          calls += 1;
        });
        timer.cancel();
        timer.cancel();
        await laterThan(clock, until);
        expect(calls).toBe(0);
      },
    );

    criterion("cancel() after the callback ran does nothing", async ({ world: { clock }, until }) => {
      let calls = 0;
      const timer = clock.after("contract", 1, () => {
        calls += 1;
      });
      await until(() => calls === 1);
      timer.cancel();
      await laterThan(clock, until);
      expect(calls).toBe(1);
    });

    criterion(
      "a callback may cancel another timer that is due at the same time",
      async ({ world: { clock }, until }) => {
        let calls = 0;
        clock.after("contract", 2, () => second.cancel());
        const second = clock.after("contract", 2, () => {
          calls += 1;
        });
        await laterThan(clock, until);
        expect(calls).toBe(0);
      },
    );

    criterion("a callback may set the next timer", async ({ world: { clock }, until }) => {
      let ticks = 0;
      const tick = (): void => {
        ticks += 1;
        if (ticks < 5) clock.after("contract", 1, tick);
      };
      tick();
      await until(() => ticks === 5);
    });

    criterion("after() waits even for a month", async ({ world: { clock }, until }) => {
      let calls = 0;
      const timer = clock.after("contract", 31 * 24 * 3_600_000, () => {
        calls += 1;
      });
      await laterThan(clock, until);
      expect(calls).toBe(0);
      timer.cancel();
    });

    criterion("sleep() on it ends at once when cancelled", async ({ world: { clock }, failure }) => {
      const source = new CancelSource();
      const sleeping = sleep(clock, { name: "contract", delayMs: 3_600_000, signal: source.signal });
      source.cancel();
      expect((await failure(sleeping)).code).toBe("CANCELED");
    });
  });
}

/** Lets more time pass than any timer of these tests had left. */
async function laterThan(clock: Clock, until: (condition: () => boolean) => Promise<void>): Promise<void> {
  let isLater = false;
  clock.after("contract, later", 10, () => {
    isLater = true;
  });
  await until(() => isLater);
}
