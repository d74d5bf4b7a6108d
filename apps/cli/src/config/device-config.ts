import { UsageError } from "@softap/protocol";
import { type Command, InvalidArgumentError, type Option } from "commander";
import { readTextFile, readTextFileIfThere } from "./files.ts";
import { option } from "./options.ts";

/** Where `softap device install` writes the settings of the service. */
export const defaultConfigFile = "/etc/softap/device.env";

/** Settings of a service: variables and their values, as systemd reads them. */
export type ConfigEntries = ReadonlyMap<string, string>;

/** `--config`. */
export function configOption(): Option {
  return option("--config <file>", "settings of the installed service", {
    env: "SOFTAP_CONFIG",
    defaultText: `${defaultConfigFile} where it exists`,
  });
}

/**
 * Reads settings.
 *
 * @param path - `undefined` for the installed service, which need not be there.
 * @throws {UsageError} `FILE_NOT_FOUND`, `PERMISSION_DENIED`, `CONFIG_INVALID`
 */
export async function readConfig(path: string | undefined): Promise<ConfigEntries> {
  const text =
    path === undefined
      ? await readTextFileIfThere(defaultConfigFile, "settings of the service")
      : await readTextFile(path, "settings of the service");
  return parseConfig(text ?? "", path ?? defaultConfigFile);
}

/** Lines of the form `NAME=value` or `NAME="value"`, as systemd reads them. @throws {UsageError} `CONFIG_INVALID` */
export function parseConfig(text: string, path: string): ConfigEntries {
  const entries = new Map<string, string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const [, name, quoted, plain] = /^\s*(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^"'\\]*))\s*$/.exec(line) ?? [];
    if (name === undefined)
      throw new UsageError("CONFIG_INVALID", `Line ${index + 1} of ${path} is not NAME="value"`);
    entries.set(name, quoted === undefined ? (plain ?? "").trim() : quoted.replaceAll(/\\(.)/g, "$1"));
  }
  return entries;
}

/** The inverse of {@link parseConfig}. @throws {UsageError} `CONFIG_INVALID` for a value of several lines */
export function formatConfig(entries: ConfigEntries): string {
  return [...entries]
    .map(([name, value]) => {
      if (/[\n\r\0]/.test(value))
        throw new UsageError("CONFIG_INVALID", `The value of ${name} has more than one line`);
      return `${name}="${value.replaceAll(/["\\$`]/g, "\\$&")}"\n`;
    })
    .join("");
}

/**
 * Gives a command the settings that neither its command line nor a variable named.
 *
 * @throws {UsageError} `CONFIG_INVALID` for a value that the option refuses
 */
export function applyConfig(command: Command, entries: ConfigEntries): void {
  for (const known of command.options) {
    const text = known.envVar === undefined ? undefined : entries.get(known.envVar);
    const name = known.attributeName();
    const source = command.getOptionValueSource(name);
    if (text === undefined || (source !== undefined && source !== "default")) continue;
    command.setOptionValueWithSource(name, parsedValue(known, text), "config");
  }
}

function parsedValue(known: Option, text: string): unknown {
  // As with a variable of the process: it counts that it is there.
  if (known.isBoolean()) return true;
  try {
    return known.parseArg === undefined ? text : known.parseArg(text, undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    const sentence = `${known.envVar ?? known.name()} in the settings is not valid: ${error.message}`;
    throw new UsageError("CONFIG_INVALID", sentence, { cause: error });
  }
}
