import { spawnSync } from "node:child_process";
import type { Figure } from "./report.ts";

/** Minified and compressed size of what apps and firmware ship. */
export function measureSize(): Figure[] {
  const run = spawnSync(process.execPath, ["tools/size.ts", "--json"], { encoding: "utf8" });
  const sizes = JSON.parse(run.stdout) as { name: string; bytes: number; maxBytes: number }[];
  return sizes.map(({ name, bytes, maxBytes }) => ({
    name: `${name}, minified + gzip`,
    value: bytes,
    unit: "bytes",
    mustBe: { atMost: maxBytes },
  }));
}
