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
  try {
    const program = await buildProgram(
      commandTable.map(({ name }) => name).filter((name) => args.includes(name)),
    );
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // Help and version leave the parser as an error with exit code 0.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    const { reportFailure } = await import("./failure.ts");
    process.exitCode = reportFailure(error, args, performance.now() - startedMs);
  }
}

/** A reader that has gone (`softap cloud | head -1`) must not take down what runs; its lines are lost, nothing else. */
function ignoreGoneReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
}
