/** Whether a text has no half of a surrogate pair standing alone, which JSON escapes can write but UTF-8 cannot. */
export function isWellFormed(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text);
}

/** UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const unit = character.charCodeAt(0);
    if (unit < 0x80) bytes.push(unit);
    else {
      // As a URL would write it: `%e4%bd%a0`.
      const escaped = encodeURIComponent(isWellFormed(character) ? character : "\ufffd");
      for (const hex of escaped.slice(1).split("%")) bytes.push(Number.parseInt(hex, 16));
    }
  }
  return Uint8Array.from(bytes);
}

/** Text of UTF-8 bytes, or `undefined` when they are not valid UTF-8 (overlong, surrogate, above U+10FFFF, cut off). */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  // As a URL would write them: the language decodes that, as strictly as it is to be done here.
  let escaped = "";
  for (const byte of bytes)
    escaped += byte < 0x80 && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16)}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
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
