import { encodeUtf8, Secret } from "@softap/protocol";
import { identity } from "../field-cloud.ts";

/** A request as a vendor's device understands it, or the sub id of its error 2. */
export type VendorRequest =
  | {
      readonly ssid: Uint8Array;
      readonly passphrase: Secret | undefined;
      readonly token: string;
    }
  | 201
  | 204;

/** @param bufferBytes - What the device reads of a datagram; the rest is cut off. */
export function readRequest(datagram: Uint8Array, bufferBytes: number): VendorRequest {
  const fields = parse(datagram.subarray(0, bufferBytes));
  if (fields?.["cmdType"] !== 1) return 201;
  const { ssid, password, token } = fields;
  if (typeof ssid !== "string" || typeof password !== "string" || typeof token !== "string") return 204;
  return {
    ssid: encodeUtf8(ssid),
    passphrase: password === "" ? undefined : Secret.of(password),
    token: token.slice(0, 32),
  };
}

function parse(datagram: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(datagram).trim());
    // Every object can be read by name; what is found is still unknown.
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The device info. */
export const infoReply = encodeUtf8(JSON.stringify({ cmdType: 2, ...identity, protoVersion: "2.0" }));

/** Error 2 with a sub id, or error 12 with the code of a join that failed. */
export function errorReply(id: 2 | 12, sub: number): Uint8Array {
  const text = id === 2 ? "APP command error!" : "WIFI AP STA error!";
  const log = `${text} (${id}, ${sub})`;
  return encodeUtf8(JSON.stringify({ cmdType: 2, deviceReply: "Current_Error", log }));
}
