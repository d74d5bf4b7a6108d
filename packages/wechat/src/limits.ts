/** Waits and limits of the WeChat world; none is part of a protocol. */
export const wechatLimits = {
  /** Gap between looks at the network that the phone is on while it changes, milliseconds: iOS reports no event for some changes. */
  lookGapMs: 500,
  /** Time for the phone to go online by itself before its own network is asked for, milliseconds. Source: the vendor's plugin waits 13 000. */
  settleMs: 3_000,
  /** Longest single timer, milliseconds: what a signed 32-bit number holds. */
  maxTimerMs: 2_147_483_647,
  /** Longest value of the store, bytes; the port says so. */
  maxStoreValueBytes: 65_536,
  /** Random bytes drawn at once. */
  randomPoolBytes: 256,
  /** Longest reply body where a request gives no limit, bytes. */
  maxReplyBytes: 1_048_576,
} as const;
