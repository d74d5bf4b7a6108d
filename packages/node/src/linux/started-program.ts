import type { CancelSignal, Clock } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { cancelable } from "../cancelable.ts";
import { ChildProgram } from "./command.ts";

/** Lines of a program's output that are kept to tell why it ended. */
const keptLines = 20;

/**
 * Starts a program of the soft AP and resolves when a line of its output tells that it serves.
 *
 * @throws {WifiError} `SOFTAP_START_FAILED` when it ends before; `WIFI_PROGRAM_MISSING`
 */
export async function startProgram(
  program: { readonly name: string; readonly args: readonly string[]; readonly ready: RegExp },
  options: { readonly clock: Clock; readonly signal: CancelSignal },
): Promise<ChildProgram> {
  const { name, args, ready } = program;
  const child = new ChildProgram(name, args);
  const output: string[] = [];
  try {
    await cancelable<void>(options.signal, ({ resolve, reject }) => {
      child.onLine = (line) => {
        if (output.length < keptLines) output.push(line);
        if (ready.test(line)) resolve();
      };
      child.onExit = (code) => {
        const cause = new Error(output.join("; "));
        reject(softApError("SOFTAP_START_FAILED", `${name} ended with ${code}`, { cause }));
      };
      return () => {};
    });
  } catch (error) {
    await child.stop(options.clock);
    throw error;
  }
  child.onLine = undefined;
  return child;
}
