import { CanceledError, Secret, UsageError } from "@softap/protocol";
import { environment } from "./environment.ts";
import { readTextFile } from "./files.ts";

/** Where one secret may come from, in the order in which it is looked for: file, variable, question. */
export interface SecretSource {
  /** What it is, for messages: `Wi-Fi passphrase`. */
  readonly what: string;
  /** Path given with {@link SecretSource.option}; `-` is the standard input. */
  readonly file: string | undefined;
  /** The option that names the file. */
  readonly option: string;
  /** Variable that holds the secret itself. */
  readonly env: string;
  /** Whether a person may be asked. */
  readonly mayAsk: boolean;
}

/**
 * Looks for a secret without asking anybody.
 *
 * @returns `undefined` when neither the file nor the variable is given.
 * @throws {UsageError} `FILE_NOT_FOUND`, `CONFIG_INVALID` when the file cannot be read. An empty file is an empty secret.
 */
export async function findSecret(source: SecretSource): Promise<Secret | undefined> {
  if (source.file !== undefined) {
    // Editors and `echo` end a file with a line break that is not part of the secret.
    const text = (await readTextFile(source.file, source.what)).replace(/\r?\n$/, "");
    return Secret.of(text);
  }
  const value = environment[source.env];
  return value === undefined ? undefined : Secret.of(value);
}

/**
 * Looks for a secret and asks for it where a person sits at a terminal.
 *
 * @throws {UsageError} `USAGE` when it is nowhere and nobody can be asked
 * @throws {CanceledError} when the person gave up
 */
export async function obtainSecret(source: SecretSource): Promise<Secret> {
  const found = await findSecret(source);
  if (found !== undefined) return found;
  if (!source.mayAsk || !canAsk())
    throw new UsageError("USAGE", `The ${source.what} is missing and there is no terminal to ask for it`, {
      context: { help: `Give ${source.option} <file> or set ${source.env}` },
    });
  return askSecret(`${source.what[0]?.toUpperCase()}${source.what.slice(1)}`);
}

/** Whether a person can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks for a secret on the error stream, so that standard output stays clean. The text is not shown.
 *
 * @param question - What the person reads.
 * @param problemOf - Says what is wrong with an answer; the person is asked again.
 * @throws {CanceledError} when the person gave up
 */
export async function askSecret(
  question: string,
  problemOf: (answer: string) => string | undefined = () => undefined,
): Promise<Secret> {
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await password({
    message: question,
    output: process.stderr,
    validate: (text) => problemOf(text ?? ""),
  });
  if (isCancel(answer)) throw new CanceledError("CANCELED", `The question for ${question} was left`);
  return Secret.of(answer);
}
