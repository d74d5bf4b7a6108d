import { decodeUtf8 } from "@softap/protocol";
import { portalLimits } from "../limits.ts";

const plus = 0x2b;
const percent = 0x25;
const space = 0x20;

/**
 * Fields of a form body or a query (`application/x-www-form-urlencoded`); the last of a name counts.
 *
 * @returns `undefined` for broken escapes, text that is not UTF-8, and more fields than `maxFields`
 */
export function decodeFields(text: Uint8Array): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>();
  if (text.length === 0) return fields;
  const pairs = splitAt(text, "&".charCodeAt(0));
  if (pairs.length > portalLimits.maxFields) return undefined;
  for (const pair of pairs) {
    const at = pair.indexOf("=".charCodeAt(0));
    const name = unescapeText(at < 0 ? pair : pair.subarray(0, at));
    const value = unescapeText(at < 0 ? new Uint8Array(0) : pair.subarray(at + 1));
    if (name === undefined || value === undefined) return undefined;
    fields.set(name, value);
  }
  return fields;
}

function splitAt(bytes: Uint8Array, separator: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let end = bytes.indexOf(separator); end >= 0; end = bytes.indexOf(separator, from)) {
    parts.push(bytes.subarray(from, end));
    from = end + 1;
  }
  parts.push(bytes.subarray(from));
  return parts;
}

function unescapeText(escaped: Uint8Array): string | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at++) {
    const byte = escaped[at] ?? 0;
    if (byte === percent) {
      const value = hexByte(escaped[at + 1], escaped[at + 2]);
      if (value === undefined) return undefined;
      bytes.push(value);
      at += 2;
    } else bytes.push(byte === plus ? space : byte);
  }
  return decodeUtf8(Uint8Array.from(bytes));
}

function hexByte(high: number | undefined, low: number | undefined): number | undefined {
  const digits = String.fromCharCode(high ?? 0, low ?? 0);
  return /^[0-9a-fA-F]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
