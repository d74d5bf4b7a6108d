import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { type CancelSignal, type Clock, throwIfCanceled } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { cancelable } from "../cancelable.ts";
import { linuxLimits } from "./limits.ts";

/** How a command ended. */
export interface CommandOutcome {
  /** 0 is success; −1 when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

// A service's PATH often lacks the folders where the system's own programs live.
const programFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

/** Where a program is installed, or `undefined`. */
export function findProgram(name: string): string | undefined {
  return programFolders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

/** Where a program is installed. @throws {WifiError} `WIFI_PROGRAM_MISSING` */
export function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path !== undefined) return path;
  throw softApError("WIFI_PROGRAM_MISSING", `${name} is not installed`, { context: { program: name } });
}

/**
 * Runs a program to its end.
 *
 * @param name - Program, looked up in the system's folders; no shell is involved.
 * @param options.input - What it reads from standard input. @defaultValue nothing
 * @throws {WifiError} `WIFI_PROGRAM_MISSING`; {CanceledError} when the signal fires, the program is killed then
 */
export async function runCommand(
  name: string,
  args: readonly string[],
  options: { signal: CancelSignal; input?: string },
): Promise<CommandOutcome> {
  throwIfCanceled(options.signal);
  const program = requireProgram(name);
  return cancelable(options.signal, ({ resolve, reject }) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (stdout.length < linuxLimits.maxOutputLength) stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (stderr.length < linuxLimits.maxOutputLength) stderr += text;
    });
    child.on("error", (cause) =>
      reject(softApError("WIFI_PROGRAM_MISSING", `${name} cannot be started`, { cause })),
    );
    child.on("close", (code) => resolve({ exitCode: code ?? -1, stdout, stderr }));
    // A program that ends without reading its input closes the pipe; its exit code tells the rest.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    return () => child.kill("SIGKILL");
  });
}

/** A program that runs until it is stopped: `hostapd`, `dnsmasq`, `iw event`. */
export class ChildProgram {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<number>;
  #isRunning = true;
  /** Called for every line of its output and error output. */
  onLine: ((line: string) => void) | undefined;
  /** Called once when it ended without our doing. */
  onExit: ((exitCode: number) => void) | undefined;

  /** @throws {WifiError} `WIFI_PROGRAM_MISSING` */
  constructor(name: string, args: readonly string[]) {
    this.name = name;
    const child = spawn(requireProgram(name), args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => this.onLine?.(line));
    child.stdin.on("error", () => {});
    this.#exited = new Promise((resolve) => {
      const end = (code: number): void => {
        if (!this.#isRunning) return;
        this.#isRunning = false;
        resolve(code);
        this.onExit?.(code);
      };
      child.on("error", () => end(-1));
      child.on("close", (code) => end(code ?? -1));
    });
  }

  /** Whether it still runs. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Writes a line to its standard input. */
  writeLine(line: string): void {
    if (this.#isRunning) this.#child.stdin?.write(`${line}\n`);
  }

  /** Asks it to end, insists after a while, and resolves when it is gone. Idempotent; no callback runs any more. */
  async stop(clock: Clock): Promise<void> {
    this.onExit = undefined;
    this.onLine = undefined;
    if (!this.#isRunning) return;
    this.#child.kill("SIGTERM");
    const insist = clock.after(`end ${this.name}`, linuxLimits.terminateMs, () =>
      this.#child.kill("SIGKILL"),
    );
    await this.#exited;
    insist.cancel();
  }
}
