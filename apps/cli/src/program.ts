import { Command, CommanderError } from "commander";
import { commandTable, overview, version } from "./command-table.ts";

/**
 * Builds the command line.
 *
 * @param loaded - Commands whose options are needed; the others have only their name and summary.
 */
export async function buildProgram(loaded: readonly string[]): Promise<Command> {
  const program = new Command("softap")
    .version(version)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  program.helpInformation = overview;
  for (const { name, summary, load } of commandTable) {
    const command = program.command(name).description(summary);
    if (loaded.includes(name)) (await load()).define(command);
  }
  return program;
}

/** Runs one command line and sets the exit code. Never throws. */
export async function run(args: readonly string[]): Promise<void> {
  const startedMs = performance.now();
  ignoreGoneReaders();
  let program: Command | undefined;
  try {
    program = await buildProgram(commandTable.map(({ name }) => name).filter((name) => args.includes(name)));
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // Help and version leave the parser as an error with exit code 0.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    const { reportFailure } = await import("./failure.ts");
    const commandPath = program === undefined ? [] : commandPathOf(program, args);
    process.exitCode = reportFailure(error, { args, commandPath, elapsedMs: performance.now() - startedMs });
  }
}

/** Names of the command that a command line chose, as far as they exist: `["device", "install"]`. */
function commandPathOf(program: Command, args: readonly string[]): readonly string[] {
  const path: string[] = [];
  let command = program;
  for (const arg of args) {
    const below = command.commands.find((candidate) => candidate.name() === arg);
    // The program itself has no option with a value: its first word is a command or a mistake.
    if (below === undefined && command === program && !arg.startsWith("-")) break;
    if (below === undefined) continue;
    path.push(arg);
    command = below;
  }
  return path;
}

/** A reader that has gone (`softap cloud | head -1`) must not take down what runs; its lines are lost, nothing else. */
function ignoreGoneReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
}
