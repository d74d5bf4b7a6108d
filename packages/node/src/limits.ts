/** Bounds of the Node world. None of them is part of a protocol: all may be tuned. */
export const nodeLimits = {
  /** Longest single timer that `setTimeout` keeps (signed 32 bits), ms; longer waits are made of several. */
  maxTimerMs: 0x7fff_ffff,
  /** How long a closed TCP connection may take to deliver what was written and to see the peer's end, ms. */
  lingerMs: 1_000,
  /** Longest accepted HTTP reply body where the caller names no limit, bytes. @see the `HttpClient` port */
  maxReplyBytes: 1_048_576,
  /** Longest accepted web socket message, bytes. */
  maxWebSocketMessageBytes: 1_048_576,
  /** Longest wait for CONNACK after CONNECT was sent, ms. Callers usually give up earlier through their signal. */
  connackTimeoutMs: 30_000,
  /** How long a closing MQTT session waits until the broker hung up after DISCONNECT, ms. */
  disconnectMs: 1_000,
  /** Longest value of a file store, bytes. @see the `KeyValueStore` port */
  maxValueBytes: 65_536,
  /** Largest file of a file store, bytes: 64 values of the longest kind, in base64. */
  maxStoreBytes: 6_291_456,
} as const;
