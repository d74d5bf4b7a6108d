/** Bounds of the Linux radios. None of them is part of a protocol: all may be tuned. */
export const linuxLimits = {
  /** Longest wait for one scan over every channel, ms. A dual-band card needs 3–5 s. */
  scanTimeoutMs: 20_000,
  /**
   * Scans before a network counts as absent. A hidden one is called from the second on (NetworkManager) or from the first; one
   * call in three is missed where 30 % of the frames are lost (one probe and its answer each).
   */
  findScans: 3,
  /** Shortest search through NetworkManager before a network counts as absent, ms. */
  findMs: 12_000,
  /** How often what a scan heard is looked at after its end, and how long between, ms. */
  scanLooks: 20,
  scanLookMs: 50,
  /** Between a scan that the driver refused and the next, ms. */
  scanRetryMs: 500,
  /** How long a network counts as in reach after it was heard, seconds. A radio that is joined scans less often. */
  heardWithinS: 60,
  /** Longest wait for NetworkManager's own association with a router before a soft AP opens, ms. It takes 1–5 s. */
  associationMs: 10_000,
  /** Longest wait until the soft AP is up, ms. */
  softApStartMs: 45_000,
  /** Until a soft AP that went down by itself is opened again, ms: doubled after each failure, up to the second. */
  softApRetryMs: 1_000,
  softApRetryMostMs: 30_000,
  /** Longest wait until a computer in the role of the phone is on the soft AP, or back on its own network, ms. */
  phoneJoinMs: 60_000,
  /** Longest wait for undoing something: a profile deleted, an interface down, a child process gone, ms. */
  cleanupMs: 10_000,
  /** Longest wait until a new interface is taken over by the network manager, ms. */
  interfaceReadyMs: 10_000,
  /** Signal at or below which a failed join counts as too weak, dBm. */
  weakRssiDbm: -85,
  /** Refusals in a row after which the router's answer counts. A single one may be load. */
  refusals: 2,
  /** Between two looks at the stations of the soft AP while one of them is not authorized yet, ms. */
  stationCheckMs: 500,
  /** How often such a look is repeated. */
  stationChecks: 20,
  /** Between two looks whether an address is there yet, ms. */
  addressCheckMs: 100,
  /** Longest output of a command that is kept, characters. */
  maxOutputLength: 1_048_576,
  /** Between asking a child process to end and ending it, ms. */
  terminateMs: 3_000,
} as const;
