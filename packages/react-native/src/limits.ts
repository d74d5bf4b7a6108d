/** Bounds of the React Native world. None of them is part of a protocol: all may be tuned. */
export const reactNativeLimits = {
  /** Longest single timer that `setTimeout` keeps (signed 32 bits), ms; longer waits are made of several. */
  maxTimerMs: 0x7fff_ffff,
  /** Bytes that one call of `getRandomValues` gives. Source: the Web Crypto API. */
  maxRandomBytes: 65_536,
  /** Longest accepted HTTP reply body where the caller names no limit, bytes. @see the `HttpClient` port */
  maxReplyBytes: 1_048_576,
  /** Longest datagram that IPv4 carries, bytes. */
  maxDatagramBytes: 65_507,
  /** First and last port to choose from for a socket without one. Source: RFC 6335, dynamic ports. */
  firstDynamicPort: 49_152,
  lastPort: 65_535,
  /** Ports that are tried before the system counts as full. */
  maxPortAttempts: 8,
  /** Until the native side has let go of a closed socket, ms. */
  closeTimeoutMs: 1_000,
  /** How long Android looks for the soft AP and for the person's consent, s. */
  connectTimeoutS: 45,
  /** After the system told of success: until the phone is seen on the soft AP, ms. */
  confirmTimeoutMs: 3_000,
  /** Until Android has tied the app to the Wi-Fi network, or has let go of it, ms. */
  bindTimeoutMs: 5_000,
  /** Until the phone is on Wi-Fi again; after it the app may still be online by mobile data, ms. */
  homecomingTimeoutMs: 12_000,
  /** Gap between two looks at which network the phone is on, ms. */
  lookGapMs: 250,
} as const;
