import { encodeUtf8, equalBytes, formatHex, parseBase64 } from "../bytes.ts";
import { ProtocolError } from "../errors/error.ts";
import { Secret } from "../secret.ts";

/** The digest functions that signatures need; the port `Crypto` is one. */
export interface Digests {
  hmac(algorithm: "sha1" | "sha256", key: Uint8Array, message: Uint8Array): Uint8Array;
  sha256(message: Uint8Array): Uint8Array;
}

/** `sdkappid` of the vendor's C SDK. Servers must not depend on it. */
const sdkAppId = "21010406";

/** What the vendor's C SDK sends when it sets no expiry on a 32-bit machine. */
export const noExpiryS = 2_147_483_647n;

/** MQTT client id and TLS-PSK identity of a device: product id and device name without a separator. */
export function mqttClientId(device: { productId: string; deviceName: string }): string {
  return `${device.productId}${device.deviceName}`;
}

/**
 * MQTT user name `{clientId};{sdkappid};{connId};{expiry}`.
 *
 * @param options.connId - 5 letters and digits, new for every CONNECT.
 * @param options.expiryS - Unix seconds. @defaultValue 2 147 483 647
 */
export function formatMqttUsername(options: {
  productId: string;
  deviceName: string;
  connId: string;
  expiryS?: bigint;
}): string {
  return `${mqttClientId(options)};${sdkAppId};${options.connId};${options.expiryS ?? noExpiryS}`;
}

/** The parts of an MQTT user name. */
export interface MqttUsername {
  readonly clientId: string;
  readonly appId: string;
  readonly connId: string;
  /** Unix seconds; up to 9 223 372 036 854 775 807 from 64-bit devices. */
  readonly expiryS: bigint;
}

/** Reads a user name. @returns The parts, or {@link ProtocolError} `FIELD_MISSING`. */
export function parseMqttUsername(username: string): MqttUsername | ProtocolError {
  const [clientId, appId, connId, expiry, ...rest] = username.split(";");
  const isWhole = clientId !== undefined && appId !== undefined && connId !== undefined && rest.length === 0;
  if (!isWhole || clientId === "" || expiry === undefined || !/^\d{1,19}$/.test(expiry))
    return new ProtocolError("FIELD_MISSING", "MQTT user name is not clientId;appId;connId;expiry");
  return { clientId, appId, connId, expiryS: BigInt(expiry) };
}

/**
 * MQTT password: hex HMAC of the user name, and the name of the digest.
 *
 * @param options.deviceSecret - Base64, as the cloud gave it.
 * @param options.algorithm - The C SDK uses `sha1`, newer ones `sha256`. @defaultValue "sha256"
 * @throws {@link ProtocolError} `FIELD_MISSING` when the secret is not base64
 */
export function mqttPassword(
  digests: Digests,
  options: { username: string; deviceSecret: Secret; algorithm?: "sha1" | "sha256" },
): Secret {
  const key = parseBase64(options.deviceSecret.reveal());
  if (key === undefined) throw new ProtocolError("FIELD_MISSING", "device secret is not base64");
  const algorithm = options.algorithm ?? "sha256";
  return Secret.of(
    `${formatHex(digests.hmac(algorithm, key, encodeUtf8(options.username)))};hmac${algorithm}`,
  );
}

/** Whether a password fits the user name and the key of the device. */
export function isMqttPassword(
  digests: Digests,
  options: { username: string; password: string; key: Uint8Array },
): boolean {
  const algorithm = options.password.endsWith(";hmacsha1") ? "sha1" : "sha256";
  const digest = digests.hmac(algorithm, options.key, encodeUtf8(options.username));
  return equalBytes(encodeUtf8(`${formatHex(digest)};hmac${algorithm}`), encodeUtf8(options.password));
}

/**
 * Signature of the v1 device info: lowercase hex HMAC keyed with the device secret's bytes.
 *
 * @throws {@link ProtocolError} `FIELD_MISSING` when the secret is not base64
 */
export function v1Signature(
  digests: Digests,
  options: {
    productId: string;
    deviceName: string;
    connId: string;
    timestampS: number;
    deviceSecret: Secret;
    /** @defaultValue "sha1" */
    algorithm?: "sha1" | "sha256";
  },
): string {
  const key = parseBase64(options.deviceSecret.reveal());
  if (key === undefined) throw new ProtocolError("FIELD_MISSING", "device secret is not base64");
  const text = `DeviceName=${options.deviceName}&DeviceTimestamp=${options.timestampS}&ProductId=${options.productId}&ConnId=${options.connId}`;
  return formatHex(digests.hmac(options.algorithm ?? "sha1", key, encodeUtf8(text)));
}
