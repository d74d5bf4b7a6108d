/** Bytes as a URL writes them: letters, digits and `_ . ~ -` stand for themselves, any other byte is `%` and two hex digits. */
export function encodePercent(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    text += /[\w.~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0").toUpperCase()}`;
  }
  return text;
}

/** Bytes of what {@link encodePercent} or another encoder wrote, or `undefined` when it is not encoded right. */
export function decodePercent(text: string): Uint8Array | undefined {
  if (!/^(?:[!$'-;=@-Z_a-z~]|%[0-9a-f]{2})*$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/%..|[^%]/g) ?? [], (piece) =>
    piece.length === 1 ? piece.charCodeAt(0) : Number.parseInt(piece.slice(1), 16),
  );
}
