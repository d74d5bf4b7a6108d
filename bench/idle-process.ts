import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** Clock ticks of `/proc` in a second, the same on every Linux. */
const ticksPerS = 100;

/** What a process holds in memory, megabytes of 1024² bytes, as `top` and systemd count. */
export interface ProcessMemory {
  readonly total: number;
  /** Pages of files, which other processes may share and the kernel may drop: mostly the program of Node itself. */
  readonly ofFiles: number;
}

/** A Node process that waits, watched from outside through Linux's `/proc`. */
export class IdleProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts one; resolves when it prints something for the first time. */
  static async start(args: readonly string[], env: Record<string, string> = {}): Promise<IdleProcess> {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await Promise.race([
      once(child.stdout, "data"),
      once(child, "exit").then(() => {
        throw new Error(`${args.join(" ")} ended before it was ready`);
      }),
    ]);
    child.stdout.resume();
    return new IdleProcess(child);
  }

  /** Memory that it holds now. */
  memory(): ProcessMemory {
    const status = this.#read("status");
    const megabytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
    return { total: megabytes("VmRSS"), ofFiles: megabytes("RssFile") };
  }

  /** CPU that it has used since it started, user and system together, seconds. */
  cpuS(): number {
    // The name of the program, which may hold spaces, stands in brackets before the fields.
    const fields = this.#read("stat")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / ticksPerS;
  }

  /** Ends it as systemd does. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
  }

  #read(name: string): string {
    return readFileSync(`/proc/${this.#child.pid}/${name}`, "utf8");
  }
}
