import { Secret } from "@softap/protocol";
import { type Log, type LogFields, type LogLevel, silentLog } from "@softap/ports";
import type { LogThreshold } from "./config/common-options.ts";

/** Numbers of the levels; pino has no `notice` of its own. */
const levels = { debug: 20, info: 30, notice: 35, warn: 40, error: 50 } as const;

/**
 * Field names whose values are never printed. The first net is the type `Secret`; this second one catches a plain text that
 * took the name of a secret.
 */
const redactedFields = [
  "passphrase",
  "password",
  "psk",
  "secret",
  "token",
  "accessToken",
  "bindToken",
  "key",
];

/**
 * Makes a log on the error stream: JSON lines, or short lines where a person reads them.
 *
 * @param options.source - Which part of softap speaks, such as `cloud`.
 * @param options.isHuman - Short lines instead of JSON. @defaultValue whether the error stream is a terminal
 * @param options.write - Where lines go. @defaultValue the error stream
 */
export async function createLog(options: {
  source: string;
  threshold: LogThreshold;
  isHuman?: boolean;
  write?: (line: string) => void;
}): Promise<Log> {
  const { source, threshold, isHuman = process.stderr.isTTY } = options;
  if (threshold === "silent") return silentLog;
  const { pino } = await import("pino");
  const writeLine = options.write ?? ((line: string) => void process.stderr.write(line));
  const logger = pino(
    {
      level: threshold,
      customLevels: levels,
      useOnlyCustomLevels: true,
      base: { source },
      messageKey: "text",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedFields, censor: String(Secret.of("")) },
    },
    { write: isHuman ? (line: string) => writeLine(humanLine(line)) : writeLine },
  );
  const at =
    (level: LogLevel) =>
    (text: string, fields: LogFields = {}): void =>
      logger[level](fields, text);
  return { debug: at("debug"), info: at("info"), notice: at("notice"), warn: at("warn"), error: at("error") };
}

/** `12:30:01.123 warn   cloud  text  field=value`. */
function humanLine(line: string): string {
  const { time, level, source, text, ...fields }: Record<string, unknown> = JSON.parse(line);
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  const clock = String(time).slice(11, 23);
  return `${clock} ${String(level).padEnd(6)} ${String(source).padEnd(6)} ${[String(text), ...pairs].join("  ")}\n`;
}
