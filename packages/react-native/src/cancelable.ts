import { type CancelSignal, canceled } from "@softap/ports";

/** How the call that is under way ends; only the first word counts. */
export interface Outcome<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Waits for native work that cannot be stopped, for as long as somebody wants its outcome.
 *
 * @param start - Starts the work. What it returns runs once nobody waits any more, whatever the reason.
 * @throws {@link CanceledError} as soon as the signal fires; what the work is about then goes on unwatched
 */
export function cancelable<T>(
  signal: CancelSignal,
  start: (outcome: Outcome<T>) => (() => void) | void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      reject(canceled(signal));
      return;
    }
    let isOver = false;
    let leave: (() => void) | void = undefined;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener("abort", onAbort);
      leave?.();
      settle();
    };
    const onAbort = (): void => end(() => reject(canceled(signal)));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      leave = start({
        resolve: (value) => end(() => resolve(value)),
        reject: (error) => end(() => reject(error instanceof Error ? error : new Error(String(error)))),
      });
    } catch (error) {
      end(() => reject(error instanceof Error ? error : new Error(String(error))));
    }
    // The outcome may have been there before there was anything to leave.
    if (isOver) leave?.();
  });
}
