import type { Random } from "@softap/ports";
import { softApError } from "@softap/protocol";

/** Spreads the bits of a 32-bit number so that neighbouring seeds begin differently. */
function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) | 0;
}

/** A 32-bit hash of a text, to tell streams apart by name. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) bits = Math.imul(bits ^ text.charCodeAt(at), 0x01000193);
  return bits | 0;
}

/**
 * Chance that repeats: the same seed gives the same bytes. Fast, and not for secrets.
 *
 * The generator is sfc32: 128 bits of state, one of them a counter, so that no seed runs into a short cycle.
 *
 * @example
 * ```ts
 * const first = new SeededRandom(7).bytes(4);
 * expect(new SeededRandom(7).bytes(4)).toEqual(first);
 * ```
 */
export class SeededRandom implements Random {
  /** What to pass to get the same again. */
  readonly seed: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed - An integer; its lowest 32 bits count. @throws {UsageError} `USAGE` when it is none */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) throw softApError("USAGE", `seed ${seed} is not an integer`);
    this.seed = seed;
    this.#a = mix(seed | 0);
    this.#b = mix(this.#a + 0x9e3779b9);
    this.#c = mix(this.#b + 0x9e3779b9);
    // The first numbers still show the seed.
    for (let turn = 0; turn < 12; turn++) this.uint32();
  }

  /** A stream of its own that depends on this seed and the name only, not on what was drawn before. */
  child(name: string): SeededRandom {
    return new SeededRandom(mix((this.seed | 0) ^ hash(name)));
  }

  /** A whole number from 0 to 2³² − 1. */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A number in [0, 1) with 32 bits of chance. */
  fraction(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** @inheritdoc */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      const bits = this.uint32();
      bytes[at] = bits >>> 24;
      if (at + 1 < length) bytes[at + 1] = bits >>> 16;
      if (at + 2 < length) bytes[at + 2] = bits >>> 8;
      if (at + 3 < length) bytes[at + 3] = bits;
    }
    return bytes;
  }
}
