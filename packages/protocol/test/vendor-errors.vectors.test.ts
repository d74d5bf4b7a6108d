import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ErrorCode,
  errorCodeOfVendor,
  errorRegistry,
  type ErrorEntry,
  formatVendorLog,
  parseVendorLog,
  vendorErrorOf,
  vendorErrorTexts,
} from "@softap/protocol";
import { readVectors } from "./vectors.ts";

const vectors = readVectors<{
  errors: { readonly id: number; readonly name: string; readonly text: string }[];
  subIds: { readonly subId: number; readonly name: string }[];
  logs: { readonly text: string; readonly id: number; readonly subId: number }[];
  notLogs: string[];
  meanings: { readonly id: number; readonly subId: number; readonly code: ErrorCode }[];
}>("vendor-errors");

describe("vendorErrorTexts", () => {
  test("are the vendor's 28, letter by letter", () => {
    expect(vendorErrorTexts).toEqual(vectors.errors.map(({ text }) => text));
    expect(vectors.errors.map(({ id }) => id)).toEqual(Array.from({ length: 28 }, (_, id) => id));
  });
});

describe("formatVendorLog() and parseVendorLog()", () => {
  test.each(vectors.logs)("parseVendorLog() reads $text", ({ text, id, subId }) => {
    expect(parseVendorLog(text)).toEqual({ id, subId });
  });

  test.each(vectors.notLogs)("parseVendorLog() finds no numbers in %j", (text) => {
    expect(parseVendorLog(text)).toBeUndefined();
  });

  test("parseVendorLog() gives back what formatVendorLog() wrote", () => {
    const ids = fc.integer({ min: 0, max: 65 });
    const subIds = fc.integer({ min: -2_147_483_648, max: 2_147_483_647 });
    fc.assert(
      fc.property(ids, subIds, (id, subId) => {
        expect(parseVendorLog(formatVendorLog({ id, subId }))).toEqual({ id, subId });
      }),
    );
    expect(formatVendorLog({ id: 2, subId: 201 })).toBe("APP command error! (2, 201)");
    expect(formatVendorLog({ id: 28, subId: 1 })).toBe("Unknown error! (28, 1)");
  });
});

describe("errorCodeOfVendor()", () => {
  test.each(vectors.meanings)("($id, $subId) is $code", ({ id, subId, code }) => {
    expect(errorCodeOfVendor({ id, subId })).toBe(code);
  });

  test("knows a code for any two numbers", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer(), (id, subId) => {
        expect(errorRegistry).toHaveProperty(errorCodeOfVendor({ id, subId }));
      }),
    );
  });

  test("reads back the pair of each code that has one of its own", () => {
    const pairs = Object.entries(errorRegistry) as [ErrorCode, ErrorEntry][];
    const own = pairs.flatMap(([code, { vendor }]) =>
      vendor !== undefined && [10, 24, 25, 26, 27].includes(vendor[0]) ? [[code, vendor] as const] : [],
    );
    expect(own.length).toBeGreaterThan(20);
    for (const [code, [id, subId]] of own) expect(errorCodeOfVendor({ id, subId })).toBe(code);
  });
});

describe("vendorErrorOf()", () => {
  test("takes the registry's pair, another sub id when given, and (3, 103) where there is none", () => {
    expect(vendorErrorOf("WIFI_AUTH_FAILED")).toEqual({ id: 10, subId: 202 });
    expect(vendorErrorOf("WIFI_AUTH_FAILED", 15)).toEqual({ id: 10, subId: 15 });
    expect(vendorErrorOf("USAGE")).toEqual({ id: 3, subId: 103 });
  });
});
