import type { DatabaseSync } from "node:sqlite";
import { type DeviceAddress, parseBase64 } from "@softap/protocol";
import type { DeviceFacts, DeviceLookup } from "../mqtt/device-facts.ts";
import { deviceIdOf } from "../rules/device-id.ts";
import { parseTopicRights } from "./product-store.ts";

interface Row {
  readonly secret: string | null;
  readonly certificate_fingerprint: string | null;
  readonly activated_at_s: number | null;
  readonly topic_rights: string;
}

/**
 * Looks devices up without waiting: OpenSSL asks for the key of a TLS-PSK identity in the middle of a handshake and takes
 * no promise.
 */
export function prepareDeviceLookup(raw: DatabaseSync): DeviceLookup {
  const statement = raw.prepare(
    `select device.secret, device.certificate_fingerprint, device.activated_at_s, product.topic_rights
     from device join product on product.id = device.product_id where device.id = ?`,
  );
  return (address: DeviceAddress): DeviceFacts | undefined => {
    // The columns are those of the statement above; the schema says their types.
    const row = statement.get(deviceIdOf(address)) as Row | undefined;
    if (row === undefined) return undefined;
    return {
      key: row.secret === null ? undefined : parseBase64(row.secret),
      certificateFingerprint: row.certificate_fingerprint ?? undefined,
      isActivated: row.activated_at_s !== null,
      topicRights: parseTopicRights(row.topic_rights),
    };
  };
}
