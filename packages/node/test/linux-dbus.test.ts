import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeMessage,
  type DBusMessage,
  encodeMessage,
  messageLength,
  MessageType,
} from "../src/linux/dbus/message.ts";
import { DBusReader } from "../src/linux/dbus/reader.ts";
import { parseSignature } from "../src/linux/dbus/signature.ts";
import { type DBusValue, Variant } from "../src/linux/dbus/value.ts";
import { DBusWriter } from "../src/linux/dbus/writer.ts";

function roundTrip(signature: string, values: readonly DBusValue[]): readonly DBusValue[] {
  const writer = new DBusWriter();
  writer.writeAll(signature, values);
  return new DBusReader(writer.bytes, { isLittleEndian: true }).readAll(signature);
}

describe("D-Bus values", () => {
  test("every basic type comes back as it was written, at any alignment", () => {
    const values = [
      255,
      true,
      -32768,
      65535,
      -(2 ** 31),
      2 ** 32 - 1,
      -(2n ** 63n),
      2n ** 64n - 1n,
      0.1,
      "ä",
      "/a",
      "a{sv}",
    ];
    expect(roundTrip("ybnqiuxtdsog", values)).toEqual(values);
  });

  test("bytes, lists, structs, dictionaries and variants come back", () => {
    const inner = new Map([["ssid", new Variant("ay", Uint8Array.of(0, 255))]]);
    const values = [
      new Map([["802-11-wireless", inner]]),
      [
        [1, "one"],
        [2, "two"],
      ],
      ["x", "y"],
    ];
    expect(roundTrip("a{sa{sv}}a(ys)as", values)).toEqual([
      new Map([["802-11-wireless", new Map([["ssid", Uint8Array.of(0, 255)]])]]),
      [
        [1, "one"],
        [2, "two"],
      ],
      ["x", "y"],
    ]);
  });

  test("an empty array of structs keeps the padding in front of its elements", () => {
    const writer = new DBusWriter();
    writer.writeAll("a(t)y", [[], 7]);
    expect([...writer.bytes]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 7]);
  });

  test("any dictionary of texts comes back", () => {
    const texts = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, texts)), (entries) => {
        const map = new Map(entries);
        expect(roundTrip("a{ss}", [map])).toEqual([map]);
      }),
    );
  });

  test.each(["a", "(", "()", "{sv}", "a{vs}", "a{s}", "a{sss}", "z", "(s", `${"a".repeat(70)}s`])(
    "%j is refused as a signature",
    (signature) => {
      expect(() => parseSignature(signature)).toThrow(RangeError);
    },
  );

  test.each([
    ["s", 1],
    ["u", "1"],
    ["as", "text"],
    ["v", "text"],
    ["s", "a\0b"],
    ["(ss)", ["one"]],
    ["ai", Uint8Array.of(1)],
  ] satisfies [string, DBusValue][])("a value that is no %s is refused", (signature, value) => {
    expect(() => new DBusWriter().writeAll(signature, [value])).toThrow(TypeError);
  });
});

const hello: DBusMessage = {
  type: MessageType.call,
  serial: 1,
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
  member: "Hello",
  destination: "org.freedesktop.DBus",
  signature: "",
  body: [],
};

describe("D-Bus messages", () => {
  test("a call stands on the wire as the specification draws it", () => {
    const bytes = Buffer.from(encodeMessage(hello));
    expect(bytes.subarray(0, 16).toString("hex")).toBe("6c01000100000000010000006d000000");
    expect(bytes.length).toBe(128);
    expect(bytes.subarray(16, 48).toString("latin1")).toBe(
      "\x01\x01o\0\x15\0\0\0/org/freedesktop/DBus\0\0\0",
    );
  });

  test("a message comes back, and tells its length from its first 16 bytes", () => {
    const signal: DBusMessage = {
      type: MessageType.signal,
      serial: 99,
      path: "/org/freedesktop/NetworkManager/Devices/2",
      interface: "org.freedesktop.NetworkManager.Device",
      member: "StateChanged",
      sender: ":1.4",
      signature: "uuu",
      body: [120, 60, 7],
    };
    const bytes = encodeMessage(signal);
    expect(decodeMessage(bytes)).toEqual(signal);
    expect(messageLength(bytes.subarray(0, 16))).toBe(bytes.length);
    expect(messageLength(bytes.subarray(0, 15))).toBeUndefined();
  });

  test("a message of a big-endian peer is read", () => {
    const bytes = Buffer.from(
      ["420200010000000400000007", "0000000f", "0501750000000001", "0801670001750000", "0000002a"].join(""),
      "hex",
    );
    expect(decodeMessage(bytes)).toMatchObject({
      type: MessageType.reply,
      serial: 7,
      replySerial: 1,
      body: [42],
    });
  });

  test("every proper prefix of a message is refused", () => {
    const bytes = encodeMessage({ ...hello, signature: "sas", body: ["text", ["a", "b"]] });
    for (let length = 1; length < bytes.length; length++)
      expect(() => decodeMessage(bytes.subarray(0, length)), `${length} bytes`).toThrow(RangeError);
  });

  test("a message that claims to be huge is refused before it is there", () => {
    const bytes = Buffer.from(encodeMessage(hello).subarray(0, 16));
    bytes.writeUInt32LE(0x10000000, 4);
    expect(() => messageLength(bytes)).toThrow(RangeError);
  });

  test("random bytes are refused or read, and never do anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        const bytes = Uint8Array.from([0x6c, 4, 0, 1, ...tail]);
        try {
          decodeMessage(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
