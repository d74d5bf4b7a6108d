import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import type { BlockCipher, Digests } from "@softap/protocol";

/** The primitives by OpenSSL: a second opinion beside what the packages' worlds bring. */
export const nodeCrypto: Digests & BlockCipher = {
  hmac: (algorithm, key, message) => createHmac(algorithm, key).update(message).digest(),
  sha256: (message) => createHash("sha256").update(message).digest(),
  encryptAes128Cbc({ key, iv, plaintext }) {
    const cipher = createCipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
    return Buffer.concat([cipher.update(plaintext), cipher.final()]);
  },
  decryptAes128Cbc({ key, iv, ciphertext }) {
    const decipher = createDecipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  },
};
