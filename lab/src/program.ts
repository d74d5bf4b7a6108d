import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { type Place, waitUntil } from "./namespace.ts";

/** How a program is started. */
export interface ProgramOptions {
  readonly place: Place;
  /** File that gets what the program prints. */
  readonly log: string;
  /** Variables beside those of the lab. */
  readonly env?: Readonly<Record<string, string>>;
  /** Takes every line of its standard output. */
  readonly onLine?: (line: string) => void;
}

/** A program that runs in a place until it ends or is stopped. */
export class Program {
  readonly #child: ChildProcess;
  #output = "";
  /** Resolves with its exit code, or `undefined` when a signal ended it. */
  readonly ended: Promise<number | undefined>;

  constructor(options: ProgramOptions, ...command: readonly string[]) {
    const { place, log, env, onLine } = options;
    const file = createWriteStream(log, { flags: "a" });
    this.#child = spawn("ip", ["netns", "exec", place, ...command], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    const { stdin, stdout, stderr } = this.#child;
    // Whoever ended does not read any more.
    stdin?.on("error", () => {});
    stdout?.pipe(file, { end: false });
    stderr?.pipe(file, { end: false });
    stdout?.on("data", (piece: Buffer) => (this.#output += piece.toString()));
    if (stdout !== null && onLine !== undefined) createInterface({ input: stdout }).on("line", onLine);
    this.ended = new Promise((resolve) => {
      this.#child.on("close", (code) => {
        file.end();
        resolve(code ?? undefined);
      });
      this.#child.on("error", () => resolve(undefined));
    });
  }

  /** Process id; `ip netns exec` becomes the program itself. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it has printed on its standard output. */
  get output(): string {
    return this.#output;
  }

  /** Whether it still runs. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Types a line, and the key that ends it in a terminal. */
  type(line: string): void {
    this.#child.stdin?.write(`${line}\r`);
  }

  /** Resolves when it has printed a text; `from` leaves out the first characters. @returns The length of its output then */
  async prints(text: string, { from = 0, limitMs = 120_000 } = {}): Promise<number> {
    return waitUntil(`it prints "${text}"`, limitMs, async () => {
      if (this.#output.includes(text, from)) return this.#output.length;
      if (!this.isRunning) throw new Error(`it ended without printing "${text}"`);
      return undefined;
    });
  }

  /** Sends a signal. */
  signal(name: NodeJS.Signals): void {
    if (this.isRunning) this.#child.kill(name);
  }

  /** Ends it and resolves when it is gone. Idempotent. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    this.signal(signal);
    await this.ended;
  }
}
