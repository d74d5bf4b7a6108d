import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "@softap/protocol";
import { expect, test } from "vitest";
import { loadAccount, saveAccount } from "../src/config/account-file.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const account = {
  cloud: "http://127.0.0.1:8080",
  name: "me@example.com",
  accessToken: Secret.of("canary-access-token"),
  expiresAtS: 2_000_000_000,
};

test("saveAccount() writes a file that only its owner reads, and loadAccount() reads it", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "below", "account.json");
  await saveAccount(path, account);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "below")).mode & 0o777).toBe(0o700);
  const loaded = await loadAccount(path);
  expect(loaded).toMatchObject({ cloud: account.cloud, name: account.name, expiresAtS: account.expiresAtS });
  expect(loaded?.accessToken.reveal()).toBe("canary-access-token");
});

test("saveAccount() replaces a login whole, keeps its mode and leaves no draft", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "account.json");
  writeFileSync(path, "older", { mode: 0o644 });
  await saveAccount(path, account);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["account.json"]);
});

test("saveAccount() names a place where nothing can be written", async () => {
  const file = join(temporaryFolder(), "a-file");
  writeFileSync(file, "");
  const path = join(file, "account.json");
  await expect(saveAccount(path, account)).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
  await expect(saveAccount(path, account)).rejects.toThrow(path);
});

test("loadAccount() finds nobody where nobody has logged in", async () => {
  expect(await loadAccount(join(temporaryFolder(), "account.json"))).toBeUndefined();
});

test.each([
  "",
  "{",
  "[]",
  "null",
  "7",
  '{"cloud":"x"}',
  '{"cloud":1,"name":"n","accessToken":"t","expiresAtS":1}',
])("loadAccount() refuses a damaged file %j", async (content) => {
  const path = join(temporaryFolder(), "account.json");
  writeFileSync(path, content);
  await expect(loadAccount(path)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    context: { help: 'Run "softap login" again' },
  });
});
