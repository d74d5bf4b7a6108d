/*
 * The older form of dynamic registration: POST /register/dev
 *
 *   → {"deviceName":"…","nonce":n,"productId":"…","timestamp":s,"signature":"base64(hex(HMAC-SHA1))"}
 *   ← {"code":0,"message":"success","len":53,"payload":"base64","requestId":"…"}        below 256 bytes
 */
import { encodeUtf8, equalBytes, formatBase64, formatHex } from "../bytes.ts";
import { decodeJsonObject } from "../datagram/json.ts";
import { ProtocolError } from "../errors/error.ts";
import type { Digests } from "../mqtt/credentials.ts";
import type { Secret } from "../secret.ts";

/** Path of the older form. */
export const registrationPath1 = "/register/dev";

/** A request of the older form. */
export interface RegistrationRequest1 {
  readonly productId: string;
  readonly deviceName: string;
  readonly nonce: number;
  /** Unix seconds; 0 when the device has no clock. */
  readonly timestampS: number;
  readonly signature: string;
}

/** Signature of the older form: base64 of the lowercase hex of HMAC-SHA1 under the product secret. */
export function signRegistration1(
  digests: Digests,
  request: Omit<RegistrationRequest1, "signature"> & { readonly productSecret: Secret },
): string {
  const text = `deviceName=${request.deviceName}&nonce=${request.nonce}&productId=${request.productId}&timestamp=${request.timestampS}`;
  const digest = digests.hmac("sha1", encodeUtf8(request.productSecret.reveal()), encodeUtf8(text));
  return formatBase64(encodeUtf8(formatHex(digest)));
}

/** Body of the request, signed. */
export function encodeRegistration1(
  digests: Digests,
  request: Omit<RegistrationRequest1, "signature"> & { readonly productSecret: Secret },
): Uint8Array {
  const { deviceName, nonce, productId, timestampS: timestamp } = request;
  const signature = signRegistration1(digests, request);
  return encodeUtf8(JSON.stringify({ deviceName, nonce, productId, timestamp, signature }));
}

/** Decodes a request. @returns It, or {@link ProtocolError} `DATAGRAM_NOT_JSON`, `FIELD_MISSING`. Never throws. */
export function decodeRegistration1(bytes: Uint8Array): RegistrationRequest1 | ProtocolError {
  const fields = decodeJsonObject(bytes);
  if (fields instanceof ProtocolError) return fields;
  const productId = fields.text("productId");
  const deviceName = fields.text("deviceName");
  const nonce = fields.integer("nonce");
  const timestampS = fields.integer("timestamp");
  const signature = fields.text("signature");
  if (productId === undefined || deviceName === undefined || signature === undefined)
    return new ProtocolError("FIELD_MISSING", "productId, deviceName or signature is missing");
  if (nonce === undefined || timestampS === undefined)
    return new ProtocolError("FIELD_MISSING", "nonce or timestamp is missing");
  return { productId, deviceName, nonce, timestampS, signature };
}

/** Whether the request's signature fits the product secret. */
export function isRegistration1Signed(
  digests: Digests,
  request: RegistrationRequest1,
  productSecret: Secret,
): boolean {
  const expected = signRegistration1(digests, { ...request, productSecret });
  return equalBytes(encodeUtf8(expected), encodeUtf8(request.signature));
}

/** A reply of the older form: credentials to decrypt, or the cloud's code. */
export type RegistrationReply =
  | { readonly type: "registered"; readonly payload: string }
  | { readonly type: "refused"; readonly code: number; readonly message: string };

/** Encodes a reply; `message` and `requestId` must be short, the whole stays below 256 bytes. */
export function encodeRegistrationReply1(
  reply:
    | { readonly payload: string; readonly plainLength: number; readonly requestId: string }
    | { readonly code: number; readonly message: string; readonly requestId: string },
): Uint8Array {
  const object =
    "payload" in reply
      ? {
          code: 0,
          message: "success",
          len: reply.plainLength,
          payload: reply.payload,
          requestId: reply.requestId,
        }
      : { code: reply.code, message: reply.message, requestId: reply.requestId };
  return encodeUtf8(JSON.stringify(object));
}

/** Decodes a reply. @returns It, or {@link ProtocolError} `DATAGRAM_NOT_JSON`, `REPLY_INVALID`. Never throws. */
export function decodeRegistrationReply1(bytes: Uint8Array): RegistrationReply | ProtocolError {
  const fields = decodeJsonObject(bytes);
  if (fields instanceof ProtocolError) return fields;
  const code = fields.integer("code");
  const payload = fields.text("payload");
  if (code !== undefined && code !== 0)
    return { type: "refused", code, message: fields.text("message") ?? "" };
  if (code === 0 && payload !== undefined) return { type: "registered", payload };
  return new ProtocolError("REPLY_INVALID", "registration reply has neither code nor payload");
}
