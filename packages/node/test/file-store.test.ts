import { FileStore } from "@softap/node";
import { neverCanceled } from "@softap/ports";
import { chmod, mkdir, mkdtemp, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const options = { signal: neverCanceled };
let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "softap-store-")), "state");
});

afterEach(() => rm(join(folder, ".."), { recursive: true }));

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

describe("FileStore", () => {
  test("keeps folder and files from everybody but their owner", async () => {
    await mkdir(folder);
    await chmod(folder, 0o755);
    const store = await FileStore.open(folder);
    await store.apply({ key: Uint8Array.of(1) }, options);
    expect(await modeOf(folder)).toBe("700");
    expect(await modeOf(join(folder, "store"))).toBe("600");
    expect(await modeOf(join(folder, "lock"))).toBe("600");
    await store.close();
  });

  test("open() refuses a folder that is open already with STORE_LOCKED, until close()", async () => {
    const store = await FileStore.open(folder);
    await expect(FileStore.open(folder)).rejects.toMatchObject({ code: "STORE_LOCKED" });
    await store.close();
    await store.close();
    await (await FileStore.open(folder)).close();
  });

  test("open() names a damaged lock file, and works again without it", async () => {
    await (await FileStore.open(folder)).close();
    const path = join(folder, "lock");
    await writeFile(path, "not a lock");
    await expect(FileStore.open(folder)).rejects.toMatchObject({
      code: "STORE_CORRUPT",
      message: expect.stringContaining(path),
    });
    await rm(path);
    await (await FileStore.open(folder)).close();
  });

  test("open() rejects with STORE_CORRUPT on damage, and leaves the file for whoever repairs it", async () => {
    const store = await FileStore.open(folder);
    await store.apply({ key: Uint8Array.of(1) }, options);
    await store.close();
    const path = join(folder, "store");
    const damaged = (await readFile(path)).subarray(0, -3);
    await writeFile(path, damaged);
    await expect(FileStore.open(folder)).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    expect(await readFile(path)).toEqual(damaged);
  });

  test("open() clears away a replacement that never took its place", async () => {
    const store = await FileStore.open(folder);
    await store.apply({ key: Uint8Array.of(1) }, options);
    await store.close();
    await writeFile(join(folder, "store.new"), "half a repl");
    const again = await FileStore.open(folder);
    await expect(stat(join(folder, "store.new"))).rejects.toMatchObject({ code: "ENOENT" });
    expect(await again.get("key", options)).toEqual(Uint8Array.of(1));
    await again.close();
  });

  test("open() rejects with STORE_READ_FAILED where there can be no folder", async () => {
    await writeFile(folder, "a file in its place");
    await expect(FileStore.open(folder)).rejects.toMatchObject({ code: "STORE_READ_FAILED" });
  });

  test("apply() that cannot write rejects with STORE_WRITE_FAILED, and the former values are still there", async () => {
    const store = await FileStore.open(folder);
    await store.apply({ key: Uint8Array.of(1) }, options);
    await mkdir(join(folder, "store.new"));
    const failing = store.apply({ key: Uint8Array.of(2), other: Uint8Array.of(2) }, options);
    await expect(failing).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
    expect(await store.get("key", options)).toEqual(Uint8Array.of(1));
    expect(await store.get("other", options)).toBeUndefined();
    await rmdir(join(folder, "store.new"));
    await store.apply({ key: Uint8Array.of(3) }, options);
    expect(await store.get("key", options)).toEqual(Uint8Array.of(3));
    await store.close();
  });

  test("apply() refuses to grow beyond its bound, and the former values are still there", async () => {
    const store = await FileStore.open(folder);
    const value = new Uint8Array(65_536);
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`key-${at}`, value]));
    await expect(store.apply(many, options)).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
    expect(await store.get("key-0", options)).toBeUndefined();
    await store.apply(Object.fromEntries(Object.entries(many).slice(0, 64)), options);
    expect(await store.get("key-63", options)).toHaveLength(65_536);
    await store.close();
  });

  test("close() waits for what was begun and refuses what comes later", async () => {
    const store = await FileStore.open(folder);
    const writing = store.apply({ key: Uint8Array.of(1) }, options);
    await store.close();
    await writing;
    await expect(store.get("key", options)).rejects.toMatchObject({ code: "STORE_READ_FAILED" });
    await expect(store.apply({}, options)).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
    const again = await FileStore.open(folder);
    expect(await again.get("key", options)).toEqual(Uint8Array.of(1));
    await again.close();
  });
});
