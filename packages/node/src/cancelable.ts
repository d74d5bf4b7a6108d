import { type CancelSignal, canceled } from "@softap/ports";

/** How a callback-style operation ends. Only the first call counts. */
export interface Settle<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs a callback-style operation that the caller may give up at any moment.
 *
 * @param start - Starts the operation and returns how to undo it; the undoing runs only when the signal fires first.
 * @throws {@link CanceledError} as soon as the signal fires
 */
export function cancelable<T>(signal: CancelSignal, start: (settle: Settle<T>) => () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(canceled(signal));
      return;
    }
    let undo: (() => void) | undefined;
    const onAbort = (): void => {
      undo?.();
      reject(canceled(signal));
    };
    const leave = (): void => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      undo = start({
        resolve: (value) => {
          leave();
          resolve(value);
        },
        reject: (error) => {
          leave();
          reject(error);
        },
      });
    } catch (error) {
      leave();
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
