/** UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let point = character.codePointAt(0) ?? 0;
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x10000)
      bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else
      bytes.push(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 0x3f),
        0x80 | ((point >> 6) & 0x3f),
        0x80 | (point & 0x3f),
      );
  }
  return Uint8Array.from(bytes);
}

/** Text of UTF-8 bytes, or `undefined` when they are not valid UTF-8 (overlong, surrogate, above U+10FFFF, cut off). */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      at += 1;
      continue;
    }
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return undefined;
    let point = first & (0xff >> (length + 1));
    for (let next = at + 1; next < at + length; next++) {
      const byte = bytes[next] ?? 0;
      if ((byte & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (byte & 0x3f);
    }
    const isOverlong = (length === 3 && point < 0x800) || (length === 4 && point < 0x10000);
    if (isOverlong || (point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) return undefined;
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}

/** Control characters and those that turn the direction of writing: a network's name must not move a terminal's cursor. */
const unprintable = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Text for people of bytes that need not be UTF-8: what is not, and what cannot be printed, becomes `\xNN`. */
export function displayBytes(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text.replace(unprintable, (character) => escapeBytes(encodeUtf8(character)));
  let shown = "";
  for (const byte of bytes)
    shown += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : escapeBytes(Uint8Array.of(byte));
  return shown;
}

function escapeBytes(bytes: Uint8Array): string {
  return formatHex(bytes).replace(/../g, "\\x$&");
}

/** Number of bytes that a text has in UTF-8. */
export function utf8Length(text: string): number {
  return encodeUtf8(text).length;
}

/** Lowercase hex digits. */
export function formatHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 with padding. */
export function formatBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += base64Alphabet.charAt((bits >> 18) & 63) + base64Alphabet.charAt((bits >> 12) & 63);
    text += b === undefined ? "=" : base64Alphabet.charAt((bits >> 6) & 63);
    text += c === undefined ? "=" : base64Alphabet.charAt(bits & 63);
  }
  return text;
}

/** Bytes of a base64 text (padding optional), or `undefined` when it is none. */
export function parseBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/={0,2}$/, "");
  if (digits.length % 4 === 1) return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const digit of digits) {
    const value = base64Alphabet.indexOf(digit);
    if (value < 0) return undefined;
    bits = (bits << 6) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
    bits &= (1 << count) - 1;
  }
  return Uint8Array.from(bytes);
}

/** Whether two byte strings are the same, in a time that tells nothing about where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}
