/*
 * The newer form of dynamic registration: POST /device/register
 *
 *   X-TC-Algorithm: hmacsha256   X-TC-Timestamp: s   X-TC-Nonce: n   X-TC-Signature: base64(HMAC-SHA256)
 *   → {"ProductId":"…","DeviceName":"…"}
 *   ← {"Response":{"Len":53,"Payload":"base64","RequestId":"…"}}
 *   ← {"Response":{"Error":{"Code":"…","Message":"…"},"RequestId":"…"}}
 */
import { encodeUtf8, equalBytes, formatBase64, formatHex } from "../bytes.ts";
import { decodeJsonObject } from "../datagram/json.ts";
import { ProtocolError } from "../errors/error.ts";
import type { Digests } from "../mqtt/credentials.ts";
import type { Secret } from "../secret.ts";
import type { RegistrationReply } from "./form1.ts";

/** Path of the newer form. */
export const registrationPath2 = "/device/register";

/** What is signed in the newer form beside the body. */
export interface RegistrationHeaders2 {
  /** Host name without port. */
  readonly host: string;
  /** As sent: `hmacsha256`, in any case. */
  readonly algorithm: string;
  /** Unix seconds as sent. */
  readonly timestamp: string;
  readonly nonce: string;
}

/** Raw HMAC-SHA256 under the product secret over eight lines: method, host, path, query, algorithm, time, nonce, body's SHA-256. */
export function registrationDigest2(
  digests: Digests,
  options: RegistrationHeaders2 & { readonly body: Uint8Array; readonly productSecret: Secret },
): Uint8Array {
  const lines = [
    "POST",
    options.host,
    registrationPath2,
    "",
    options.algorithm,
    options.timestamp,
    options.nonce,
    formatHex(digests.sha256(options.body)),
  ];
  return digests.hmac("sha256", encodeUtf8(options.productSecret.reveal()), encodeUtf8(lines.join("\n")));
}

/** Body and headers of a signed request. */
export function encodeRegistration2(
  digests: Digests,
  request: {
    readonly productId: string;
    readonly deviceName: string;
    readonly host: string;
    readonly timestampS: number;
    readonly nonce: number;
    readonly productSecret: Secret;
  },
): { body: Uint8Array; headers: Record<string, string> } {
  const { productId: ProductId, deviceName: DeviceName, host, productSecret } = request;
  const body = encodeUtf8(JSON.stringify({ ProductId, DeviceName }));
  const signed = {
    host,
    algorithm: "hmacsha256",
    timestamp: String(request.timestampS),
    nonce: String(request.nonce),
  };
  const headers = {
    "content-type": "application/json",
    "x-tc-algorithm": signed.algorithm,
    "x-tc-timestamp": signed.timestamp,
    "x-tc-nonce": signed.nonce,
    "x-tc-signature": formatBase64(registrationDigest2(digests, { ...signed, body, productSecret })),
  };
  return { body, headers };
}

/** Whether a signature fits: base64 as the SDKs send it, or hex as the vendor's documentation shows it. */
export function isRegistration2Signed(
  digests: Digests,
  options: RegistrationHeaders2 & {
    readonly body: Uint8Array;
    readonly signature: string;
    readonly productSecret: Secret;
  },
): boolean {
  if (options.algorithm.toLowerCase() !== "hmacsha256") return false;
  const digest = registrationDigest2(digests, options);
  const given = encodeUtf8(options.signature);
  return (
    equalBytes(encodeUtf8(formatBase64(digest)), given) || equalBytes(encodeUtf8(formatHex(digest)), given)
  );
}

/** Decodes the body of a request. @returns It, or {@link ProtocolError} `DATAGRAM_NOT_JSON`, `FIELD_MISSING`. Never throws. */
export function decodeRegistration2(
  bytes: Uint8Array,
): { productId: string; deviceName: string } | ProtocolError {
  const fields = decodeJsonObject(bytes);
  if (fields instanceof ProtocolError) return fields;
  const productId = fields.text("ProductId");
  const deviceName = fields.text("DeviceName");
  if (productId === undefined || deviceName === undefined)
    return new ProtocolError("FIELD_MISSING", "ProductId or DeviceName is missing");
  return { productId, deviceName };
}

/** Encodes a reply. */
export function encodeRegistrationReply2(
  reply:
    | { readonly payload: string; readonly plainLength: number; readonly requestId: string }
    | { readonly code: string; readonly message: string; readonly requestId: string },
): Uint8Array {
  const Response =
    "payload" in reply
      ? { Len: reply.plainLength, Payload: reply.payload, RequestId: reply.requestId }
      : { Error: { Code: reply.code, Message: reply.message }, RequestId: reply.requestId };
  return encodeUtf8(JSON.stringify({ Response }));
}

/**
 * Decodes a reply. A refusal's number is read from `Error.Code` when it is one of the older form's numbers, else −1001.
 *
 * @returns It, or {@link ProtocolError} `DATAGRAM_NOT_JSON`, `REPLY_INVALID`. Never throws.
 */
export function decodeRegistrationReply2(bytes: Uint8Array): RegistrationReply | ProtocolError {
  const fields = decodeJsonObject(bytes);
  if (fields instanceof ProtocolError) return fields;
  const response = fields.object("Response");
  const payload = response?.text("Payload");
  if (payload !== undefined) return { type: "registered", payload };
  const error = response?.object("Error");
  if (error === undefined)
    return new ProtocolError("REPLY_INVALID", "registration reply has neither Payload nor Error");
  return { type: "refused", code: error.integer("Code") ?? -1001, message: error.text("Message") ?? "" };
}
