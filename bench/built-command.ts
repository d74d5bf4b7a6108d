import { spawnSync } from "node:child_process";

/**
 * Builds the command, because what people install is built; a checkout that runs its sources pays for Node's type stripping on top.
 *
 * @returns The file that Node starts.
 */
export function buildCommand(): string {
  const build = spawnSync("tsc", ["-b", "apps/cli"], { encoding: "utf8" });
  if (build.status !== 0) throw new Error(`tsc -b apps/cli: ${build.stdout}`);
  return "apps/cli/bin/softap.js";
}
