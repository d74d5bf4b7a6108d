import { type Clock } from "@softap/ports";
import { softApError } from "@softap/protocol";

/**
 * Counts events per key in windows. Windows live in memory and per machine: losing them only lets somebody try again.
 */
export class RateLimit {
  readonly #clock: Clock;
  readonly #options: { readonly max: number; readonly windowMs: number; readonly maxKeys: number };
  readonly #windows = new Map<string, { count: number; endsAtMs: number }>();

  /**
   * @param options.max - Events per key and window.
   * @param options.windowMs - Milliseconds.
   * @param options.maxKeys - Keys remembered; the oldest are forgotten first.
   */
  constructor(clock: Clock, options: { max: number; windowMs: number; maxKeys: number }) {
    this.#clock = clock;
    this.#options = options;
  }

  /** Whether the key's window has no room left. */
  isExhausted(key: string): boolean {
    const window = this.#windows.get(key);
    return (
      window !== undefined && window.endsAtMs > this.#clock.monotonicMs() && window.count >= this.#options.max
    );
  }

  /** Counts one event. */
  count(key: string): void {
    const nowMs = this.#clock.monotonicMs();
    const window = this.#windows.get(key);
    if (window !== undefined && window.endsAtMs > nowMs) {
      window.count += 1;
      return;
    }
    // Deleting first moves the key to the end, so that the first key is always the oldest window.
    this.#windows.delete(key);
    if (this.#windows.size >= this.#options.maxKeys) {
      const [oldest = ""] = this.#windows.keys();
      this.#windows.delete(oldest);
    }
    this.#windows.set(key, { count: 1, endsAtMs: nowMs + this.#options.windowMs });
  }

  /** Takes one counted event back. */
  giveBack(key: string): void {
    const window = this.#windows.get(key);
    if (window !== undefined && window.count > 0) window.count -= 1;
  }

  /** Refuses an exhausted key. @throws {@link CloudError} `RATE_LIMITED` */
  check(key: string): void {
    if (this.isExhausted(key))
      throw softApError(
        "RATE_LIMITED",
        `More than ${this.#options.max} tries in ${this.#options.windowMs} ms`,
      );
  }

  /** Counts one event and refuses it when the key was exhausted before. @throws {@link CloudError} `RATE_LIMITED` */
  take(key: string): void {
    this.check(key);
    this.count(key);
  }
}
