import { softApError } from "@softap/protocol";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Longest run of one command of the system, ms: a service may take its time to end. */
const commandTimeoutMs = 120_000;

/** The system that a service is installed on: the running one, or one that is mounted somewhere. */
export class TargetSystem {
  readonly #root: string;

  /** @param root - `/` is the running system. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Whether programs may be started and stopped: the system runs, and systemd is its first process. */
  get hasRunningSystemd(): boolean {
    return this.isRunning && existsSync("/run/systemd/system");
  }

  /** Whether it is the system that runs. */
  get isRunning(): boolean {
    return join(this.#root, "/") === "/";
  }

  /** Where a path of the target stands for this process. */
  pathOf(path: string): string {
    return join(this.#root, path);
  }

  has(path: string): boolean {
    return existsSync(this.pathOf(path));
  }

  /** A file's text; `undefined` when it is not there. @throws {TransportError} `PERMISSION_DENIED` */
  async read(path: string): Promise<string | undefined> {
    try {
      return await readFile(this.pathOf(path), "utf8");
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw accessError(error, path);
    }
  }

  /** Writes a file whole or not at all. @throws {TransportError} `PERMISSION_DENIED`; {StoreError} `STORE_WRITE_FAILED` */
  async write(path: string, text: string, mode: number): Promise<void> {
    const target = this.pathOf(path);
    const draft = `${target}.softap-new`;
    try {
      await mkdir(dirname(target), { recursive: true, mode: 0o755 });
      await writeFile(draft, text, { mode });
      // The mask of the caller must not take from it what other programs need to read.
      await chmod(draft, mode);
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw accessError(error, path);
    }
  }

  /** Removes a file, or with `isFolder` a folder with everything in it. One that is gone is fine. */
  async remove(path: string, options: { isFolder?: boolean } = {}): Promise<void> {
    try {
      await rm(this.pathOf(path), { force: true, recursive: options.isFolder === true });
    } catch (error) {
      throw accessError(error, path);
    }
  }

  /** Removes a folder that nothing stands in any more. */
  async removeIfEmpty(path: string): Promise<void> {
    await rmdir(this.pathOf(path)).catch(() => undefined);
  }

  /**
   * Runs a program of the running system.
   *
   * @returns What it printed; `undefined` when it is not installed.
   * @throws {TransportError} `PERMISSION_DENIED`, `SYSTEM_PROGRAM_FAILED` with what it said
   */
  run(program: string, args: readonly string[]): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      execFile(program, args, { encoding: "utf8", timeout: commandTimeoutMs }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else if (error.code === "ENOENT") resolve(undefined);
        else {
          const what = `${program} ${args[0] ?? ""} failed: ${stderr.trim().split("\n")[0] ?? ""}`;
          const code = /denied|permitted|privilege/i.test(stderr)
            ? "PERMISSION_DENIED"
            : "SYSTEM_PROGRAM_FAILED";
          reject(softApError(code, what, { cause: error }));
        }
      });
    });
  }
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

function accessError(error: unknown, path: string): Error {
  const code = systemCode(error);
  return code === "EACCES" || code === "EPERM" || code === "EROFS"
    ? softApError("PERMISSION_DENIED", `${path} cannot be changed`, {
        cause: error,
        context: { help: "Run it as root: sudo softap device install" },
      })
    : softApError("STORE_WRITE_FAILED", `${path} cannot be changed: ${code ?? "unknown"}`, { cause: error });
}
