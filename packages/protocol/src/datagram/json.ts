import { decodeUtf8 } from "../bytes.ts";
import { ProtocolError } from "../errors/error.ts";

/** The members of one decoded JSON object. Lookup is by exact name first, then without regard to case, as cJSON does. */
export class JsonFields {
  readonly #entries: readonly (readonly [string, unknown])[];

  constructor(object: object) {
    this.#entries = Object.entries(object);
  }

  /** The value of `name`, or `undefined`. */
  get(name: string): unknown {
    const exact = this.#entries.find(([key]) => key === name);
    if (exact !== undefined) return exact[1];
    const lower = name.toLowerCase();
    return this.#entries.find(([key]) => key.toLowerCase() === lower)?.[1];
  }

  /** The value of `name` when it is a text. */
  text(name: string): string | undefined {
    const value = this.get(name);
    return typeof value === "string" ? value : undefined;
  }

  /** The value of `name` when it is an object. */
  object(name: string): JsonFields | undefined {
    const value = this.get(name);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? new JsonFields(value)
      : undefined;
  }

  /** The value of `name` as a whole number, written as a number or as its text. */
  integer(name: string): number | undefined {
    const value = this.get(name);
    const number =
      typeof value === "number"
        ? value
        : typeof value === "string" && /^-?\d{1,15}$/.test(value.trim())
          ? Number(value)
          : undefined;
    return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
  }
}

/**
 * Reads one JSON object: compact or pretty-printed, with white space, CRLF or NUL bytes after it.
 *
 * @returns The fields, or {@link ProtocolError} `DATAGRAM_NOT_JSON`
 */
export function decodeJsonObject(bytes: Uint8Array): JsonFields | ProtocolError {
  const text = decodeUtf8(bytes);
  if (text === undefined) return new ProtocolError("DATAGRAM_NOT_JSON", "Datagram is not UTF-8");
  let value: unknown;
  try {
    value = JSON.parse(trimEnd(text));
  } catch {
    // The parser's own message quotes the text, which may hold a passphrase: it is not kept as the cause.
    return new ProtocolError("DATAGRAM_NOT_JSON", `Datagram of ${bytes.length} bytes is not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return new ProtocolError("DATAGRAM_NOT_JSON", "Datagram is JSON but not an object");
  return new JsonFields(value);
}

/** The vendor's C SDK counts the closing NUL among the bytes that it sends. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
  return text.slice(0, end);
}
