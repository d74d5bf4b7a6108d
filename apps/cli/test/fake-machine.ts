import type { CommandResult, InterfaceAddress, Machine } from "../src/doctor/machine.ts";

/** A machine of canned answers. */
export class FakeMachine implements Machine {
  readonly #answers: Readonly<Record<string, string | number>>;
  readonly #files: Readonly<Record<string, string>>;
  readonly #addresses: readonly InterfaceAddress[];

  /**
   * @param options.answers - Output of a command line, or the exit code with which it fails; the programs in them are installed.
   * @param options.files - Texts by path; the text of a link begins with `-> `.
   */
  constructor(
    options: {
      answers?: Readonly<Record<string, string | number>>;
      files?: Readonly<Record<string, string>>;
      addresses?: readonly InterfaceAddress[];
    } = {},
  ) {
    this.#answers = options.answers ?? {};
    this.#files = options.files ?? {};
    this.#addresses = options.addresses ?? [];
  }

  async run(program: string, args: readonly string[]): Promise<CommandResult | undefined> {
    if (this.find(program) === undefined) return undefined;
    const answer = this.#answers[[program, ...args].join(" ")] ?? 1;
    return typeof answer === "number"
      ? { exitCode: answer, stdout: "", stderr: "" }
      : { exitCode: 0, stdout: answer, stderr: "" };
  }

  find(program: string): string | undefined {
    const isThere = Object.keys(this.#answers).some((line) => line.split(" ")[0] === program);
    return isThere ? `/usr/bin/${program}` : undefined;
  }

  async readText(path: string): Promise<string | undefined> {
    const text = this.#files[path];
    return text?.startsWith("-> ") ? undefined : text;
  }

  async list(path: string): Promise<readonly string[]> {
    const names = Object.keys(this.#files)
      .filter((file) => file.startsWith(`${path}/`))
      .map((file) => file.slice(path.length + 1).split("/")[0] ?? "");
    return [...new Set(names)];
  }

  async readLink(path: string): Promise<string | undefined> {
    return this.#files[path]?.replace(/^-> /, "");
  }

  addresses(): readonly InterfaceAddress[] {
    return this.#addresses;
  }
}
