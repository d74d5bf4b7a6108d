import { FileStore } from "@softap/node";
import { neverCanceled } from "@softap/ports";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/store-writer.ts", import.meta.url));
const options = { signal: neverCanceled };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "softap-store-"));
});

afterEach(() => rm(folder, { recursive: true }));

function startWriter(): ChildProcess {
  return spawn(process.execPath, ["--conditions=source", program, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Reads acknowledgements until `count` came, kills the writer at once, and reads the rest. */
async function killAfter(writer: ChildProcess, count: number): Promise<number> {
  if (writer.stdout === null) throw new Error("The writer has no output");
  let acknowledged = 0;
  let lines = 0;
  for await (const line of createInterface(writer.stdout)) {
    acknowledged = Number(line);
    lines += 1;
    if (lines === count) writer.kill("SIGKILL");
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, "exit");
  return acknowledged;
}

describe("FileStore under kill -9", () => {
  test("loses nothing acknowledged and shows nothing half written", async () => {
    for (let count = 1; count <= 8; count += 1) {
      const acknowledged = await killAfter(startWriter(), count);
      const store = await FileStore.open(folder);
      const left = await store.get("left", options);
      expect(await store.get("right", options)).toEqual(left);
      expect(left?.[0]).toBeGreaterThanOrEqual(acknowledged);
      expect(left?.[0]).toBeLessThanOrEqual(acknowledged + 1);
      expect(left).toEqual(new Uint8Array(40_000).fill(left?.[0] ?? 0));
      await store.close();
    }
  });

  test("open() is refused while another process has the folder, and free once that was killed", async () => {
    const writer = startWriter();
    if (writer.stdout === null) throw new Error("The writer has no output");
    await once(writer.stdout, "data");
    writer.kill("SIGSTOP");
    await expect(FileStore.open(folder)).rejects.toMatchObject({ code: "STORE_LOCKED" });
    writer.kill("SIGKILL");
    await once(writer, "exit");
    await (await FileStore.open(folder)).close();
  });
});
