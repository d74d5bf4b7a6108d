import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";

/** How a command ended. */
export interface CommandResult {
  /** 0 is success; −1 when a signal or the limit ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An IPv4 address of an interface. */
export interface InterfaceAddress {
  readonly interfaceName: string;
  /** `192.168.4.1/24` */
  readonly cidr: string;
}

/** What a check may ask of the machine it looks at. */
export interface Machine {
  /** Runs a program to its end. `undefined` when it is not installed. */
  run(program: string, args: readonly string[]): Promise<CommandResult | undefined>;
  /** Where a program is installed. */
  find(program: string): string | undefined;
  /** A file's text; `undefined` when it is not there or must not be read. */
  readText(path: string): Promise<string | undefined>;
  /** Names in a folder; none when it is not there. */
  list(path: string): Promise<readonly string[]>;
  /** Where a link leads; `undefined` when it is none. */
  readLink(path: string): Promise<string | undefined>;
  addresses(): readonly InterfaceAddress[];
}

/** A service's PATH often lacks the folders where the system's own programs live. */
const programFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

/** Longest run of one command, ms. */
const commandTimeoutMs = 5_000;

/** The machine on which softap runs. */
export class LinuxMachine implements Machine {
  readonly #root: string;
  readonly #signal: AbortSignal;

  /** @param options.root - Folder below which files and programs are looked for. @defaultValue `/` */
  constructor(options: { signal: AbortSignal; root?: string }) {
    this.#root = options.root ?? "/";
    this.#signal = options.signal;
  }

  run(program: string, args: readonly string[]): Promise<CommandResult | undefined> {
    const path = this.find(program);
    if (path === undefined) return Promise.resolve(undefined);
    const options = {
      encoding: "utf8",
      timeout: commandTimeoutMs,
      signal: this.#signal,
      env: { PATH: programFolders.join(":"), LC_ALL: "C" },
    } as const;
    return new Promise((resolve) => {
      execFile(join(this.#root, path), args, options, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ exitCode, stdout, stderr });
      });
    });
  }

  find(program: string): string | undefined {
    return programFolders
      .map((folder) => `${folder}/${program}`)
      .find((path) => existsSync(join(this.#root, path)));
  }

  async readText(path: string): Promise<string | undefined> {
    return readFile(join(this.#root, path), "utf8").catch(() => undefined);
  }

  async list(path: string): Promise<readonly string[]> {
    return readdir(join(this.#root, path)).catch(() => []);
  }

  async readLink(path: string): Promise<string | undefined> {
    return readlink(join(this.#root, path)).catch(() => undefined);
  }

  addresses(): readonly InterfaceAddress[] {
    return Object.entries(networkInterfaces()).flatMap(([interfaceName, addresses = []]) =>
      addresses.flatMap(({ cidr, family }) =>
        family === "IPv4" && cidr !== null ? [{ interfaceName, cidr }] : [],
      ),
    );
  }
}
