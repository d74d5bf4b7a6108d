import { UsageError } from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";
import { CommanderError } from "commander";
import { debugTrace, describeError, formatFailure } from "./exit.ts";
import { localeLanguage } from "./language.ts";
import { finishedLine } from "./reporter/json.ts";

/** Commands whose last JSON line is a verdict. */
const verdictCommands = ["demo", "provision"];

/**
 * Tells why a command line ended before it had anything else to tell.
 *
 * @param args - The command line; it says whether a program or a person reads.
 * @param elapsedMs - Since the start.
 * @returns The exit code.
 */
export function reportFailure(thrown: unknown, args: readonly string[], elapsedMs: number): number {
  const error = thrown instanceof CommanderError ? usageErrorOf(thrown, args) : thrown;
  const failure = describeError(error, languageOf(args));
  process.stderr.write(debugTrace(error));
  if (!args.includes("--json")) process.stderr.write(formatFailure(failure));
  else if (verdictCommands.includes(commandOf(args) ?? ""))
    process.stdout.write(finishedLine({ verdict: "failed", deviceId: undefined, elapsedMs, failure }));
  else {
    const { code, number, text, action } = failure;
    process.stdout.write(`${JSON.stringify({ event: "error", code, number, text, action })}\n`);
  }
  return failure.exit;
}

/** `error: unknown option '--los'\n(Did you mean --loss?)` as one sentence of ours. */
function usageErrorOf(error: CommanderError, args: readonly string[]): UsageError {
  // A command that only groups others was given without one of them.
  const message = error.code === "commander.help" ? "A command is missing" : error.message;
  const sentence = message
    .replace(/^error: /, "")
    .replace(/\s*\n\(D(id you mean [^)]*)\)/, ": d$1")
    .replace(/\.$/, "");
  const command = commandOf(args);
  const isKnown = command !== undefined && !error.message.includes(`unknown command '${command}'`);
  const help = isKnown ? `softap ${command}` : "softap";
  return new UsageError("USAGE", `${sentence[0]?.toUpperCase() ?? ""}${sentence.slice(1)}`, {
    context: { help: `Run "${help} --help" to see what can be given` },
    cause: error,
  });
}

/** The first word that is not an option; global options that take a value do not exist. */
function commandOf(args: readonly string[]): string | undefined {
  return args.find((arg) => !arg.startsWith("-"));
}

function languageOf(args: readonly string[]): Language {
  const given = args[args.indexOf("--lang") + 1];
  return given === "en" || given === "zh" ? given : localeLanguage();
}
