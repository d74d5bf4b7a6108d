import { type ChildProcess, spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import { makeFolder, removeFolder, temporaryFolder } from "./temporary-folder.ts";

const main = new URL("../src/main.ts", import.meta.url).pathname;
/** Compiled code is shared by all runs: with a cache of its own each would start cold. */
const cache = new URL("../../../node_modules/.cache/softap", import.meta.url).pathname;

/** What a command line is run with. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Home folder; logins and states go below it. @defaultValue a fresh one */
  readonly home?: string;
  /** Text for the standard input. @defaultValue none: it is closed */
  readonly input?: string;
  /** Outlives the test; whoever started it ends it. @defaultValue false */
  readonly isShared?: boolean;
}

/** How a command ended. */
export interface Result {
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of `--json`. */
export type Event = Readonly<Record<string, unknown>> & { readonly event: string };

/** What a command runs with: nothing of the machine's own settings decides what a test sees. */
export function cleanEnvironment(home: string, env: RunOptions["env"] = {}): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    XDG_CACHE_HOME: cache,
    NODE_COMPILE_CACHE: cache,
    LC_ALL: "C.UTF-8",
    ...env,
  };
}

/** Lets the system choose the ports of `softap cloud`. */
export const anyCloudPorts: readonly string[] = ["--http-port=0", "--mqtt-port=0", "--mqtts-port=0"];

/** The command line that starts `softap` from its sources. */
export const commandLine: readonly string[] = [process.execPath, "--conditions=source", main];

/** A command that runs, killed at the end of the test at the latest unless it is shared by many. */
export class SoftapProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #stdout = "";
  #stderr = "";
  /** Resolves when it ended. */
  readonly ended: Promise<Result>;

  constructor(args: readonly string[], options: RunOptions = {}) {
    const { env = {}, home = temporaryFolder(), input, isShared = false } = options;
    const [node = "", ...nodeArgs] = commandLine;
    const child = spawn(node, [...nodeArgs, ...args], {
      env: cleanEnvironment(home, env),
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    this.#child = child;
    child.stdin?.end(input);
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      for (const check of this.#waiting) check();
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.ended = new Promise((resolve) => {
      child.on("close", (code, signal) => {
        resolve({ exit: code ?? signal ?? "unknown", stdout: this.#stdout, stderr: this.#stderr });
        for (const check of this.#waiting) check();
      });
    });
    if (!isShared) onTestFinished(() => this.end());
  }

  /** Lines of `--json` so far. */
  get events(): readonly Event[] {
    return parseEvents(this.#stdout);
  }

  /** Everything that it printed so far. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  /** Waits for a line. @throws {Error} when the command ended without it, with what it said */
  event(isWanted: (event: Event) => boolean): Promise<Event> {
    const { promise, resolve, reject } = Promise.withResolvers<Event>();
    const check = (): void => {
      const found = this.events.find(isWanted);
      if (found !== undefined) resolve(found);
      else if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        reject(new Error(`softap ended without the event:\n${this.#stdout}\n${this.#stderr}`));
      else return;
      this.#waiting.delete(check);
    };
    this.#waiting.add(check);
    check();
    return promise;
  }

  /** Waits for the line of an event. */
  eventNamed(name: string): Promise<Event> {
    return this.event(({ event }) => event === name);
  }

  /** Ends it at once. */
  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL" | "SIGUSR1"): void {
    this.#child.kill(signal);
  }
}

/** Runs a command to its end. Independent of the test that runs, so that tests may do it at once. */
export async function softap(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const home = options.home ?? makeFolder();
  try {
    return await new SoftapProcess(args, { ...options, home, isShared: true }).ended;
  } finally {
    if (options.home === undefined) removeFolder(home);
  }
}

/** The whole lines of a `--json` output; a line that is not JSON fails the test. */
export function parseEvents(stdout: string): readonly Event[] {
  return stdout
    .slice(0, stdout.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);
}
