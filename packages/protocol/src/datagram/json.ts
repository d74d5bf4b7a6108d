import { decodeUtf8, isWellFormed } from "../bytes.ts";
import { ProtocolError } from "../errors/error.ts";
import { isFields } from "../fields.ts";

/**
 * The members of one decoded JSON object. The first name that is the same without regard to case counts, as in cJSON, which the
 * vendor's devices use. A name that is repeated letter by letter has its last value, as in `JSON.parse`.
 */
export class JsonFields {
  readonly #entries: readonly (readonly [string, unknown])[];

  constructor(object: object) {
    this.#entries = Object.entries(object);
  }

  /** The value of `name`, or `undefined`. */
  get(name: string): unknown {
    const lower = name.toLowerCase();
    return this.#entries.find(([key]) => key.toLowerCase() === lower)?.[1];
  }

  /** The value of `name` when it is a text that UTF-8 can carry. */
  text(name: string): string | undefined {
    const value = this.get(name);
    return typeof value === "string" && isWellFormed(value) ? value : undefined;
  }

  /** The value of `name` when it is an object. */
  object(name: string): JsonFields | undefined {
    const value = this.get(name);
    return isFields(value) ? new JsonFields(value) : undefined;
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
 * Reads one JSON object: compact or pretty-printed, with white space or CRLF after it. A NUL byte ends it, as in C: the vendor's
 * C SDK sends the closing NUL, and decrypted payloads are filled up with NULs.
 *
 * @returns The fields, or {@link ProtocolError} `DATAGRAM_NOT_JSON`
 */
export function decodeJsonObject(bytes: Uint8Array): JsonFields | ProtocolError {
  const end = bytes.indexOf(0);
  const text = decodeUtf8(end < 0 ? bytes : bytes.subarray(0, end));
  if (text === undefined) return new ProtocolError("DATAGRAM_NOT_JSON", "Datagram is not UTF-8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold a passphrase: it is not kept as the cause.
    return new ProtocolError("DATAGRAM_NOT_JSON", `Datagram of ${bytes.length} bytes is not JSON`);
  }
  if (!isFields(value)) return new ProtocolError("DATAGRAM_NOT_JSON", "Datagram is JSON but not an object");
  return new JsonFields(value);
}
