/** Waits of the app; none is part of a protocol. */
export const appLimits = {
  /** Looking for networks nearby, milliseconds: what one scan of all channels takes on a phone, twice. */
  scanTimeoutMs: 8_000,
  /** A bind token is used again within this time, milliseconds. Source: the cloud keeps one for 600 000. */
  tokenReuseMs: 300_000,
  /** Joining the soft AP to read the log, and going back, milliseconds each; the person has to answer a question. */
  switchTimeoutMs: 60_000,
  /** Gap between two changes of the countdown, milliseconds. */
  tickMs: 1_000,
} as const;
