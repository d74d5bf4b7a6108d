import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/open-and-close.ts", import.meta.url));

test("a process whose adapters are closed ends by itself", async () => {
  const folder = await mkdtemp(join(tmpdir(), "softap-end-"));
  try {
    const run = promisify(execFile)(process.execPath, ["--conditions=source", program, folder], {
      timeout: 15_000,
    });
    // A process that hangs is killed by the limit, which rejects.
    expect(await run).toEqual({ stdout: "closed\n", stderr: "" });
  } finally {
    await rm(folder, { recursive: true });
  }
});
