/** Limits of reading a device's log that may be tuned. Times in milliseconds. */
export interface LogLimits {
  /** Reading it, whole, 1 000–300 000. Source: the vendor's apps wait 60 000. */
  readonly timeoutMs: number;
  /** No datagram for this long: the device has sent its log. Source: old devices repeat theirs after 500. */
  readonly quietMs: number;
}

/** What holds where the caller gives no other limits. */
export const logLimits: LogLimits = { timeoutMs: 15_000, quietMs: 700 };
