/** Every wait and every bound of the portal. */
export const portalLimits = {
  /** TCP connections at a time; one more closes the oldest. Browsers open up to six. */
  maxConnections: 16,
  /** From the connection to the end of its request, milliseconds, however slowly it drips. */
  requestTimeoutMs: 10_000,
  /** Until the browser has taken the reply, milliseconds. */
  replyTimeoutMs: 10_000,
  /** Request line and headers, bytes. */
  maxHeadBytes: 8_192,
  /** Headers of one request. */
  maxHeaders: 64,
  /** Request target, bytes. */
  maxTargetBytes: 1_024,
  /** Request body, bytes: the longest name, passphrase and code, every character escaped, need half of it. */
  maxBodyBytes: 1_024,
  /** Fields of a query or a form. */
  maxFields: 16,
  /** Networks on the page, strongest first. */
  maxNetworks: 24,
  /** One search for networks, milliseconds. */
  scanTimeoutMs: 10_000,
  /** A search is not repeated within this time, milliseconds. */
  rescanGapMs: 3_000,
  /** Pause before the name server tries again to listen, while the soft AP's address is not there, milliseconds. */
  dnsRetryMs: 2_000,
  /** How long a phone may remember that a name is the device, seconds: it must forget soon after it has left. */
  dnsTtlS: 5,
  /** Longest DNS query that is read, bytes. Source: RFC 1035, UDP messages. */
  maxDnsQueryBytes: 512,
} as const;
