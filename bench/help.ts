import { spawnSync } from "node:child_process";
import { buildCommand } from "./built-command.ts";
import { type Figure, median } from "./report.ts";

/** Wall time of a command in milliseconds. */
function timeMs(args: readonly string[]): number {
  const fromMs = performance.now();
  const run = spawnSync(process.execPath, args, { stdio: "ignore" });
  if (run.status !== 0) throw new Error(`${args.join(" ")} ended with ${run.status}`);
  return performance.now() - fromMs;
}

/** How long the built `softap --help` takes from a cold process, beside a Node process that does nothing. Alternated, so that noise meets both. */
export function measureHelp(rounds: number): Figure[] {
  const command = buildCommand();
  const bare: number[] = [];
  const help: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(timeMs(["-e", "0"]));
    help.push(timeMs([command, "--help"]));
  }
  const bareMs = median(bare);
  const helpMs = median(help);
  return [
    {
      name: "softap --help, cold",
      value: helpMs / bareMs,
      unit: "ratio",
      mustBe: { atMost: 2.5 },
      beside: `${helpMs.toFixed(0)} ms beside ${bareMs.toFixed(0)} ms of node -e 0`,
    },
  ];
}
