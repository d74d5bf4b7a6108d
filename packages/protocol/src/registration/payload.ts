import { encodeUtf8, formatBase64, parseBase64 } from "../bytes.ts";
import { decodeJsonObject } from "../datagram/json.ts";
import { ProtocolError } from "../errors/error.ts";
import { Secret } from "../secret.ts";

/** AES-128-CBC without padding; the port `Crypto` is one. */
export interface BlockCipher {
  encryptAes128Cbc(input: { key: Uint8Array; iv: Uint8Array; plaintext: Uint8Array }): Uint8Array;
  decryptAes128Cbc(input: { key: Uint8Array; iv: Uint8Array; ciphertext: Uint8Array }): Uint8Array;
}

/** What the cloud gives a device at registration. */
export type RegisteredCredentials =
  | { readonly kind: "psk"; /** Base64. */ readonly deviceSecret: Secret }
  | { readonly kind: "certificate"; /** PEM. */ readonly certificate: string; readonly privateKey: Secret };

/** Initial vector of the payload: 16 times the character `0`. */
const iv = encodeUtf8("0".repeat(16));

/**
 * Encrypts credentials for a device.
 *
 * @returns Base64 text and the length of the plain JSON in bytes.
 * @throws {@link ProtocolError} `FIELD_MISSING` when the product secret has fewer than 16 bytes
 */
export function encryptRegistrationPayload(
  cipher: BlockCipher,
  options: { credentials: RegisteredCredentials; productSecret: Secret },
): { payload: string; plainLength: number } {
  const { credentials } = options;
  const key = payloadKey(options.productSecret);
  if (key instanceof ProtocolError) throw key;
  const plain = encodeUtf8(
    JSON.stringify(
      credentials.kind === "psk"
        ? { encryptionType: 2, psk: credentials.deviceSecret.reveal() }
        : {
            encryptionType: 1,
            clientCert: credentials.certificate,
            clientKey: credentials.privateKey.reveal(),
          },
    ),
  );
  const padded = new Uint8Array(Math.ceil(plain.length / 16) * 16);
  padded.set(plain);
  return {
    payload: formatBase64(cipher.encryptAes128Cbc({ key, iv, plaintext: padded })),
    plainLength: plain.length,
  };
}

/**
 * Decrypts what the cloud answered.
 *
 * @returns The credentials, or {@link ProtocolError} `REPLY_INVALID` (a wrong product secret ends here too), `FIELD_MISSING` when
 * the product secret has fewer than 16 bytes. Never throws.
 */
export function decryptRegistrationPayload(
  cipher: BlockCipher,
  options: { payload: string; productSecret: Secret },
): RegisteredCredentials | ProtocolError {
  const ciphertext = parseBase64(options.payload);
  if (ciphertext === undefined || ciphertext.length === 0 || ciphertext.length % 16 !== 0)
    return new ProtocolError("REPLY_INVALID", "registration payload is not base64 of a multiple of 16 bytes");
  const key = payloadKey(options.productSecret);
  if (key instanceof ProtocolError) return key;
  const fields = decodeJsonObject(cipher.decryptAes128Cbc({ key, iv, ciphertext }));
  if (fields instanceof ProtocolError)
    return new ProtocolError("REPLY_INVALID", "registration payload does not decrypt to JSON");
  const psk = fields.text("psk");
  const certificate = fields.text("clientCert");
  const privateKey = fields.text("clientKey");
  if (fields.integer("encryptionType") === 1 && certificate !== undefined && privateKey !== undefined)
    return { kind: "certificate", certificate, privateKey: Secret.of(privateKey) };
  if (
    fields.integer("encryptionType") === 2 &&
    psk !== undefined &&
    psk !== "" &&
    parseBase64(psk) !== undefined
  )
    return { kind: "psk", deviceSecret: Secret.of(psk) };
  return new ProtocolError("REPLY_INVALID", "registration payload has neither key nor certificate");
}

/** The first 16 characters of the product secret. */
function payloadKey(productSecret: Secret): Uint8Array | ProtocolError {
  const bytes = encodeUtf8(productSecret.reveal());
  if (bytes.length < 16)
    return new ProtocolError("FIELD_MISSING", `product secret has ${bytes.length} bytes, at least 16 needed`);
  return bytes.subarray(0, 16);
}
