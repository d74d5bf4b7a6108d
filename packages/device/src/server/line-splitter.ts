const newline = 0x0a;
const closingBrace = 0x7d;

/** Cuts a byte stream into lines of bounded length; white space around them is dropped, empty ones are too. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #isWhole: (bytes: Uint8Array) => boolean;
  #rest: Uint8Array = new Uint8Array(0);

  /**
   * @param maxBytes - Longest line without its end.
   * @param isWhole - Says whether bytes without a line end are complete: some peers never send one.
   */
  constructor(maxBytes: number, isWhole: (bytes: Uint8Array) => boolean) {
    this.#maxBytes = maxBytes;
    this.#isWhole = isWhole;
  }

  /** Lines that ended in these bytes, or `"tooLong"` when one is longer than allowed. */
  push(bytes: Uint8Array): readonly Uint8Array[] | "tooLong" {
    const joined = new Uint8Array(this.#rest.length + bytes.length);
    joined.set(this.#rest);
    joined.set(bytes, this.#rest.length);
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let end = joined.indexOf(newline); end >= 0; end = joined.indexOf(newline, from)) {
      const line = trim(joined.subarray(from, end));
      if (line.length > this.#maxBytes) return "tooLong";
      if (line.length > 0) lines.push(line);
      from = end + 1;
    }
    const rest = trim(joined.subarray(from));
    const isEnded = rest.length <= this.#maxBytes && rest.at(-1) === closingBrace && this.#isWhole(rest);
    if (isEnded) lines.push(rest);
    // White space at the end is kept as it came: it may stand inside a text that goes on in the next bytes.
    this.#rest = isEnded ? new Uint8Array(0) : joined.slice(from);
    return this.#rest.length > this.#maxBytes + 2 ? "tooLong" : lines;
  }
}

function trim(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let to = bytes.length;
  while (from < to && (bytes[from] ?? 0) <= 0x20) from += 1;
  while (to > from && (bytes[to - 1] ?? 0) <= 0x20) to -= 1;
  return bytes.subarray(from, to);
}
