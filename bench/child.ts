import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** CPU of a process in microseconds, user and system together. */
export type CpuUs = number;

/** A server of the bench in a process of its own, so that its CPU can be told from the clients'. */
export class BenchServer<Ready> {
  readonly #child: ChildProcess;
  /** What the server said when it was ready. */
  readonly ready: Ready;

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child;
    this.ready = ready;
  }

  /** Starts a module of this folder and waits for its first message. */
  static async start<Ready>(module: string, env: Record<string, string> = {}): Promise<BenchServer<Ready>> {
    const child = fork(new URL(module, import.meta.url), {
      execArgv: ["--conditions=source"],
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const message: unknown = await Promise.race([
      once(child, "message").then(([first]) => first as unknown),
      once(child, "exit").then(() => {
        throw new Error(`${module} ended before it was ready`);
      }),
    ]);
    // The modules of this folder send exactly what their caller names as `Ready`.
    return new BenchServer(child, message as Ready);
  }

  /** CPU that the server has used since it started. */
  async cpuUs(): Promise<CpuUs> {
    this.#child.send("cpu");
    const [answer] = (await once(this.#child, "message")) as [{ cpu: NodeJS.CpuUsage }];
    return answer.cpu.user + answer.cpu.system;
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.send("stop");
    await ended;
  }
}
