/** Handle of a pending timer. */
export interface TimerHandle {
  /** Idempotent; a cancelled callback never runs. */
  cancel(): void;
}

/** The only source of time. */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary origin. Never goes backwards. */
  monotonicMs(): number;
  /** Wall clock in milliseconds since 1970-01-01T00:00:00Z, or `undefined` before the device knows it. */
  wallMs(): number | undefined;
  /** Calls `callback` once after at least `delayMs`. `name` shows up in diagnostics and traces. */
  after(name: string, delayMs: number, callback: () => void): TimerHandle;
}
