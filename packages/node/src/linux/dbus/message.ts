import { DBusReader } from "./reader.ts";
import { asList, asNumber, asText, type DBusValue, Variant } from "./value.ts";
import { DBusWriter } from "./writer.ts";

/*
 *   0      1      2      3      4            8            12
 *  +------+------+------+------+------------+------------+-----------------+---------+------+
 *  | 'l'  | type | flags|  1   | body bytes | serial     | a(yv) fields    | pad to 8| body |
 *  +------+------+------+------+------------+------------+-----------------+---------+------+
 */

/** Kinds of messages. */
export const MessageType = { call: 1, reply: 2, error: 3, signal: 4 } as const;

/** A message on the bus. */
export interface DBusMessage {
  /** One of {@link MessageType}; others are ignored by every peer. */
  readonly type: number;
  readonly serial: number;
  readonly replySerial?: number;
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly errorName?: string;
  readonly destination?: string;
  readonly sender?: string;
  /** Types of the body, `""` when there is none. */
  readonly signature: string;
  readonly body: readonly DBusValue[];
}

/** Longest message that is taken, bytes; the specification allows 128 MiB, nothing that we ask for comes near. */
const maxMessageBytes = 4 * 1024 * 1024;
const fixedHeaderBytes = 16;

const textFields = [
  [1, "path", "o"],
  [2, "interface", "s"],
  [3, "member", "s"],
  [4, "errorName", "s"],
  [6, "destination", "s"],
  [7, "sender", "s"],
] as const;
const replySerialField = 5;
const signatureField = 8;

/** Bytes of a message. */
export function encodeMessage(message: DBusMessage): Uint8Array {
  const body = new DBusWriter();
  body.writeAll(message.signature, message.body);
  const fields: DBusValue[] = [];
  for (const [code, name, type] of textFields) {
    const value = message[name];
    if (value !== undefined) fields.push([code, new Variant(type, value)]);
  }
  if (message.replySerial !== undefined)
    fields.push([replySerialField, new Variant("u", message.replySerial)]);
  if (message.signature !== "") fields.push([signatureField, new Variant("g", message.signature)]);
  const header = new DBusWriter();
  header.writeAll("yyyyuua(yv)", [
    "l".charCodeAt(0),
    message.type,
    0,
    1,
    body.bytes.length,
    message.serial,
    fields,
  ]);
  header.align(8);
  return Buffer.concat([header.bytes, body.bytes]);
}

/**
 * Whole length of the message that starts with these bytes, or `undefined` while too few are there to tell.
 *
 * @throws {RangeError} when this is no message, or a longer one than is taken
 */
export function messageLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < fixedHeaderBytes) return undefined;
  const reader = new DBusReader(bytes, { isLittleEndian: isLittleEndian(bytes), at: 4 });
  const [bodyBytes, , fieldBytes] = reader.readAll("uuu").map((value) => asNumber(value));
  const length = align8(fixedHeaderBytes + (fieldBytes ?? 0)) + (bodyBytes ?? 0);
  if (length > maxMessageBytes) throw new RangeError(`A D-Bus message of ${length} bytes is too long`);
  return length;
}

/**
 * The message that these bytes are.
 *
 * @throws {RangeError} when they are none
 */
export function decodeMessage(bytes: Uint8Array): DBusMessage {
  const little = isLittleEndian(bytes);
  const reader = new DBusReader(bytes, { isLittleEndian: little });
  const [, type, , , , serial, fieldList] = reader.readAll("yyyyuua(yv)");
  const fields = new Map<number, DBusValue | undefined>();
  for (const field of asList(fieldList)) {
    const [code, value] = asList(field);
    fields.set(asNumber(code), value);
  }
  reader.align(8);
  const signature = asText(fields.get(signatureField));
  const body = reader.readAll(signature);
  const texts: Record<string, string> = {};
  for (const [code, name] of textFields) {
    const value = fields.get(code);
    if (typeof value === "string") texts[name] = value;
  }
  const replySerial = fields.get(replySerialField);
  return {
    ...texts,
    ...(typeof replySerial === "number" ? { replySerial } : {}),
    type: asNumber(type),
    serial: asNumber(serial),
    signature,
    body,
  };
}

function isLittleEndian(bytes: Uint8Array): boolean {
  const mark = String.fromCharCode(bytes[0] ?? 0);
  if (mark !== "l" && mark !== "B") throw new RangeError("These bytes start no D-Bus message");
  return mark === "l";
}

function align8(length: number): number {
  return (length + 7) & ~7;
}
