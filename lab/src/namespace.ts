import { type ChildProcess, execFile, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

/** The four places of the lab. */
export type Place = "router" | "device" | "phone" | "cloud";

/** Runs a command in a place to its end; resolves with its output whether it succeeded or not. */
export function runIn(
  place: Place,
  command: string,
  ...args: string[]
): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const all = ["netns", "exec", place, command, ...args];
    execFile("ip", all, { timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: stdout + stderr }),
    );
  });
}

/** Runs a command that must succeed. */
export async function mustRunIn(place: Place, command: string, ...args: string[]): Promise<string> {
  const { ok, output } = await runIn(place, command, ...args);
  if (!ok) throw new Error(`${command} ${args.join(" ")} failed in ${place}: ${output.trim()}`);
  return output;
}

/** A program that runs in a place until it is stopped; its output goes into a log file. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(place: Place, log: string, command: string, ...args: string[]) {
    const file = openSync(log, "a");
    this.#child = spawn("ip", ["netns", "exec", place, command, ...args], { stdio: ["ignore", file, file] });
    closeSync(file);
    this.#ended = new Promise((resolve) => {
      this.#child.on("close", () => resolve());
      this.#child.on("error", () => resolve());
    });
  }

  /** Ends it and resolves when it is gone. Idempotent. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    await this.#ended;
  }
}

/** Asks again and again until the answer is one; fails after the limit. */
export async function waitUntil<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endMs) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
