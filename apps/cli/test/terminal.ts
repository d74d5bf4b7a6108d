import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { onTestFinished } from "vitest";
import { cleanEnvironment, commandLine, type RunOptions } from "./softap-process.ts";

/** Whether the system has `script`, which gives a program a terminal. */
export const hasTerminal: boolean = spawnSync("script", ["--version"]).status === 0;

/** Colours and movements of the cursor. */
const controls = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;?]*[A-Za-z]`, "g");

/** A command at a terminal of 100 × 30, with somebody who types. */
export class Terminal {
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #screen = "";
  #read = 0;
  #exit: number | undefined;

  constructor(args: readonly string[], options: { home: string; env: RunOptions["env"] }) {
    const quoted = [...commandLine, ...args].map((word) => `'${word}'`).join(" ");
    this.#child = spawn("script", ["-qefc", `stty cols 100 rows 30; exec ${quoted}`, "/dev/null"], {
      env: { ...cleanEnvironment(options.home, options.env), TERM: "xterm" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#screen += text.replace(controls, "");
      this.#check();
    });
    this.#child.on("close", (code) => {
      this.#exit = code ?? -1;
      this.#check();
    });
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  /** Waits until a text stands on the screen behind what was waited for before. @throws {Error} when the command ended without it */
  async sees(text: string): Promise<void> {
    for (;;) {
      const at = this.#screen.indexOf(text, this.#read);
      if (at >= 0) {
        this.#read = at + text.length;
        return;
      }
      if (this.#exit !== undefined) throw new Error(`"${text}" was never shown:\n${this.#screen}`);
      await this.#change();
    }
  }

  /** Types a line. */
  type(text: string): void {
    this.#child.stdin?.write(`${text}\r`);
  }

  /** Waits for the end. @returns The exit code */
  async exit(): Promise<number> {
    while (this.#exit === undefined) await this.#change();
    return this.#exit;
  }

  /** Everything shown, without colours. */
  get screen(): string {
    return this.#screen;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #check(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
