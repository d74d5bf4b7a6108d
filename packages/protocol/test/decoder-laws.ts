import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "@softap/protocol";
import { utf8 } from "./vectors.ts";

/** What every decoder of JSON owes: refuses each proper prefix, and never throws, whatever the bytes. */
export function decoderLaws(
  name: string,
  decode: (bytes: Uint8Array) => unknown,
  golden: readonly string[],
): void {
  test(`${name}() refuses every proper prefix`, () => {
    for (const text of golden) {
      const bytes = utf8(text);
      expect(decode(bytes)).not.toBeInstanceOf(ProtocolError);
      for (let length = 0; length < bytes.length; length++)
        expect(decode(bytes.subarray(0, length))).toBeInstanceOf(ProtocolError);
    }
  });

  test(`${name}() takes every single flipped bit without a throw`, () => {
    let decoded = 0;
    for (const text of golden) {
      const bytes = utf8(text);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        if (isAnswer(decode(flipped))) decoded += 1;
      }
    }
    expect(decoded).toBeGreaterThan(0);
  });

  test(`${name}() reads the last of two equal names`, () => {
    for (const text of golden) {
      const object = JSON.parse(text) as Record<string, unknown>;
      for (const [key, value] of Object.entries(object)) {
        const pair = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
        const last = `{${JSON.stringify(key)}:null,${text.trim().slice(1, -1)},${pair}}`;
        expect(decode(utf8(last))).toEqual(decode(utf8(text)));
      }
    }
  });

  test(`${name}() reads pretty-printed text with CRLF and NUL behind it, and ignores unknown keys`, () => {
    for (const text of golden) {
      const object = JSON.parse(text) as Record<string, unknown>;
      const plain = decode(utf8(text));
      for (const indent of ["\t", "  "])
        for (const end of ["", "\n", "\r\n", "\0", "\r\n\0", "\0\0\0\0\0\0\0"])
          expect(decode(utf8(JSON.stringify(object, null, indent) + end))).toEqual(plain);
      const extended = { ...object, unknown: { cmdType: [3], method: "x" }, "": null };
      expect(decode(utf8(JSON.stringify(extended)))).toEqual(plain);
    }
  });

  test(`${name}() answers any bytes and any JSON with a value or a ProtocolError`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        isAnswer(decode(bytes));
      }),
    );
    const keys = [...new Set(golden.flatMap((text) => Object.keys(JSON.parse(text) as object)))];
    const field = fc.constantFrom("__proto__", "constructor", "toString", ...keys);
    fc.assert(
      fc.property(fc.dictionary(field, fc.jsonValue()), (object) => {
        isAnswer(decode(utf8(JSON.stringify(object))));
      }),
    );
  });
}

/** Whether a decoder gave a value; anything but a value or a `ProtocolError` fails the test. */
function isAnswer(answer: unknown): boolean {
  if (answer instanceof ProtocolError) return false;
  expect(answer).toBeTypeOf("object");
  expect(answer).not.toBeNull();
  return true;
}
