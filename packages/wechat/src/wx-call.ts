import { type CancelSignal, canceled } from "@softap/ports";
import type { SoftApError } from "@softap/protocol";
import type { WxCallbacks, WxError } from "./wx.ts";

/**
 * Makes a promise of a call with callbacks.
 *
 * Cancelling does not call it back: whatever `wx` does with it, it does, and nobody hears of it.
 *
 * @param options.start - Calls `wx` with what it is given; may throw, as calls that a library does not know do.
 * @throws {@link CanceledError} when `options.signal` fires; what `options.translate` makes of the failure
 */
export function callWx<Result>(options: {
  readonly signal: CancelSignal;
  readonly translate: (error: WxError) => SoftApError;
  readonly start: (callbacks: WxCallbacks<Result>) => unknown;
  /** Called when the signal fires first. */
  readonly abort?: () => void;
}): Promise<Result> {
  const { signal, translate, start, abort } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(canceled(signal));
      return;
    }
    const onAbort = (): void => {
      reject(canceled(signal));
      abort?.();
    };
    const end = (): void => signal.removeEventListener("abort", onAbort);
    const fail = (error: WxError): void => {
      end();
      reject(translate(error));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      start({
        success: (result) => {
          end();
          resolve(result);
        },
        fail,
      });
    } catch (error) {
      fail(wxErrorOf(error));
    }
  });
}

/** Anything thrown by `wx` in the form in which it usually reports. */
export function wxErrorOf(error: unknown): WxError {
  if (error instanceof Error) return { errMsg: error.message };
  return typeof error === "object" && error !== null ? error : { errMsg: String(error) };
}
