import { encodeUtf8 } from "@softap/protocol";

/**
 * Four hex digits that go with a text: CRC-16 with the polynomial x¹⁶ + x¹² + x⁵ + 1, begun with all ones.
 *
 * A single wrong character, two neighbours that changed places and a text that was cut off are found for certain, anything
 * else in all but one of 65 536 cases. It is no signature: whoever can write a label can write its check.
 */
export function labelCheck(text: string): string {
  let crc = 0xffff;
  for (const byte of encodeUtf8(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc.toString(16).padStart(4, "0");
}
