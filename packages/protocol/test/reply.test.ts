import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeReply,
  decodeV1Status,
  encodeErrorReply,
  encodeInfoReply,
  encodeV1StatusReply,
  type ErrorCode,
  errorRegistry,
  phases,
  protocolLimits,
} from "@softap/protocol";
import { decoderLaws } from "./decoder-laws.ts";
import { utf8 } from "./vectors.ts";

const texts = fc.string({ unit: "grapheme", maxLength: 48 });
const statuses = fc.record(
  {
    phase: fc.constantFrom(...phases),
    attempt: fc.integer({ min: 1, max: 99 }),
    ageMs: fc.nat(600_000),
  },
  { requiredKeys: ["phase", "attempt"], noNullPrototype: true },
);

describe("decodeReply()", () => {
  decoderLaws("decodeReply", decodeReply, [
    '{"cmdType":2,"productId":"OSPB5ASRWT","deviceName":"dev_01","productRegion":"ap-guangzhou","protoVersion":"2.0","status":{"phase":"joining","attempt":1}}',
    '{"cmdType":2,"deviceReply":"Current_Error","log":"WIFI connect error! (10, 202)","error":{"code":"WIFI_AUTH_FAILED","retry":"input","attempt":1}}',
    '{"cmdType":2,"deviceReply":"dataRecived"}',
    '{"cmdType":7}',
  ]);

  test("gives back what encodeInfoReply() wrote", () => {
    fc.assert(
      fc.property(
        texts,
        texts,
        texts,
        fc.option(statuses, { nil: undefined }),
        (productId, deviceName, productRegion, status) => {
          const info = { productId, deviceName, productRegion, ...(status === undefined ? {} : { status }) };
          expect(decodeReply(encodeInfoReply(info))).toEqual({ type: "info", protoVersion: "2.0", ...info });
        },
      ),
    );
  });

  test("gives back what encodeErrorReply() wrote, for every code", () => {
    for (const code of Object.keys(errorRegistry) as ErrorCode[])
      for (const isCurrent of [true, false]) {
        const bytes = encodeErrorReply({ isCurrent, code, subId: -7, attempt: 2 });
        expect(decodeReply(bytes)).toMatchObject({
          type: "error",
          isCurrent,
          code,
          vendor: { subId: -7 },
          retry: errorRegistry[code].retry,
          attempt: 2,
        });
      }
  });

  test("gives back what encodeV1StatusReply() wrote", () => {
    const replies = fc.record(
      {
        productId: texts,
        deviceName: texts,
        connId: texts,
        signature: texts,
        timestampS: fc.maxSafeNat(),
        isWifiConnected: fc.boolean(),
        isMqttConnected: fc.boolean(),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(replies, (reply) => {
        const { productId, deviceName } = reply;
        const bytes = encodeV1StatusReply(reply);
        expect(decodeV1Status(bytes)).toEqual(reply);
        expect(decodeReply(bytes)).toEqual({ type: "info", productId, deviceName, protoVersion: "1.0" });
      }),
    );
  });

  test.each([
    { phase: "joining" },
    { phase: "joining", attempt: 0 },
    { phase: "joining", attempt: 1.5 },
    { phase: "toString", attempt: 1 },
    { attempt: 1 },
    [],
    null,
  ])("ignores the status %j", (status) => {
    const reply = decodeReply(utf8(JSON.stringify({ cmdType: 2, protoVersion: "2.0", status })));
    expect(reply).toEqual({ type: "info", protoVersion: "2.0" });
  });

  test("ignores a negative age and keeps the rest of the status", () => {
    const status = { phase: "bound", attempt: 1, ageMs: -1 };
    expect(decodeReply(utf8(JSON.stringify({ cmdType: 2, status })))).toEqual({
      type: "info",
      protoVersion: "1.0",
      status: { phase: "bound", attempt: 1 },
    });
  });

  test("keeps a retry that the device gave, and the registry's when it gave none that is known", () => {
    const error = { cmdType: 2, deviceReply: "Current_Error", log: "(10, 202)" };
    for (const [retry, expected] of [
      ["no", "no"],
      ["yes", "yes"],
      ["often", "input"],
      [1, "input"],
    ]) {
      const reply = decodeReply(utf8(JSON.stringify({ ...error, error: { retry } })));
      expect(reply).toMatchObject({ code: "WIFI_AUTH_FAILED", retry: expected });
    }
  });
});

describe("encodeInfoReply()", () => {
  test("with our status still fits what an old phone or device can read", () => {
    const longest = encodeInfoReply({
      productId: "P".repeat(protocolLimits.productIdLength),
      deviceName: "d".repeat(protocolLimits.maxDeviceNameBytes),
      productRegion: "ap-guangzhou",
      status: { phase: "registering", attempt: 99, ageMs: 300_000 },
    });
    expect(longest.length).toBeLessThanOrEqual(protocolLimits.maxDatagramToUnknownDevice);
  });
});

describe("encodeErrorReply()", () => {
  test("fits 255 bytes for every code", () => {
    for (const code of Object.keys(errorRegistry) as ErrorCode[]) {
      const bytes = encodeErrorReply({ isCurrent: false, code, subId: -2_147_483_648, attempt: 9999 });
      expect(bytes.length).toBeLessThanOrEqual(protocolLimits.maxDatagramToUnknownDevice);
    }
  });
});
