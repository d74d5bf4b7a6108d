/** Bounds of what stands around a provisioning: codes to scan, warnings, the bundle for support. None is part of a protocol. */
export const personLimits = {
  /** Longest text of a code to scan, characters. Source: ISO/IEC 18004, the largest QR code in bytes. */
  maxQrCharacters: 2_953,
  /** Longest proof of possession on a label, bytes. */
  maxProofBytes: 64,
  /** A network that the phone hears fainter than this is likely too weak for the device, dBm. */
  weakSignalDbm: -75,
  /** Asking the phone for the network it is on, ms: it only saves typing. */
  homeSsidTimeoutMs: 2_000,
  /** Size of a support bundle where the caller names none, bytes of text and of JSON each. */
  supportBundleBytes: 65_536,
  /** Smallest bundle that the verdict and what belongs to it always fit into, bytes. */
  minSupportBundleBytes: 16_384,
  /** Longest text kept of one line, message or field of a bundle, characters. */
  maxSupportTextLength: 300,
  /** Causes of an error, and errors from before the session, that a bundle tells. */
  maxSupportErrors: 8,
  /** Known secrets that a bundle is searched for. */
  maxKnownSecrets: 32,
} as const;
