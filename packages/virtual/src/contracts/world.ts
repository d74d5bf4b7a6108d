import { isSoftApError, type SoftApError } from "@softap/protocol";
import { expect, test, vi } from "vitest";

/** How a suite lets the time of its world pass. */
export interface PassingTime {
  /** Lets time pass until `condition` holds; rejects when it does not within a bound of the world's own. */
  until(condition: () => boolean): Promise<void>;
}

/** Time that passes by itself, looked at every millisecond for at most 5 s. */
export const realTime: PassingTime = {
  async until(condition) {
    await vi.waitFor(() => expect(condition()).toBe(true), { timeout: 5_000, interval: 1 });
  },
};

/** What every suite needs of the world that it runs in. */
export interface ContractWorld {
  /** @defaultValue {@link realTime} */
  readonly time?: PassingTime;
  /** Runs after each test, passed or failed. */
  cleanup(): Promise<void>;
}

/** What a criterion works with: its world, and shorthands to await in the time of that world. */
export interface Criterion<W> {
  readonly world: W;
  readonly until: (condition: () => boolean) => Promise<void>;
  /** Lets time pass until the promise settles. */
  readonly settled: <T>(promise: Promise<T>) => Promise<T>;
  /** Lets time pass until the promise rejects, with one of our errors. */
  readonly failure: (promise: Promise<unknown>) => Promise<SoftApError>;
}

/** Makes the function that registers the tests of one suite, each in a fresh world. */
export function criteria<W extends ContractWorld>(
  setup: () => Promise<W>,
): (name: string, body: (criterion: Criterion<W>) => Promise<void>) => void {
  return (name, body) => {
    // oxlint-disable-next-line vitest/valid-title -- the titles stand where the criteria are written
    test(name, async () => {
      const world = await setup();
      try {
        await body({ world, ...shorthands(world.time ?? realTime) });
      } finally {
        await world.cleanup();
      }
    });
  };
}

function shorthands(time: PassingTime): Omit<Criterion<never>, "world"> {
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    await time.until(() => isSettled);
    return promise;
  };
  const failure = async (promise: Promise<unknown>): Promise<SoftApError> => {
    const error: unknown = await settled(promise).then(
      () => expect.fail("It resolved where a rejection was due"),
      (reason: unknown) => reason,
    );
    if (!isSoftApError(error)) return expect.fail(`Not an error of ours: ${String(error)}`);
    return error;
  };
  return { until: (condition) => time.until(condition), settled, failure };
}

/** `length` bytes that differ from their neighbours. */
export function patternBytes(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7 + (at >> 8)) & 0xff);
}

/** One byte string of several. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
