import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "../config/common-options.ts";
import { option, parseLoss, parseSeed } from "../config/options.ts";

/** What `softap demo` takes. */
export interface DemoOptions extends CommonOptions {
  readonly loss: number;
  readonly seed?: number;
  readonly wrongPassphrase?: boolean;
  readonly slow?: boolean;
}

/** Declares `softap demo`. */
export function define(command: Command): void {
  command
    .addOption(
      option("--loss <part>", "part of the datagrams that get lost, each way, 0 to 0.95", {
        env: "SOFTAP_DEMO_LOSS",
        parse: parseLoss,
        default: 0,
      }),
    )
    .addOption(
      option("--seed <number>", "makes the same datagrams get lost again", {
        env: "SOFTAP_DEMO_SEED",
        parse: parseSeed,
        defaultText: "by chance",
      }),
    )
    .option("--wrong-passphrase", "type the Wi-Fi passphrase wrong first, then right")
    .option("--slow", "take longer on Wi-Fi, to watch it")
    .addHelpText(
      "after",
      `
Everything runs in this process with real sockets on 127.0.0.1; only the radio is virtual. Nothing but compiled
code in ~/.cache/softap is left behind.

Examples:
  softap demo
  softap demo --wrong-passphrase --slow
  softap demo --loss 0.3 --seed 7 --json`,
    )
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import("../demo/run-demo.ts");
      process.exitCode = await runDemo(options);
    });
  addCommonOptions(command, "silent");
}
