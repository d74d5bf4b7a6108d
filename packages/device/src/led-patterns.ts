import type { BlinkPattern } from "@softap/ports";

/** What the light shows. */
export const ledPatterns = {
  /** Nothing to show: steadily dark. */
  off: { onMs: 0, offMs: 1_000 },
  /** Soft AP open, waiting for a phone. Source: pace of the vendor's demo. */
  advertising: { onMs: 200, offMs: 200 },
  /** An attempt is under way. */
  working: { onMs: 500, offMs: 500 },
  /** The last attempt of this session failed. */
  failed: { onMs: 100, offMs: 100 },
  /** The kept network is away. */
  away: { onMs: 100, offMs: 1_900 },
  /** On its network, not connected to the cloud. */
  offline: { onMs: 1_900, offMs: 100 },
  /** Connected to the cloud: steadily lit. */
  online: { onMs: 1_000, offMs: 0 },
  /** Log mode. */
  log: { onMs: 50, offMs: 450 },
} as const satisfies Readonly<Record<string, BlinkPattern>>;
/** Name of a pattern. */
export type LedPattern = keyof typeof ledPatterns;
