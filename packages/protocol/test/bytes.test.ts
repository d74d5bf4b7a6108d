import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeUtf8,
  displayBytes,
  encodeUtf8,
  equalBytes,
  formatBase64,
  formatHex,
  parseBase64,
  utf8Length,
} from "@softap/protocol";

const anyText = fc.string({ unit: "binary" });
const anyBytes = fc.uint8Array({ maxLength: 80 });

/** The platform's strict decoder, as `undefined` when it refuses. */
function strict(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

describe("encodeUtf8() and decodeUtf8()", () => {
  test("agree with the platform's encoder, also on lone surrogates", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff)), (units) => {
        const text = String.fromCharCode(...units);
        expect([...encodeUtf8(text)]).toEqual([...new TextEncoder().encode(text)]);
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });

  test("agree with the platform's strict decoder on any bytes", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(decodeUtf8(bytes)).toBe(strict(bytes));
      }),
    );
  });

  test("agree with the platform's strict decoder on all pairs of first and second byte and at the borders of lengths", () => {
    for (let first = 0x80; first < 0x100; first++)
      for (const second of [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff])
        for (const rest of [[], [0x80], [0xbf], [0x80, 0x80], [0xbf, 0xbf], [0x80, 0x41], [0x41]]) {
          const bytes = Uint8Array.of(first, second, ...rest);
          expect(decodeUtf8(bytes)).toBe(strict(bytes));
        }
  });

  test("are inverse", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
    );
  });
});

describe("formatBase64() and parseBase64()", () => {
  test("agree with the platform and are inverse, with and without padding", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = formatBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect([...(parseBase64(text) ?? [])]).toEqual([...bytes]);
        expect([...(parseBase64(text.replace(/=+$/, "")) ?? [])]).toEqual([...bytes]);
      }),
    );
  });

  test.each(["A", "AAAAA", "AA=A", "A===", "====", "AA-_", "AA AA", "AAA\n", "é", "🏠🏠"])(
    "parseBase64() refuses %j",
    (text) => {
      expect(parseBase64(text)).toBeUndefined();
    },
  );
});

describe("formatHex()", () => {
  test("writes two lowercase digits for each byte", () => {
    expect(formatHex(Uint8Array.of(0, 10, 255))).toBe("000aff");
  });
});

describe("equalBytes()", () => {
  test("is true for the same bytes alone", () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
        expect(equalBytes(a, a.slice())).toBe(true);
        expect(equalBytes(a, Uint8Array.of(...a, 0))).toBe(false);
        expect(equalBytes(Uint8Array.of(...a, 0), a)).toBe(false);
      }),
    );
  });
});

describe("displayBytes()", () => {
  test.each([
    ["Home-WiFi", "Home-WiFi"],
    ["我家 🏠 Café", "我家 🏠 Café"],
    ["\u001b[2J", "\\x1b[2J"],
    ["a\r\nb\u0000", "a\\x0d\\x0ab\\x00"],
    ["\u009b31m", "\\xc2\\x9b31m"],
    ["x\u202ey", "x\\xe2\\x80\\xaey"],
  ])("shows %j as %s", (text, shown) => {
    expect(displayBytes(encodeUtf8(text))).toBe(shown);
  });

  test("shows bytes that are not UTF-8", () => {
    expect(displayBytes(Uint8Array.of(0x41, 0xff, 0x00, 0x7f))).toBe("A\\xff\\x00\\x7f");
  });

  test("never lets a control character through", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(displayBytes(bytes)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
