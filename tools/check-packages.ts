/**
 * Packs every published workspace as npm would and asks publint and attw whether others can import it.
 * Needs a build: run `tsc -b` before.
 */
import { spawnSync } from "node:child_process";
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
let checked = 0;
try {
  for (const file of globSync("{packages,apps}/*/package.json")) {
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
    if (manifest.private === true) continue;
    checked += 1;
    const folder = resolve(dirname(file));
    const packed = run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", out], folder);
    const tarball = /"filename":\s*"([^"]+)"/.exec(packed.output)?.[1];
    if (packed.status !== 0 || tarball === undefined) {
      problems.push(`${manifest.name}: npm pack failed\n${packed.output}`);
      continue;
    }
    const path = join(out, tarball.replace(/^@/, "").replaceAll("/", "-"));
    const lint = run("publint", ["run", path, "--strict"], folder);
    if (lint.status !== 0) problems.push(`${manifest.name}: publint\n${lint.output}`);
    if (manifest.exports === undefined) continue;
    const types = run("attw", [path, "--profile", "esm-only", "--no-color", "--quiet"], folder);
    if (types.status !== 0) problems.push(`${manifest.name}: attw\n${types.output}`);
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
if (checked === 0) problems.push("check-packages found no package: run it from the repository root");
console.log(problems.join("\n") || `check-packages: ${checked} packages ok`);
process.exitCode = problems.length > 0 ? 1 : 0;

function run(
  command: string,
  args: readonly string[],
  cwd: string,
): { status: number | null; output: string } {
  const result = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { status: result.status, output: `${result.stdout}${result.stderr}` };
}
