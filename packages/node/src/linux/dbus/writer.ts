import { alignmentOf, type BasicCode, type DBusType, parseSignature } from "./signature.ts";
import { type DBusValue, isList, Variant } from "./value.ts";

/** Writes values the way they stand on the bus, little-endian. */
export class DBusWriter {
  #bytes = Buffer.alloc(256);
  #length = 0;

  /** What was written so far. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Writes one value for each complete type of the signature.
   *
   * @throws {TypeError} when a value does not fit its type
   */
  writeAll(signature: string, values: readonly DBusValue[]): void {
    const types = parseSignature(signature);
    if (types.length !== values.length) {
      throw new TypeError(`${values.length} values do not fit the signature "${signature}"`);
    }
    for (const [index, type] of types.entries()) this.#write(type, values[index]);
  }

  /** Fills with zeros up to the next multiple of `alignment`. */
  align(alignment: number): void {
    const gap = (alignment - (this.#length % alignment)) % alignment;
    this.#reserve(gap);
    this.#bytes.fill(0, this.#length, this.#length + gap);
    this.#length += gap;
  }

  #write(type: DBusType, value: DBusValue | undefined): void {
    this.align(alignmentOf(type));
    switch (type.kind) {
      case "basic":
        this.#writeBasic(type.code, value);
        return;
      case "variant":
        if (!(value instanceof Variant)) throw misfit("variant");
        this.#writeText(value.signature, 1);
        this.writeAll(value.signature, [value.value]);
        return;
      case "struct":
        if (!isList(value) || value.length !== type.fields.length) throw misfit("struct");
        for (const [index, field] of type.fields.entries()) this.#write(field, value[index]);
        return;
      case "entry":
        throw misfit("entry outside an array");
      case "array":
        this.#writeArray(type.element, value);
    }
  }

  #writeArray(element: DBusType, value: DBusValue | undefined): void {
    const lengthAt = this.#length;
    this.#put(4, (bytes, at) => bytes.writeUInt32LE(0, at));
    // The padding in front of the first element does not count into the length.
    this.align(alignmentOf(element));
    const start = this.#length;
    if (value instanceof Uint8Array) {
      if (element.kind !== "basic" || element.code !== "y") throw misfit("array");
      this.#reserve(value.length);
      this.#bytes.set(value, this.#length);
      this.#length += value.length;
    } else if (value instanceof Map && element.kind === "entry") {
      for (const [key, held] of value) {
        this.align(8);
        this.#write(element.key, key);
        this.#write(element.value, held);
      }
    } else if (isList(value)) {
      for (const item of value) this.#write(element, item);
    } else throw misfit("array");
    this.#bytes.writeUInt32LE(this.#length - start, lengthAt);
  }

  #writeBasic(code: BasicCode, value: DBusValue | undefined): void {
    if (code === "s" || code === "o" || code === "g") {
      if (typeof value !== "string" || value.includes("\0")) throw misfit(code);
      this.#writeText(value, code === "g" ? 1 : 4);
    } else if (code === "b") {
      if (typeof value !== "boolean") throw misfit(code);
      this.#put(4, (bytes, at) => bytes.writeUInt32LE(value ? 1 : 0, at));
    } else if (code === "x" || code === "t") {
      if (typeof value !== "bigint") throw misfit(code);
      this.#put(8, (bytes, at) =>
        code === "x" ? bytes.writeBigInt64LE(value, at) : bytes.writeBigUInt64LE(value, at),
      );
    } else {
      if (typeof value !== "number") throw misfit(code);
      this.#writeNumber(code, value);
    }
  }

  #writeNumber(code: "y" | "n" | "q" | "i" | "u" | "d" | "h", value: number): void {
    switch (code) {
      case "y":
        this.#put(1, (bytes, at) => bytes.writeUInt8(value, at));
        return;
      case "n":
        this.#put(2, (bytes, at) => bytes.writeInt16LE(value, at));
        return;
      case "q":
        this.#put(2, (bytes, at) => bytes.writeUInt16LE(value, at));
        return;
      case "i":
        this.#put(4, (bytes, at) => bytes.writeInt32LE(value, at));
        return;
      case "u":
      case "h":
        this.#put(4, (bytes, at) => bytes.writeUInt32LE(value, at));
        return;
      case "d":
        this.#put(8, (bytes, at) => bytes.writeDoubleLE(value, at));
    }
  }

  #writeText(text: string, lengthBytes: 1 | 4): void {
    const length = Buffer.byteLength(text);
    this.#put(lengthBytes, (bytes, at) =>
      lengthBytes === 1 ? bytes.writeUInt8(length, at) : bytes.writeUInt32LE(length, at),
    );
    this.#put(length + 1, (bytes, at) => {
      bytes.write(text, at);
      bytes[at + length] = 0;
    });
  }

  #put(size: number, write: (bytes: Buffer, at: number) => void): void {
    this.#reserve(size);
    write(this.#bytes, this.#length);
    this.#length += size;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + size));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

function misfit(type: string): TypeError {
  return new TypeError(`A value does not fit the D-Bus type ${type}`);
}
