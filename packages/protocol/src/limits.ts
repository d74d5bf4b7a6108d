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
  /** IEEE 802.11: an SSID has 1 to 32 bytes. */
  maxSsidBytes: 32,
  /** IEEE 802.11i annex: 8 to 63 printable characters … */
  minPassphraseBytes: 8,
  maxPassphraseBytes: 63,
  /** … or the key itself as hex digits. */
  wifiPskHexDigits: 64,
  /** Vendor's devices keep 32 bytes of the token and drop the rest silently; we refuse instead. */
  maxTokenBytes: 32,
  /** Source: vendor ESP8266 demo, region buffer. */
  maxRegionBytes: 64,
  /** Usable receive buffer of the vendor's ESP8266 demo: nothing longer is sent to a device that we do not know. */
  maxDatagramToUnknownDevice: 255,
  /** Usable receive buffer of the vendor's C SDK, and ours. */
  maxRequestBytes: 1023,
  /** Longest log reply, so that it is never fragmented on a 1 280-byte path. */
  maxLogReplyBytes: 1200,
  productIdLength: 10,
  maxDeviceNameBytes: 48,
  /** Dynamic registration answers must stay below this for the vendor's C SDK (its whole reply buffer). */
  maxRegistrationReplyBytes: 255,
  /** Identity of TLS-PSK. Source: vendor C SDK. */
  maxPskIdentityBytes: 80,
} as const;
