import { InternalError } from "@softap/protocol";
import { virtualLimits } from "./limits.ts";

/** Names of the methods of a port. */
export type MethodOf<T> = { [K in keyof T]: T[K] extends (...args: never) => unknown ? K : never }[keyof T] &
  string;

/** When a faulty call fails: without doing anything, or after it did everything, as when the answer is lost. */
export type FaultMoment = "before" | "after";

/** A port with a fault in one of its calls. */
export interface Fault<T> {
  /** What to hand to the code under test. */
  readonly target: T;
  /** How often the method was called so far. */
  readonly calls: number;
  /** Whether the faulty call was made. */
  readonly wasReached: boolean;
  /** @throws {InternalError} `INTERNAL` when the fault was not reached: the test then proves nothing */
  assertReached(): void;
}

/**
 * Lets the n-th call of a method fail; every other call goes through.
 *
 * @param n - From 1.
 * @param error - What the call throws; a method that returns a promise rejects with it.
 *
 * @example
 * ```ts
 * const fault = failNth(new MemoryStore(), "apply", 1, softApError("STORE_WRITE_FAILED", "The disk is full"));
 * await expect(fault.target.apply({}, { signal: neverCanceled })).rejects.toThrow("The disk is full");
 * fault.assertReached();
 * ```
 */
export function failNth<T extends object>(
  target: T,
  method: MethodOf<T>,
  n: number,
  error: Error,
  moment: FaultMoment = "before",
): Fault<T> {
  let calls = 0;
  const proxy = new Proxy(target, {
    get(real, key) {
      // The real object is the receiver: its private members are not the proxy's.
      const member: unknown = Reflect.get(real, key, real);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        if (key === method) calls += 1;
        if (key !== method || calls !== n) return Reflect.apply(member, real, args);
        if (moment === "before") return failed(error, isAsync(member));
        const result: unknown = Reflect.apply(member, real, args);
        if (result instanceof Promise) return result.then(() => Promise.reject(error));
        throw error;
      };
    },
    set: (real, key, value) => Reflect.set(real, key, value, real),
  });
  const isReached = (): boolean => calls >= n;
  return {
    target: proxy,
    get calls() {
      return calls;
    },
    get wasReached() {
      return isReached();
    },
    assertReached() {
      if (!isReached()) throw notReached(method, n, calls);
    },
  };
}

/**
 * Runs a scenario once for every call that it makes of a method, each time with that one call failing.
 *
 * @param makeError - The error of the n-th call.
 * @param scenario - Wraps the port under test with what it is given, exactly once, and asserts what must hold.
 * @returns How many calls were made to fail.
 * @throws {InternalError} `INTERNAL` when the scenario makes no such call, or fewer than before
 */
export async function failEach<T extends object>(
  method: MethodOf<T>,
  makeError: (n: number) => Error,
  scenario: (wrap: (target: T) => T, n: number) => Promise<void>,
  moment: FaultMoment = "before",
): Promise<number> {
  let count = 0;
  // Call 0 never comes: the first run only counts.
  for (let n = 0; n <= count; n++) {
    let fault: Fault<T> | undefined;
    await scenario((target) => {
      fault = failNth(target, method, n, makeError(n), moment);
      return fault.target;
    }, n);
    if (n === 0) count = Math.min(fault?.calls ?? 0, virtualLimits.maxFaults);
    if (count === 0) throw notReached(method, 1, 0);
    fault?.assertReached();
  }
  return count;
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as unknown;

function isAsync(member: object): boolean {
  return Reflect.get(member, "constructor") === AsyncFunction;
}

function failed(error: Error, isAsynchronous: boolean): Promise<never> {
  if (isAsynchronous) return Promise.reject(error);
  throw error;
}

function notReached(method: string, n: number, calls: number): InternalError {
  return new InternalError("INTERNAL", `Call ${n} of ${method} was to fail, but there were only ${calls}`);
}
