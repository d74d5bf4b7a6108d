import type { Clock, Log, LogFields, LogLevel } from "@softap/ports";

/** One line as it was logged. */
export interface LogLine {
  /** Monotonic milliseconds; 0 without a clock. */
  readonly atMs: number;
  readonly level: LogLevel;
  readonly text: string;
  readonly fields: LogFields;
}

/** Keeps every line, to look at it and to search it for what must not be there. */
export class MemoryLog implements Log {
  readonly #clock: Clock | undefined;
  readonly #entries: LogLine[] = [];

  /** @param clock - Stamps the lines. */
  constructor(clock?: Clock) {
    this.#clock = clock;
  }

  /** Lines with their values, oldest first. */
  get entries(): readonly LogLine[] {
    return this.#entries;
  }

  /** Lines as text, as a person or a log collector would get them. */
  get lines(): readonly string[] {
    return this.#entries.map(
      ({ atMs, level, text, fields }) => `${atMs} ${level} ${text} ${JSON.stringify(fields)}`,
    );
  }

  /** Everything as one text. */
  toString(): string {
    return this.lines.join("\n");
  }

  /** @inheritdoc */
  debug(text: string, fields?: LogFields): void {
    this.#add("debug", text, fields);
  }
  /** @inheritdoc */
  info(text: string, fields?: LogFields): void {
    this.#add("info", text, fields);
  }
  /** @inheritdoc */
  notice(text: string, fields?: LogFields): void {
    this.#add("notice", text, fields);
  }
  /** @inheritdoc */
  warn(text: string, fields?: LogFields): void {
    this.#add("warn", text, fields);
  }
  /** @inheritdoc */
  error(text: string, fields?: LogFields): void {
    this.#add("error", text, fields);
  }

  #add(level: LogLevel, text: string, fields: LogFields = {}): void {
    this.#entries.push({ atMs: this.#clock?.monotonicMs() ?? 0, level, text, fields: { ...fields } });
  }
}
