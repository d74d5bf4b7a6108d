import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { internalWords } from "../internal-words.ts";

/** A mini program with one module of its own. */
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "softap-words-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function wordsBeside(code: string): ReadonlySet<string> {
  writeFileSync(join(folder, "own.ts"), code);
  return internalWords(join(folder, "*.ts"));
}

describe("internalWords()", () => {
  test.each(["deviceFloor", "softApJoined", "joiningSoftAp", "startTimer", "afterMs"])(
    "has %s, which only the machine knows",
    (word) => {
      expect(wordsBeside("")).toContain(word);
    },
  );

  test.each([
    ["an option", "softAp"],
    ["a step", "sendCredentials"],
    ["a member of a verdict", "attempts"],
    ["what is told with an error", "attempt"],
    ["a field of a datagram", "cmdType"],
    ["a phase", "joining"],
    ["an error code", "DEVICE_SILENT"],
    ["a method of a port", "restore"],
    ["a method of lists", "find"],
    ["a version of the protocol", "3.0"],
    ["the name of a timer, which a clock is told", "silence"],
  ])("has not %s: %s", (_what, word) => {
    expect(wordsBeside("")).not.toContain(word);
  });

  test.each([
    "x.deviceFloor",
    "const { deviceFloor } = x",
    "f({ deviceFloor: 1 })",
    "interface X { readonly deviceFloor: number }",
    "class X { deviceFloor = 1 }",
    "f('deviceFloor')",
    "f(`deviceFloor`)",
  ])("has no word that a module of the program uses: %s", (code) => {
    const words = wordsBeside(code);
    expect(words).not.toContain("deviceFloor");
    expect(words).toContain("softApJoined");
  });
});
