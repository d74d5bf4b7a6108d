/** The few primitives that the wire needs. All synchronous: devices and mini programs have no other. */
export interface Crypto {
  /** HMAC digest: 20 bytes for `sha1`, 32 for `sha256`. */
  hmac(algorithm: "sha1" | "sha256", key: Uint8Array, message: Uint8Array): Uint8Array;
  /** SHA-256 digest, 32 bytes. */
  sha256(message: Uint8Array): Uint8Array;
  /** AES-128-CBC without padding; `key` and `iv` 16 bytes, `plaintext` a multiple of 16. */
  encryptAes128Cbc(input: { key: Uint8Array; iv: Uint8Array; plaintext: Uint8Array }): Uint8Array;
  /** AES-128-CBC without padding; `key` and `iv` 16 bytes, `ciphertext` a multiple of 16. */
  decryptAes128Cbc(input: { key: Uint8Array; iv: Uint8Array; ciphertext: Uint8Array }): Uint8Array;
}
