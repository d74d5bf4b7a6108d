import { CanceledError, TimeoutError } from "@softap/protocol";
import type { Clock } from "./clock.ts";

/**
 * How portable code learns that its caller gave up. `AbortSignal` is assignable to it.
 *
 * It is an interface of our own because not every runtime of a device or a mini program has `AbortSignal`.
 */
export interface CancelSignal {
  /** Whether the caller gave up. */
  readonly aborted: boolean;
  /** What the caller gave as its reason. */
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** The giving-up end of a {@link CancelSignal}; optionally follows a parent signal. */
export class CancelSource {
  readonly #listeners = new Set<() => void>();
  readonly #state: { aborted: boolean; reason: unknown } & CancelSignal = {
    aborted: false,
    reason: undefined,
    addEventListener: (_type, listener) => {
      this.#listeners.add(listener);
    },
    removeEventListener: (_type, listener) => {
      this.#listeners.delete(listener);
    },
  };
  #detach: (() => void) | undefined;
  /** The listening end. */
  readonly signal: CancelSignal = this.#state;

  /** @param parent - When it fires, this one fires with the same reason. */
  constructor(parent?: CancelSignal) {
    if (parent?.aborted === true) this.cancel(parent.reason);
    else if (parent !== undefined) {
      const follow = (): void => this.cancel(parent.reason);
      parent.addEventListener("abort", follow, { once: true });
      this.#detach = () => parent.removeEventListener("abort", follow);
    }
  }

  /** Fires the signal once; later calls do nothing. */
  cancel(reason: unknown = "canceled"): void {
    if (this.signal.aborted) return;
    this.#state.aborted = true;
    this.#state.reason = reason;
    this.release();
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  /** Lets go of the parent without firing. Idempotent. */
  release(): void {
    this.#detach?.();
    this.#detach = undefined;
  }
}

/** A signal that never fires, for work that nobody can give up. */
export const neverCanceled: CancelSignal = {
  aborted: false,
  reason: undefined,
  addEventListener: () => {},
  removeEventListener: () => {},
};

/** Throws {@link CanceledError} when the signal has fired. */
export function throwIfCanceled(signal: CancelSignal): void {
  if (signal.aborted) throw canceled(signal);
}

/** The error for a fired signal; an error given as the reason stays its cause. */
export function canceled(signal: Pick<CancelSignal, "reason">): CanceledError {
  return new CanceledError("CANCELED", "The caller gave up", { cause: signal.reason });
}

/**
 * Waits without work.
 *
 * @param options.name - Shows up in diagnostics of the clock.
 * @param options.delayMs - Milliseconds, 0 or more.
 * @throws {@link CanceledError} as soon as `options.signal` fires
 */
export function sleep(
  clock: Clock,
  options: { name: string; delayMs: number; signal: CancelSignal },
): Promise<void> {
  const { name, delayMs, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(canceled(signal));
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(canceled(signal));
    };
    const timer = clock.after(name, delayMs, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/**
 * Runs work that must end within a limit. The limit aborts the work through its signal and waits for it to settle,
 * so nothing goes on behind the caller's back.
 *
 * @param options.phase - What was going on, for the error.
 * @param options.limitMs - Milliseconds.
 * @throws {@link TimeoutError} `TIMEOUT` when the limit ended the work; {@link CanceledError} when the caller's signal did
 */
export async function withTimeout<T>(
  clock: Clock,
  options: { phase: string; limitMs: number; signal: CancelSignal },
  work: (signal: CancelSignal) => Promise<T>,
): Promise<T> {
  const { phase, limitMs, signal } = options;
  throwIfCanceled(signal);
  const source = new CancelSource(signal);
  const timeout = new TimeoutError("TIMEOUT", `${phase} took more than ${limitMs} ms`, {
    context: { phase, limitMs },
  });
  const timer = clock.after(phase, limitMs, () => source.cancel(timeout));
  try {
    return await work(source.signal);
  } catch (error) {
    if (source.signal.reason === timeout) throw timeout;
    throw error;
  } finally {
    timer.cancel();
    source.release();
  }
}
