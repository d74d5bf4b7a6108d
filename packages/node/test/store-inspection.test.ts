import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neverCanceled } from "@softap/ports";
import { expect, onTestFinished, test } from "vitest";
import { FileStore } from "../src/file-store.ts";
import { inspectStore } from "../src/store-inspection.ts";

const call = { signal: neverCanceled };

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "softap-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("inspectStore() sees values and lock of an open store, and keeps nobody out", async () => {
  const folder = join(temporaryFolder(), "state");
  const store = await FileStore.open(folder);
  await store.apply({ key: Uint8Array.of(1, 2) }, call);
  const open = await inspectStore(folder);
  expect(open.isLocked).toBe(true);
  expect(await open.values?.get("key", call)).toEqual(Uint8Array.of(1, 2));
  expect(await open.values?.get("other", call)).toBeUndefined();
  await store.apply({ key: Uint8Array.of(3) }, call);
  await store.close();
  const closed = await inspectStore(folder);
  expect(closed.isLocked).toBe(false);
  expect(await closed.values?.get("key", call)).toEqual(Uint8Array.of(3));
  const again = await FileStore.open(folder);
  await again.close();
});

test("inspectStore() writes nothing, not even a folder", async () => {
  const folder = join(temporaryFolder(), "state");
  expect(await inspectStore(folder)).toEqual({ isLocked: false, values: undefined });
  expect(existsSync(folder)).toBe(false);
  const store = await FileStore.open(folder);
  await store.close();
  const before = readdirSync(folder);
  expect(await inspectStore(folder)).toEqual({ isLocked: false, values: undefined });
  expect(readdirSync(folder)).toEqual(before);
});

test("inspectStore() names damage, and a lock that is no lock", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "store"), "softap-store 1 wrong\n{}\n");
  await expect(inspectStore(folder)).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  writeFileSync(join(folder, "store"), "softap-store 9 x\n{}\n");
  await expect(inspectStore(folder)).rejects.toMatchObject({ code: "STORE_TOO_NEW" });
  writeFileSync(join(folder, "lock"), "not what a lock looks like".repeat(100));
  await expect(inspectStore(folder)).rejects.toMatchObject({ code: "STORE_READ_FAILED" });
});
