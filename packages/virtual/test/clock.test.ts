import { isSoftApError } from "@softap/protocol";
import { VirtualClock } from "@softap/virtual";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const setImmediatePromise = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (isSoftApError(error) ? error.code : String(error)),
  );
}

describe("VirtualClock", () => {
  test("timers run by due time, then by insertion, and canceled ones never", () => {
    const script = fc.array(fc.record({ delayMs: fc.nat(20), isCanceled: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(script, (timers) => {
        const clock = new VirtualClock();
        const fired: number[] = [];
        const handles = timers.map(({ delayMs }, at) => clock.after(`${at}`, delayMs, () => fired.push(at)));
        for (const [at, { isCanceled }] of timers.entries()) if (isCanceled) handles[at]?.cancel();
        const expected = timers
          .map((timer, at) => ({ ...timer, at }))
          .filter(({ isCanceled }) => !isCanceled)
          .toSorted((a, b) => a.delayMs - b.delayMs || a.at - b.at)
          .map(({ at }) => at);
        expect(clock.pending).toEqual(expected.map(String));
        clock.advanceSync(20);
        expect(fired).toEqual(expected);
        expect(clock.pendingCount).toBe(0);
      }),
    );
  });

  test("advance() stops exactly at its end and runs what a timer sets on the way", async () => {
    const clock = new VirtualClock();
    const firedMs: number[] = [];
    const tick = (): void => {
      firedMs.push(clock.monotonicMs());
      clock.after("tick", 10, tick);
    };
    tick();
    await clock.advance(35);
    expect(firedMs).toEqual([0, 10, 20, 30]);
    expect(clock.monotonicMs()).toBe(35);
    expect(clock.pending).toEqual(["tick"]);
  });

  test("advance() lets promises go on between two timers of the same instant", async () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    clock.after("first", 5, () => {
      void Promise.resolve().then(() => order.push("promise of first"));
    });
    clock.after("second", 5, () => order.push("second"));
    await clock.advance(5);
    expect(order).toEqual(["promise of first", "second"]);
  });

  test("advanceSync() runs no promise in between", () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    clock.after("first", 5, () => {
      void Promise.resolve().then(() => order.push("promise"));
    });
    clock.after("second", 5, () => order.push("second"));
    clock.advanceSync(5);
    expect(order).toEqual(["second"]);
  });

  test("advanceUntil() stops at the moment in which the condition came true", async () => {
    const clock = new VirtualClock();
    let isDone = false;
    clock.after("done", 70, () => {
      isDone = true;
    });
    clock.after("later", 71, () => {});
    await clock.advanceUntil(() => isDone, 1_000);
    expect(clock.monotonicMs()).toBe(70);
    expect(clock.pending).toEqual(["later"]);
  });

  test("advanceUntil() that never comes true names the pending timers", async () => {
    const clock = new VirtualClock();
    clock.after("session", 300_000, () => {});
    const work = clock.advanceUntil(() => false, 1_000);
    await expect(work).rejects.toThrow(/within 1000 ms; pending timers: session/);
    expect(clock.monotonicMs()).toBe(1_000);
    expect(await codeOf(clock.advanceUntil(() => false, 1))).toBe("TIMEOUT");
  });

  test("complete() gives what the work gives, and its error", async () => {
    const clock = new VirtualClock();
    const later = <T>(outcome: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        clock.after("work", 50, () => {
          try {
            resolve(outcome());
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      });
    expect(
      await clock.complete(
        later(() => 7),
        100,
      ),
    ).toBe(7);
    const failing = later(() => {
      throw new Error("of the work");
    });
    await expect(clock.complete(failing, 100)).rejects.toThrow("of the work");
    expect(await codeOf(clock.complete(new Promise(() => {}), 100))).toBe("TIMEOUT");
  });

  test("runAll() ends when nothing is pending, or at its limit", async () => {
    const clock = new VirtualClock();
    clock.after("one", 10, () => clock.after("two", 10, () => {}));
    await clock.runAll(1_000);
    expect(clock.monotonicMs()).toBe(20);
    const tick = (): void => void clock.after("tick", 10, tick);
    tick();
    expect(await codeOf(clock.runAll(1_000))).toBe("TIMEOUT");
  });

  test("time cannot be moved backwards, for ever, or twice at once", async () => {
    const clock = new VirtualClock();
    for (const byMs of [-1, Number.NaN, Infinity]) expect(await codeOf(clock.advance(byMs))).toBe("USAGE");
    const moving = clock.advance(1);
    expect(await codeOf(clock.advance(1))).toBe("USAGE");
    await moving;
    expect(() => clock.after("never", Infinity, () => {})).toThrow(/delay Infinity/);
    clock.after("nested", 1, () => clock.advanceSync(1));
    expect(() => clock.advanceSync(1)).toThrow(/moved already/);
    await clock.advance(1);
  });

  test("an error of a timer comes out of the call that moves time", async () => {
    const clock = new VirtualClock();
    clock.after("broken", 1, () => {
      throw new Error("in the timer");
    });
    await expect(clock.advance(5)).rejects.toThrow("in the timer");
    await clock.advance(5);
    expect(clock.monotonicMs()).toBe(6);
  });

  test("the wall clock may be right, unknown, or a year off", async () => {
    const clock = new VirtualClock({ wallMs: 1_000_000 });
    const off = clock.withWall(1_000_000 - 31_536_000_000);
    await clock.advance(500);
    expect(clock.wallMs()).toBe(1_000_500);
    expect(off.wallMs()).toBe(1_000_500 - 31_536_000_000);
    clock.setWall(undefined);
    expect(clock.wallMs()).toBeUndefined();
    clock.setWall(42);
    await clock.advance(8);
    expect(clock.wallMs()).toBe(50);
    off.setWall(undefined);
    expect(off.wallMs()).toBeUndefined();
    expect(off.monotonicMs()).toBe(508);
    expect(new VirtualClock({ wallMs: undefined }).wallMs()).toBeUndefined();
  });

  test("runFreely() jumps from timer to timer until it is stopped", async () => {
    const clock = new VirtualClock({ settle: setImmediatePromise });
    const stop = clock.runFreely();
    await new Promise<void>((resolve) => {
      clock.after("tomorrow", 86_400_000, resolve);
    });
    await stop();
    await stop();
    expect(clock.monotonicMs()).toBe(86_400_000);
    expect(() => {
      clock.runFreely();
      clock.runFreely();
    }).toThrow(/freely already/);
  });
});
