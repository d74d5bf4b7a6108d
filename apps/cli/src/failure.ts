import { UsageError } from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";
import { CommanderError } from "commander";
import { debugTrace, describeError, formatFailure } from "./exit.ts";
import { localeLanguage } from "./language.ts";
import { finishedLine } from "./reporter/json.ts";

/** Commands whose last JSON line is a verdict. */
const verdictCommands = ["demo", "provision"];

/** What the command line was that failed. */
export interface FailedRun {
  /** Its words; they say whether a program or a person reads. */
  readonly args: readonly string[];
  /** Names of the command that they chose, such as `device` and `install`; none when there is no such command. */
  readonly commandPath: readonly string[];
  /** Since the start, ms. */
  readonly elapsedMs: number;
}

/**
 * Tells why a command line ended before it had anything else to tell.
 *
 * @returns The exit code.
 */
export function reportFailure(thrown: unknown, { args, commandPath, elapsedMs }: FailedRun): number {
  const error = thrown instanceof CommanderError ? usageErrorOf(thrown, commandPath) : thrown;
  const failure = describeError(error, languageOf(args));
  process.stderr.write(debugTrace(error));
  if (!args.includes("--json")) process.stderr.write(formatFailure(failure));
  else if (verdictCommands.includes(commandPath[0] ?? ""))
    process.stdout.write(finishedLine({ verdict: "failed", deviceId: undefined, elapsedMs, failure }));
  else {
    const { code, number, text, action } = failure;
    process.stdout.write(`${JSON.stringify({ event: "error", code, number, text, action })}\n`);
  }
  return failure.exit;
}

/** `error: unknown option '--los'\n(Did you mean --loss?)` as one sentence of ours. */
function usageErrorOf(error: CommanderError, commandPath: readonly string[]): UsageError {
  // A command that only groups others was given without one of them.
  const message = error.code === "commander.help" ? "A command is missing" : error.message;
  const sentence = message
    .replace(/^error: /, "")
    .replace(/\s*\n\(D(id you mean [^)]*)\)/, ": d$1")
    .replace(/\.$/, "");
  const help = ["softap", ...commandPath].join(" ");
  return new UsageError("USAGE", `${sentence[0]?.toUpperCase() ?? ""}${sentence.slice(1)}`, {
    context: { help: `Run "${help} --help" to see what can be given` },
    cause: error,
  });
}

function languageOf(args: readonly string[]): Language {
  const given = args[args.indexOf("--lang") + 1];
  return given === "en" || given === "zh" ? given : localeLanguage();
}
