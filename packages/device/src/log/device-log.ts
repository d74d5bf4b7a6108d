import type { Clock, Log, LogFields, LogLevel } from "@softap/ports";
import { decodeUtf8, encodeUtf8, protocolLimits } from "@softap/protocol";

/** Level from which a line is worth a place in the small memory. */
const remembered: ReadonlySet<LogLevel> = new Set(["info", "notice", "warn", "error"]);

/**
 * The log that a phone can fetch: the last lines as the vendor's tools print them, `<ms>|<name>: <text>\r\n`.
 *
 * Fields follow the text as `name=value`; a `Secret` prints as `[redacted]`. Debug lines, where network names may
 * stand, are passed on but not remembered.
 */
export class DeviceLog {
  readonly #clock: Clock;
  readonly #next: Log;
  readonly #limits: { readonly logLines: number; readonly logLineBytes: number };
  readonly #lines: Uint8Array[] = [];

  /** @param next - Takes every line as well. */
  constructor(clock: Clock, next: Log, limits: { readonly logLines: number; readonly logLineBytes: number }) {
    this.#clock = clock;
    this.#next = next;
    this.#limits = limits;
  }

  /** A log whose lines carry the name of a part of the device. */
  named(name: string): Log {
    const at =
      (level: LogLevel) =>
      (text: string, fields?: LogFields): void => {
        this.#next[level](text, { part: name, ...fields });
        if (remembered.has(level)) this.#remember(name, text, fields);
      };
    return {
      debug: at("debug"),
      info: at("info"),
      notice: at("notice"),
      warn: at("warn"),
      error: at("error"),
    };
  }

  /** The remembered lines, oldest first, in datagrams of whole lines. Reading does not empty the log. */
  datagrams(maxBytes: number = protocolLimits.maxLogReplyBytes): readonly Uint8Array[] {
    const chunks: Uint8Array[][] = [];
    let bytes = Number.POSITIVE_INFINITY;
    for (const line of this.#lines) {
      if (bytes + line.length > maxBytes) {
        chunks.push([]);
        bytes = 0;
      }
      chunks.at(-1)?.push(line);
      bytes += line.length;
    }
    return chunks.map(concatenate);
  }

  #remember(name: string, text: string, fields: LogFields = {}): void {
    const values = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => ` ${field}=${String(value)}`);
    const line = `${Math.round(this.#clock.monotonicMs())}|${name}: ${text}${values.join("")}`;
    this.#lines.push(cutLine(line.replaceAll(/[\r\n]+/g, " "), this.#limits.logLineBytes));
    if (this.#lines.length > this.#limits.logLines) this.#lines.shift();
  }
}

/** The line and its end in at most `maxBytes`, cut between characters. */
function cutLine(line: string, maxBytes: number): Uint8Array {
  let bytes = encodeUtf8(line).subarray(0, maxBytes - 2);
  while (decodeUtf8(bytes) === undefined) bytes = bytes.subarray(0, -1);
  return concatenate([bytes, encodeUtf8("\r\n")]);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
