import { displayBytes } from "@softap/protocol";

/** More than any device keeps: 64 lines of 128 bytes, or the vendor's 10. */
const maxLines = 4_096;

/** Puts a log together from datagrams that may come twice, in any order, or not at all. */
export class LogText {
  readonly #lines = new Set<string>();
  #hasAnswer = false;

  /** Whether the device has answered, be it with an empty log. */
  get hasAnswer(): boolean {
    return this.#hasAnswer;
  }

  /** Number of different lines. */
  get lineCount(): number {
    return this.#lines.size;
  }

  /** Takes the lines of a datagram; each starts with the device's milliseconds, so a line that is there already is a copy. */
  add(datagram: Uint8Array): void {
    this.#hasAnswer = true;
    for (const line of displayLines(datagram))
      if (line !== "" && this.#lines.size < maxLines) this.#lines.add(line);
  }

  /** Every line in the order of its time, each with a line feed. Lines without a time stay behind their predecessor. */
  toString(): string {
    let lastMs = 0;
    const timed = [...this.#lines].map((line) => {
      const digits = /^\s*(\d{1,15})\|/.exec(line)?.[1];
      if (digits !== undefined) lastMs = Number(digits);
      return { line, atMs: lastMs };
    });
    return timed
      .toSorted((a, b) => a.atMs - b.atMs)
      .map(({ line }) => `${line}\n`)
      .join("");
  }
}

/** The vendor's C SDK counts a closing NUL among its bytes. */
function displayLines(datagram: Uint8Array): readonly string[] {
  let end = datagram.length;
  while (end > 0 && datagram[end - 1] === 0) end -= 1;
  return splitLines(datagram.subarray(0, end)).map((line) => displayBytes(line));
}

/** Split before decoding, so that one damaged byte spoils one line only. */
function splitLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let begin = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue;
    const end = at > begin && bytes[at - 1] === 0x0d ? at - 1 : at;
    lines.push(bytes.subarray(begin, end));
    begin = at + 1;
  }
  return lines;
}
