#!/usr/bin/env node
import { enableCompileCache } from "node:module";

const args = process.argv.slice(2);
const [first = "--help"] = args;
if (args.length <= 1 && (first === "--help" || first === "-h" || first === "help")) {
  const { overview } = await import("./command-table.ts");
  process.stdout.write(overview());
} else {
  if (first === "device") {
    const { preferSmallProcess } = await import("./small-process.ts");
    preferSmallProcess();
  }
  const { cacheDirectory } = await import("./config/paths.ts");
  // Compiled code is kept in the user's own cache, never in a folder that others can write to: the start takes half the time.
  const cache = cacheDirectory();
  if (cache !== undefined) enableCompileCache(cache);
  const { run } = await import("./program.ts");
  await run(args);
}
