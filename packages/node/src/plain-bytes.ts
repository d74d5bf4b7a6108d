/** The same memory as a plain `Uint8Array`: Node's `Buffer` differs from it where portable code does not expect it (`slice`). */
export function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
