/** Limits of the virtual world. All of them are ours; peers need not agree on any. */
export const virtualLimits = {
  /** Microtask turns that the clock grants to promises after each timer, when no `settle` is given: many awaits in a row fit in. */
  settleTurns: 256,
  /** First port that the system chooses when asked for port 0. Source: RFC 6335, dynamic ports. */
  firstDynamicPort: 49_152,
  lastPort: 65_535,
  /** Longest datagram a socket takes, bytes. Source: IPv4, 65 535 less both headers. */
  maxDatagramBytes: 65_507,
  /** First pause before a lost piece of a stream is sent again, milliseconds; it doubles up to the next one. Source: Linux TCP. */
  streamResendMs: 200,
  maxStreamResendMs: 3_200,
  /** How long a stream keeps trying before it breaks, milliseconds. */
  streamGiveUpMs: 15_000,
  /** Below this signal a station sees a network but cannot join it, dBm. */
  minJoinRssiDbm: -85,
  /** Below this signal a scan does not see a network, dBm. */
  minScanRssiDbm: -100,
  /** Phones that a soft AP serves at once, when nothing else is said. Source: default of common ESP firmware. */
  maxSoftApStations: 4,
  /** Entries of a radio's history; the oldest go first. */
  maxRadioHistory: 1_000,
  /** Longest reply of the virtual HTTP client when the request says nothing, bytes. */
  maxHttpReplyBytes: 1_048_576,
  /** Most calls of one scenario into which `failEach` puts a fault. */
  maxFaults: 1_000,
  /** Longest value of a store, bytes. */
  maxStoreValueBytes: 65_536,
} as const;
