import type { Secret } from "@softap/protocol";

/** Values of a log line. A {@link Secret} prints as `[redacted]`. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined | null | Secret>>;

/** Importance of a line, least first: developer (`debug`, `info`), operator (`notice` and up). */
export type LogLevel = "debug" | "info" | "notice" | "warn" | "error";

/** Takes log lines: a constant text and its fields. Never throws. */
export interface Log {
  debug(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  notice(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  error(text: string, fields?: LogFields): void;
}

/** Takes everything, keeps nothing: the default of every package. */
export const silentLog: Log = { debug() {}, info() {}, notice() {}, warn() {}, error() {} };
