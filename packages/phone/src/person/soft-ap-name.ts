import { decodeUtf8, encodeUtf8, equalBytes, protocolLimits, UsageError } from "@softap/protocol";

/** How the soft APs of a product are called: a prefix, then the device's name, cut after 32 bytes. */
export interface SoftApNameRule {
  readonly prefix: string;
  /** SSID of the soft AP of a device. */
  ssidOf(deviceName: string): Uint8Array;
  /** Name of the device behind a soft AP, or `undefined` when it is none of this product. Of a name of 32 bytes it may be the beginning only. */
  deviceNameOf(ssid: Uint8Array): string | undefined;
  /** The product's soft APs in a scan, each once, the nearest first. */
  find<Network extends { readonly ssid: Uint8Array; readonly rssiDbm: number }>(
    seen: readonly Network[],
  ): readonly { readonly deviceName: string; readonly network: Network }[];
}

/**
 * Makes the rule by which a product names its soft APs.
 *
 * @param prefix - 1–31 bytes, such as `softap-`.
 * @throws {@link UsageError} `USAGE`
 */
export function softApNameRule(prefix: string): SoftApNameRule {
  const begin = encodeUtf8(prefix);
  const { maxSsidBytes } = protocolLimits;
  if (begin.length < 1 || begin.length >= maxSsidBytes)
    throw new UsageError(
      "USAGE",
      `The prefix has ${begin.length} bytes, 1 to ${maxSsidBytes - 1} are allowed`,
    );
  const deviceNameOf = (ssid: Uint8Array): string | undefined =>
    ssid.length > begin.length && equalBytes(ssid.subarray(0, begin.length), begin)
      ? decodeUtf8(ssid.subarray(begin.length))
      : undefined;
  return {
    prefix,
    ssidOf: (deviceName) => encodeUtf8(prefix + deviceName).subarray(0, maxSsidBytes),
    deviceNameOf,
    find: (seen) => {
      const names = new Set<string>();
      return seen
        .toSorted((a, b) => b.rssiDbm - a.rssiDbm)
        .flatMap((network) => {
          const deviceName = deviceNameOf(network.ssid);
          if (deviceName === undefined || names.has(deviceName)) return [];
          names.add(deviceName);
          return [{ deviceName, network }];
        });
    },
  };
}
