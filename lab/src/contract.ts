import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Backend } from "./scenario.ts";

/** How a run of the contract suite ended. */
export interface ContractOutcome {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the radio contract on the device's radio, in a process of its own; its lines go to `print`. */
export async function runContract(
  backend: Backend,
  options: { out: string; filter: string | undefined; print: (line: string) => void },
): Promise<ContractOutcome> {
  const { out, filter, print } = options;
  const folder = new URL("..", import.meta.url).pathname;
  const vitest = new URL("../../node_modules/vitest/vitest.mjs", import.meta.url).pathname;
  const args = [vitest, "run", "--root", folder, "--config", `${folder}vitest.config.ts`];
  if (filter !== undefined) args.push("--testNamePattern", filter);
  const child = spawn(process.execPath, args, {
    env: { ...process.env, LAB_BACKEND: backend, LAB_OUT: out },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let passed = 0;
  let failed = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("ok ")) passed += 1;
    if (line.startsWith("FAILED")) failed += 1;
    if (/^(ok |FAILED| {7})/.test(line)) print(line);
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  // A suite that could not even start has told no failure of its own.
  if (code !== 0 && failed === 0) failed = 1;
  return { passed, failed };
}
