/**
 * Packs every published workspace as npm would and asks publint and attw whether others can import it.
 * Needs a build: run `tsc -b` before.
 */
import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: object;
}

const out = mkdtempSync(join(tmpdir(), "softap-pack-"));
const problems: string[] = [];
const folders = globSync("{packages,apps}/*/package.json").map((file) => resolve(dirname(file)));
if (folders.length === 0) problems.push("check-packages found no package: run it from the repository root");
const queue = [...folders];
try {
  await Promise.all([worker(), worker()]);
} finally {
  rmSync(out, { recursive: true, force: true });
}
console.log(problems.join("\n") || `check-packages: ${folders.length} packages ok`);
process.exitCode = problems.length > 0 ? 1 : 0;

async function worker(): Promise<void> {
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) await check(folder);
}

async function check(folder: string): Promise<void> {
  // What npm itself reads; a manifest that is none fails in `npm pack`.
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  if (manifest.private === true) return;
  const packed = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", out], folder);
  const tarball = /"filename":\s*"([^"]+)"/.exec(packed.output)?.[1];
  if (packed.status !== 0 || tarball === undefined) {
    problems.push(`${manifest.name}: npm pack failed\n${packed.output}`);
    return;
  }
  const path = join(out, tarball.replace(/^@/, "").replaceAll("/", "-"));
  const lint = await run("publint", ["run", path, "--strict"], folder);
  if (lint.status !== 0) problems.push(`${manifest.name}: publint\n${lint.output}`);
  if (manifest.exports === undefined) return;
  const types = await run("attw", [path, "--profile", "esm-only", "--no-color", "--quiet"], folder);
  if (types.status !== 0) problems.push(`${manifest.name}: attw\n${types.output}`);
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ status: number | null; output: string }> {
  return new Promise((done) => {
    execFile(command, args, { cwd, encoding: "utf8" }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      done({ status, output: `${stdout}${stderr}` });
    });
  });
}
