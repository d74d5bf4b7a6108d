import { passphraseProblem, type Secret, UsageError } from "@softap/protocol";
import { askSecret, canAsk, findSecret, type SecretSource } from "./secret-source.ts";

/**
 * The passphrase of a network: from a file, a variable, or a question that is asked again until the length is right.
 *
 * @returns `undefined` for an open network.
 * @throws {SoftApError} `PASSPHRASE_LENGTH`, `USAGE`, `FILE_NOT_FOUND`, `CANCELED`
 */
export async function obtainPassphrase(
  source: SecretSource & { readonly isOpen: boolean; readonly question: string },
): Promise<Secret | undefined> {
  const { isOpen, what, option, env } = source;
  const found = await findSecret(source);
  if (isOpen) {
    if (found === undefined || found.reveal() === "") return undefined;
    throw new UsageError("USAGE", `A ${what} is given, but --open says that there is none`);
  }
  if (found?.reveal() === "")
    throw new UsageError("USAGE", `The ${what} is empty`, {
      context: { help: "Give --open for a network without one" },
    });
  if (found !== undefined) return checkPassphrase(found);
  if (!source.mayAsk || !canAsk())
    throw new UsageError("USAGE", `The ${what} is missing and there is no terminal to ask for it`, {
      context: { help: `Give ${option} <file>, set ${env}, or give --open for a network without one` },
    });
  return askPassphrase(source.question);
}

/**
 * Asks for a passphrase until its length is right.
 *
 * @returns `undefined` when nothing was typed: an open network.
 * @throws {CanceledError} when the person gave up
 */
export async function askPassphrase(question: string): Promise<Secret | undefined> {
  const answer = await askSecret(question, (text) =>
    passphraseProblem(text) === undefined ? undefined : "8 to 63 characters, or nothing for an open network",
  );
  return answer.reveal() === "" ? undefined : answer;
}

/** @throws {SoftApError} `PASSPHRASE_LENGTH` when no network can have it; an empty one is that of an open network */
export function checkPassphrase(passphrase: Secret): Secret | undefined {
  const problem = passphraseProblem(passphrase.reveal());
  if (problem !== undefined) throw problem;
  return passphrase.reveal() === "" ? undefined : passphrase;
}
