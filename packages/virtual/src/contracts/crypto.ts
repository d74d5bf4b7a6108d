import type { Crypto } from "@softap/ports";
import { encodeUtf8, formatHex, isSoftApError } from "@softap/protocol";
import { describe, expect } from "vitest";
import { type ContractWorld, criteria, patternBytes } from "./world.ts";

/** An implementation of the primitives. */
export interface CryptoWorld extends ContractWorld {
  readonly crypto: Crypto;
}

/** NIST SP 800-38A, F.2.1: CBC-AES128, first two blocks. */
const aes = {
  key: parseHex("2b7e151628aed2a6abf7158809cf4f3c"),
  iv: parseHex("000102030405060708090a0b0c0d0e0f"),
  plaintext: parseHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"),
  ciphertext: "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2",
};

/** The criteria of {@link Crypto}. */
export function cryptoContract(name: string, setup: () => Promise<CryptoWorld>): void {
  const criterion = criteria(setup);

  describe(`Crypto of ${name}`, () => {
    criterion("sha256() gives the digests of FIPS 180-4", async ({ world: { crypto } }) => {
      expect(formatHex(crypto.sha256(new Uint8Array(0)))).toBe(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      );
      expect(formatHex(crypto.sha256(encodeUtf8("abc")))).toBe(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      );
    });

    criterion("hmac() gives the digests of RFC 2202 and RFC 4231", async ({ world: { crypto } }) => {
      const key = encodeUtf8("Jefe");
      const message = encodeUtf8("what do ya want for nothing?");
      expect(formatHex(crypto.hmac("sha1", key, message))).toBe("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
      expect(formatHex(crypto.hmac("sha256", key, message))).toBe(
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      );
    });

    criterion("hmac() hashes a key longer than a block", async ({ world: { crypto } }) => {
      const key = new Uint8Array(131).fill(0xaa);
      const message = encodeUtf8("Test Using Larger Than Block-Size Key - Hash Key First");
      expect(formatHex(crypto.hmac("sha256", key, message))).toBe(
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
      );
    });

    criterion("hmac() signs an MQTT user name as the wire asks for", async ({ world: { crypto } }) => {
      const key = parseHex("6d8286a73b95a2c8e5d163c605a06f74");
      const username = encodeUtf8("YGLZJ7QP7Lesp32;21010406;Ab3dE;2147483647");
      expect(formatHex(crypto.hmac("sha1", key, username))).toBe("493ad43859fc222e96f0ae180aafa595739a708a");
      expect(formatHex(crypto.hmac("sha256", key, username))).toBe(
        "e09df56d939559760a97a832c8a49f63f1dbd09c9b4af4a1d301cf2d1b5a046b",
      );
    });

    criterion(
      "encryptAes128Cbc() and decryptAes128Cbc() give the vectors of SP 800-38A",
      async ({ world: { crypto } }) => {
        const { key, iv, plaintext } = aes;
        const ciphertext = crypto.encryptAes128Cbc({ key, iv, plaintext });
        expect(formatHex(ciphertext)).toBe(aes.ciphertext);
        expect(formatHex(crypto.decryptAes128Cbc({ key, iv, ciphertext }))).toBe(formatHex(plaintext));
      },
    );

    criterion("AES leaves its inputs alone and takes nothing and much", async ({ world: { crypto } }) => {
      const key = patternBytes(16, 1);
      const iv = patternBytes(16, 2);
      for (const length of [0, 16, 4_096]) {
        const plaintext = patternBytes(length, 3);
        const ciphertext = crypto.encryptAes128Cbc({ key, iv, plaintext });
        expect(ciphertext).toHaveLength(length);
        expect(crypto.decryptAes128Cbc({ key, iv, ciphertext })).toEqual(patternBytes(length, 3));
        expect([key, iv, plaintext]).toEqual([
          patternBytes(16, 1),
          patternBytes(16, 2),
          patternBytes(length, 3),
        ]);
      }
    });

    criterion("AES refuses wrong lengths with USAGE", async ({ world: { crypto } }) => {
      const { key, iv } = aes;
      const wrong = [
        { key: patternBytes(15), iv, text: patternBytes(16) },
        { key: patternBytes(32), iv, text: patternBytes(16) },
        { key, iv: patternBytes(8), text: patternBytes(16) },
        { key, iv, text: patternBytes(17) },
      ];
      for (const { text, ...rest } of wrong) {
        expect(codeOf(() => crypto.encryptAes128Cbc({ ...rest, plaintext: text }))).toBe("USAGE");
        expect(codeOf(() => crypto.decryptAes128Cbc({ ...rest, ciphertext: text }))).toBe("USAGE");
      }
    });

    criterion("results are plain Uint8Arrays", async ({ world: { crypto } }) => {
      const bytes = patternBytes(16);
      const results = [
        crypto.sha256(bytes),
        crypto.hmac("sha1", bytes, bytes),
        crypto.encryptAes128Cbc({ key: bytes, iv: bytes, plaintext: bytes }),
        crypto.decryptAes128Cbc({ key: bytes, iv: bytes, ciphertext: bytes }),
      ];
      expect(results.map((result) => result.constructor)).toEqual(results.map(() => Uint8Array));
    });
  });
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return isSoftApError(error) ? error.code : String(error);
  }
  return "no error";
}

function parseHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}
