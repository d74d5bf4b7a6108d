import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { findSecret, obtainSecret, type SecretSource } from "../src/config/secret-source.ts";
import { obtainPassphrase } from "../src/config/wifi-passphrase.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const source: SecretSource = {
  what: "test secret",
  file: undefined,
  option: "--secret-file",
  env: "SOFTAP_TEST_SECRET",
  mayAsk: true,
};

function setVariable(value: string): void {
  process.env["SOFTAP_TEST_SECRET"] = value;
  onTestFinished(() => {
    delete process.env["SOFTAP_TEST_SECRET"];
  });
}

function secretFile(content: string): string {
  const path = join(temporaryFolder(), "secret");
  writeFileSync(path, content);
  return path;
}

describe("findSecret()", () => {
  test.each([
    ["abcd1234", "abcd1234"],
    ["abcd1234\n", "abcd1234"],
    ["abcd1234\r\n", "abcd1234"],
    [" abcd 1234 \n", " abcd 1234 "],
    ["abcd1234\n\n", "abcd1234\n"],
    ["", ""],
  ])("a file %j holds %j: one line break at the end is not part of it", async (content, secret) => {
    const found = await findSecret({ ...source, file: secretFile(content) });
    expect(found?.reveal()).toBe(secret);
  });

  test("the file counts before the variable", async () => {
    setVariable("from the variable");
    const found = await findSecret({ ...source, file: secretFile("from the file") });
    expect(found?.reveal()).toBe("from the file");
    expect((await findSecret(source))?.reveal()).toBe("from the variable");
  });

  test("nothing is found where nothing is given", async () => {
    expect(await findSecret(source)).toBeUndefined();
  });

  test("a file that is missing, a folder, or far too long is refused by name", async () => {
    const folder = temporaryFolder();
    const missing = join(folder, "missing");
    await expect(findSecret({ ...source, file: missing })).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(findSecret({ ...source, file: missing })).rejects.toThrow(missing);
    mkdirSync(join(folder, "below"));
    await expect(findSecret({ ...source, file: join(folder, "below") })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    await expect(findSecret({ ...source, file: secretFile("x".repeat(262_145)) })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});

describe("obtainSecret()", () => {
  test("without a terminal it says where the secret can be put", async () => {
    await expect(obtainSecret({ ...source, mayAsk: false })).rejects.toMatchObject({
      code: "USAGE",
      message: "The test secret is missing and there is no terminal to ask for it (SA6401)",
      context: { help: "Give --secret-file <file> or set SOFTAP_TEST_SECRET" },
    });
  });
});

describe("obtainPassphrase()", () => {
  const passphrase = { ...source, isOpen: false, question: "Passphrase" };

  test.each(["seven77", "x".repeat(64), "ü".repeat(32)])("%j fits no network", async (value) => {
    setVariable(value);
    await expect(obtainPassphrase(passphrase)).rejects.toMatchObject({ code: "PASSPHRASE_LENGTH" });
  });

  test.each(["eight888", "x".repeat(63), "ü".repeat(31), "0123456789abcdefABCDEF0123456789".repeat(2)])(
    "%j fits",
    async (value) => {
      setVariable(value);
      expect((await obtainPassphrase(passphrase))?.reveal()).toBe(value);
    },
  );

  test("only --open is an open network: an empty passphrase and --open with a passphrase are mistakes", async () => {
    expect(await obtainPassphrase({ ...passphrase, isOpen: true })).toBeUndefined();
    setVariable("");
    await expect(obtainPassphrase(passphrase)).rejects.toMatchObject({ code: "USAGE" });
    setVariable("abcd1234");
    await expect(obtainPassphrase({ ...passphrase, isOpen: true })).rejects.toMatchObject({ code: "USAGE" });
  });
});
