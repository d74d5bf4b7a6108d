import type { Clock, TimerHandle } from "@softap/ports";
import { wechatLimits } from "./limits.ts";

/** Timers exist in every mini program; the compiler does not know it, because nothing else of a browser does. */
declare function setTimeout(callback: () => void, delayMs: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** Time of a mini program. Its clock may be set while it runs, so what went backwards is added back. */
export class WechatClock implements Clock {
  #lastMs = Date.now();
  #skippedMs = 0;

  /** @inheritdoc */
  monotonicMs(): number {
    const nowMs = Date.now();
    if (nowMs < this.#lastMs) this.#skippedMs += this.#lastMs - nowMs;
    this.#lastMs = nowMs;
    return nowMs + this.#skippedMs;
  }

  /** @inheritdoc */
  wallMs(): number {
    return Date.now();
  }

  /** @inheritdoc */
  after(_name: string, delayMs: number, callback: () => void): TimerHandle {
    let timer: unknown;
    // Timers count whole milliseconds and may come a fraction of one early: one more keeps the promise.
    let leftMs = delayMs > 0 ? Math.ceil(delayMs) + 1 : 0;
    const wait = (): void => {
      const stepMs = Math.min(leftMs, wechatLimits.maxTimerMs);
      leftMs -= stepMs;
      timer = setTimeout(leftMs > 0 ? wait : callback, stepMs);
    };
    wait();
    return { cancel: () => clearTimeout(timer) };
  }
}
