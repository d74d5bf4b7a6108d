import type { Crypto } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import { plainBytes } from "./plain-bytes.ts";

const algorithm = "aes-128-cbc";
const blockBytes = 16;

function checkAesInput(key: Uint8Array, iv: Uint8Array, data: Uint8Array): void {
  const problem =
    key.length !== blockBytes
      ? `key has ${key.length} bytes, 16 are needed`
      : iv.length !== blockBytes
        ? `iv has ${iv.length} bytes, 16 are needed`
        : data.length % blockBytes !== 0
          ? `data has ${data.length} bytes, a multiple of 16 is needed`
          : undefined;
  if (problem !== undefined) throw softApError("USAGE", `AES-128-CBC: ${problem}`);
}

/** The primitives of the wire, by OpenSSL. */
export const nodeCrypto: Crypto = {
  hmac: (hash, key, message) => plainBytes(createHmac(hash, key).update(message).digest()),
  sha256: (message) => plainBytes(createHash("sha256").update(message).digest()),
  encryptAes128Cbc({ key, iv, plaintext }) {
    checkAesInput(key, iv, plaintext);
    const cipher = createCipheriv(algorithm, key, iv).setAutoPadding(false);
    return plainBytes(Buffer.concat([cipher.update(plaintext), cipher.final()]));
  },
  decryptAes128Cbc({ key, iv, ciphertext }) {
    checkAesInput(key, iv, ciphertext);
    const decipher = createDecipheriv(algorithm, key, iv).setAutoPadding(false);
    return plainBytes(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
  },
};
