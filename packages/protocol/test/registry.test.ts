import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type ErrorCode, type ErrorEntry, errorRegistry, vendorErrorTexts } from "@softap/protocol";
import { errorTexts } from "@softap/protocol/texts";
import { readVectors } from "./vectors.ts";

interface Text {
  readonly text: string;
  readonly action: string;
}
interface Source {
  readonly exitCodes: Readonly<Record<string, string>>;
  readonly vendorErrors: readonly unknown[];
  readonly vendorSubIds: readonly { readonly sub: number; readonly name: string }[];
  readonly errors: readonly (Omit<ErrorEntry, "vendor"> & {
    readonly code: string;
    readonly vendor: readonly [number, number] | null;
    readonly actor: string;
    readonly en: Text;
    readonly zh: Text;
  })[];
}
const root = fileURLToPath(new URL("../../..", import.meta.url));
const source = JSON.parse(readFileSync(`${root}/spec/errors.json`, "utf8")) as Source;
const vendor = readVectors<{
  errors: readonly unknown[];
  subIds: readonly { readonly subId: number; readonly name: string }[];
}>("vendor-errors");
const entries = Object.entries(errorRegistry) as [ErrorCode, ErrorEntry][];

describe("spec/errors.json", () => {
  test("is what the generated files say", () => {
    const output = execFileSync(process.execPath, ["tools/gen-errors.ts", "--check"], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env["PATH"] ?? ""}` },
    });
    expect(output).toContain(`${source.errors.length} errors ok`);
  });

  test("has the vendor's numbers, texts and named sub ids as the vectors have them", () => {
    expect(source.vendorErrors).toEqual(vendor.errors);
    expect(source.vendorSubIds.map(({ sub, name }) => ({ subId: sub, name }))).toEqual(vendor.subIds);
  });

  test.each(source.errors.map((error) => [error.code, error] as const))("says all of %s", (code, error) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    for (const { text, action } of [error.en, error.zh])
      for (const sentence of [text, action]) {
        expect(sentence.trim()).toBe(sentence);
        expect(sentence).toMatch(/[^.。]$/);
      }
    expect(`${error.zh.text}${error.zh.action}`).toMatch(/[\u4e00-\u9fff]/);
    expect(`${error.en.text}${error.en.action}`).not.toMatch(/[\u4e00-\u9fff]/);
  });
});

describe("errorRegistry", () => {
  test("has one stable number for each code", () => {
    const numbers = entries.map(([, { number }]) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(number).toMatch(/^SA\d{4}$/);
  });

  test("has every code of the source and no other, in both languages", () => {
    const codes = source.errors.map(({ code }) => code);
    expect(Object.keys(errorRegistry)).toEqual(codes);
    expect(Object.keys(errorTexts)).toEqual(codes);
    for (const { code, en, zh } of source.errors)
      expect(errorTexts[code as ErrorCode]).toEqual({
        en: [en.text, en.action],
        zh: [zh.text, zh.action],
      });
  });

  test.each(entries)("%s has an HTTP status, an exit code and a vendor id that exist", (_code, entry) => {
    expect(entry.http).toBeGreaterThanOrEqual(400);
    expect(entry.http).toBeLessThanOrEqual(599);
    expect(source.exitCodes).toHaveProperty([String(entry.exit)]);
    expect(entry.exit).not.toBe(0);
    expect(["yes", "no", "input"]).toContain(entry.retry);
    if (entry.vendor === undefined) return;
    expect(vendorErrorTexts[entry.vendor[0]]).toBeDefined();
    expect(Number.isInteger(entry.vendor[1])).toBe(true);
  });

  test("uses every exit code but 0, and no code of the bind reply or of registration twice", () => {
    const exits = new Set(entries.map(([, { exit }]) => String(exit)));
    expect([...exits, "0"].toSorted()).toEqual(Object.keys(source.exitCodes).toSorted());
    for (const name of ["bindReply", "registration"] as const) {
      const used = entries.flatMap(([, entry]) => entry[name] ?? []);
      expect(new Set(used).size).toBe(used.length);
      expect(used).not.toContain(0);
    }
  });

  test("sends the bind reply's and the registration's code as the sub id of 24 and 27", () => {
    for (const [, { bindReply, registration, vendor: pair }] of entries) {
      if (bindReply !== undefined) expect(pair).toEqual([24, bindReply]);
      else if (registration !== undefined) expect(pair).toEqual([27, registration]);
    }
  });
});
