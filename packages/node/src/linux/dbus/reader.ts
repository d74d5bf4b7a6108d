import { alignmentOf, type BasicCode, type DBusType, parseSignature } from "./signature.ts";
import type { DBusKey, DBusValue } from "./value.ts";

/** Deepest nesting of variants and containers that is read. */
const maxDepth = 64;

/** Reads values as they stand on the bus. */
export class DBusReader {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;
  #at: number;

  /** @param bytes - The whole message: alignment counts from its first byte. */
  constructor(bytes: Uint8Array, options: { isLittleEndian: boolean; at?: number }) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isLittle = options.isLittleEndian;
    this.#at = options.at ?? 0;
  }

  /** Offset of what is read next. */
  get at(): number {
    return this.#at;
  }

  /**
   * Reads one value for each complete type of the signature.
   *
   * @throws {RangeError} when the bytes end early or hold something else
   */
  readAll(signature: string): readonly DBusValue[] {
    return parseSignature(signature).map((type) => this.#read(type, 0));
  }

  /** Skips up to the next multiple of `alignment`. */
  align(alignment: number): void {
    this.#at += (alignment - (this.#at % alignment)) % alignment;
  }

  #read(type: DBusType, depth: number): DBusValue {
    if (depth > maxDepth) throw new RangeError("A D-Bus value is nested too deeply");
    this.align(alignmentOf(type));
    switch (type.kind) {
      case "basic":
        return this.#readBasic(type.code);
      case "variant": {
        const [held, ...more] = parseSignature(this.#readText(1));
        if (held === undefined || more.length > 0)
          throw new RangeError("A variant holds exactly one D-Bus value");
        return this.#read(held, depth + 1);
      }
      case "struct":
        return type.fields.map((field) => this.#read(field, depth + 1));
      case "entry":
        throw new RangeError("A D-Bus dictionary entry stands in an array only");
      case "array":
        return this.#readArray(type.element, depth);
    }
  }

  #readArray(element: DBusType, depth: number): DBusValue {
    const length = this.#word(4, (at) =>
      this.#isLittle ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at),
    );
    this.align(alignmentOf(element));
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("A D-Bus array is longer than its message");
    if (element.kind === "basic" && element.code === "y") {
      const bytes = Uint8Array.from(this.#bytes.subarray(this.#at, end));
      this.#at = end;
      return bytes;
    }
    if (element.kind === "entry") {
      const map = new Map<DBusKey, DBusValue>();
      while (this.#at < end) {
        this.align(8);
        const key = this.#readKey(element.key);
        map.set(key, this.#read(element.value, depth + 1));
      }
      return map;
    }
    const list: DBusValue[] = [];
    while (this.#at < end) list.push(this.#read(element, depth + 1));
    return list;
  }

  #readKey(type: DBusType): DBusKey {
    if (type.kind !== "basic") throw new RangeError("A D-Bus dictionary has basic keys only");
    this.align(alignmentOf(type));
    return this.#readBasic(type.code);
  }

  #readBasic(code: BasicCode): DBusKey {
    const bytes = this.#bytes;
    const little = this.#isLittle;
    switch (code) {
      case "s":
      case "o":
        return this.#readText(4);
      case "g":
        return this.#readText(1);
      case "b":
        return this.#word(4, (at) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))) !== 0;
      case "y":
        return this.#word(1, (at) => bytes.readUInt8(at));
      case "n":
        return this.#word(2, (at) => (little ? bytes.readInt16LE(at) : bytes.readInt16BE(at)));
      case "q":
        return this.#word(2, (at) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)));
      case "i":
        return this.#word(4, (at) => (little ? bytes.readInt32LE(at) : bytes.readInt32BE(at)));
      case "u":
      case "h":
        return this.#word(4, (at) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)));
      case "x":
        return this.#word(8, (at) => (little ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at)));
      case "t":
        return this.#word(8, (at) => (little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)));
      case "d":
        return this.#word(8, (at) => (little ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at)));
    }
  }

  #readText(lengthBytes: 1 | 4): string {
    const length = this.#word(lengthBytes, (at) => {
      if (lengthBytes === 1) return this.#bytes.readUInt8(at);
      return this.#isLittle ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
    });
    const end = this.#at + length;
    if (end >= this.#bytes.length) throw new RangeError("A D-Bus text is longer than its message");
    const text = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end + 1;
    return text;
  }

  #word<T>(size: number, read: (at: number) => T): T {
    const value = read(this.#at);
    this.#at += size;
    return value;
  }
}
