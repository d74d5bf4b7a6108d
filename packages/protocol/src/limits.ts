/**
 * Limits that peers must agree on. Tunable limits stand in the `limits.ts` of the package that tunes them.
 *
 * @see docs/protocol.md
 */
export const protocolLimits = {
  /** UDP and TCP port of provisioning. Source: the vendor's guide. */
  provisioningPort: 8266,
  /** UDP port of log mode. Source: vendor ESP8266 demo, `wifi_config_internal.h`. */
  logPort: 9876,
  /** Address of the device on its soft AP. Source: the vendor's guide. */
  deviceAddress: "192.168.4.1",
  /** Longest network name; the shortest has 1 byte. Source: IEEE 802.11. */
  maxSsidBytes: 32,
  /** Shortest passphrase; none at all means an open network. Source: IEEE 802.11i. */
  minPassphraseBytes: 8,
  /** Longest passphrase. Source: IEEE 802.11i. */
  maxPassphraseBytes: 63,
  /** Hex digits of the key that may stand in place of a passphrase. Source: IEEE 802.11i. */
  wifiPskHexDigits: 64,
  /** Longest bind token: the vendor's devices drop the rest silently, we refuse. Source: vendor `MAX_TOKEN_LENGTH`. */
  maxTokenBytes: 32,
  /** Longest region. Source: vendor ESP8266 demo, its buffer for the region. */
  maxRegionBytes: 64,
  /** Longest datagram to a device that we do not know, bytes. Source: usable receive buffer of the vendor's ESP8266 demo. */
  maxDatagramToUnknownDevice: 255,
  /** Longest datagram that a device of ours reads, bytes. Source: usable receive buffer of the vendor's C SDK. */
  maxRequestBytes: 1023,
  /** Longest log reply, bytes: never fragmented on a path of 1 280 bytes. */
  maxLogReplyBytes: 1200,
  /** Characters of a product id. Source: vendor C SDK. */
  productIdLength: 10,
  /** Longest device name. Source: vendor C SDK. */
  maxDeviceNameBytes: 48,
  /** Longest answer to a registration that gives a key, bytes. Source: usable reply buffer of the vendor's C SDK. */
  maxRegistrationReplyBytes: 255,
} as const;
