/** The only source of chance: cryptographically strong in a real world, seeded in a virtual one. */
export interface Random {
  /** `length` fresh bytes. */
  bytes(length: number): Uint8Array;
}

/** A number in [0, 1) with 32 bits of chance, for jitter and simulated loss. */
export function randomFraction(random: Random): number {
  return random.bytes(4).reduceRight((fraction, byte) => (fraction + byte) / 256, 0);
}

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A text of `length` letters and digits, each equally likely. */
export function randomText(random: Random, length: number, alphabet: string = alphanumeric): string {
  // Bytes at or above the largest multiple of the alphabet's size are thrown away: they would favour its first letters.
  const limit = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of random.bytes(length))
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length] ?? "";
  }
  return text;
}
