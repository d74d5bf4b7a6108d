import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeStore, encodeStore } from "../src/store-file.ts";

const entries = new Map([
  ["network.ssid", Uint8Array.from([72, 111, 109, 101])],
  ["pending", new Uint8Array(0)],
]);

function codeOf(bytes: Uint8Array): string {
  try {
    decodeStore(bytes);
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
  return "no error";
}

describe("decodeStore()", () => {
  test("gives back what encodeStore() was given", () => {
    const key = fc.stringMatching(/^[a-z0-9.-]{1,64}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(key, fc.uint8Array()), { selector: ([name]) => name }), (pairs) => {
        expect(decodeStore(encodeStore(new Map(pairs)))).toEqual(new Map(pairs));
      }),
    );
  });

  test("refuses every proper prefix and what was appended with STORE_CORRUPT", () => {
    const bytes = encodeStore(entries);
    for (let length = 0; length < bytes.length; length += 1)
      expect(codeOf(bytes.subarray(0, length)), `${length} bytes`).toBe("STORE_CORRUPT");
    expect(codeOf(Buffer.concat([bytes, Buffer.from("\n")]))).toBe("STORE_CORRUPT");
    expect(codeOf(Buffer.concat([bytes, bytes]))).toBe("STORE_CORRUPT");
  });

  test("notices every flipped bit", () => {
    const bytes = encodeStore(entries);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      // A flip within the digit of the version may read as a newer one.
      expect(["STORE_CORRUPT", "STORE_TOO_NEW"], `bit ${bit}`).toContain(codeOf(flipped));
    }
  });

  test("tells a newer version from damage", () => {
    const newer = Buffer.from(encodeStore(entries)).toString().replace("softap-store 1 ", "softap-store 2 ");
    expect(codeOf(Buffer.from(newer))).toBe("STORE_TOO_NEW");
  });
});
