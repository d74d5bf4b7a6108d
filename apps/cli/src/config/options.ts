import { InvalidArgumentError, Option } from "commander";
import { UsageError } from "@softap/protocol";

/** What an option is beside its flags and its text. */
export interface OptionSpec<Value> {
  /** Variable that is read when the option is not given. */
  readonly env?: string;
  readonly default?: Value;
  /** How the default reads in the help, when it depends on other values. */
  readonly defaultText?: string;
  readonly choices?: readonly string[];
  readonly parse?: (text: string) => Value;
}

/** Makes one option. */
export function option<Value = string>(flags: string, text: string, spec: OptionSpec<Value> = {}): Option {
  const made = new Option(
    flags,
    spec.defaultText === undefined ? text : `${text} (default: ${spec.defaultText})`,
  );
  if (spec.env !== undefined) made.env(spec.env);
  if (spec.choices !== undefined) made.choices(spec.choices);
  if (spec.parse !== undefined) made.argParser(spec.parse);
  if (spec.default !== undefined) made.default(spec.default);
  return made;
}

/**
 * Catches a secret that somebody put on the command line, where every user of the machine can read it.
 *
 * @param flag - The option that does not exist, such as `--passphrase`.
 * @param instead - Where to put the secret.
 */
export function forbiddenSecret(flag: string, instead: string): Option {
  return new Option(`${flag} [value]`)
    .hideHelp()
    .argParser(() => {
      throw new UsageError(
        "USAGE",
        `${flag} does not exist: others on this machine can read a command line`,
        {
          context: { help: instead },
        },
      );
    })
    .preset("");
}

/** @throws {InvalidArgumentError} unless the text is 0–65535 */
export function parsePort(text: string): number {
  return parseInteger(text, 0, 65_535, "a port number");
}

/** @throws {InvalidArgumentError} unless the text is 0–4294967295 */
export function parseSeed(text: string): number {
  return parseInteger(text, 0, 0xffff_ffff, "a whole number");
}

/** @throws {InvalidArgumentError} unless the text is 0–1000000 */
export function parseCount(text: string): number {
  return parseInteger(text, 0, 1_000_000, "a whole number");
}

/** Channel of a soft AP. @throws {InvalidArgumentError} unless the text is 0–13 */
export function parseChannel(text: string): number {
  return parseInteger(text, 0, 13, "a channel");
}

/** Makes a parser for a time in seconds. Its result throws {InvalidArgumentError} outside the limits. */
export function parseSeconds(least: number, most: number): (text: string) => number {
  return (text) => parseInteger(text, least, most, "a number of seconds");
}

/** Loss of datagrams. @throws {InvalidArgumentError} unless the text is 0–0.95 */
export function parseLoss(text: string): number {
  const loss = Number(text);
  if (text.trim() === "" || !(loss >= 0 && loss <= 0.95))
    throw new InvalidArgumentError("It is a part, 0 to 0.95.");
  return loss;
}

/** Address of an HTTP service, without a slash at its end. @throws {InvalidArgumentError} */
export function parseHttpUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new InvalidArgumentError("It is an address such as http://127.0.0.1:8080.");
  if (url.username !== "" || url.password !== "")
    throw new InvalidArgumentError("A password must not stand in an address.");
  return text.replace(/\/+$/, "");
}

function parseInteger(text: string, least: number, most: number, what: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new InvalidArgumentError(`It is ${what}, ${least} to ${most}.`);
  return value;
}
