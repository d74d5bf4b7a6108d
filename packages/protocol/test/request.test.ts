import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeRequest,
  encodeNetworkRequest,
  encodeTokenRequest,
  logQueryDatagram,
  passphraseProblem,
  ProtocolError,
  protocolLimits,
  Secret,
  ssidProblem,
  tokenProblem,
} from "@softap/protocol";
import { decoderLaws } from "./decoder-laws.ts";
import { plain } from "./plain.ts";
import { utf8 } from "./vectors.ts";

const token = "6aa11111x1x123x1aa546xx6x111xxxd";
const network = { cmdType: 1, ssid: "Home-WiFi", password: "abcd1234", token };
const decode = (object: object): unknown => decodeRequest(utf8(JSON.stringify(object)));

/** Text of exactly so many bytes, of characters of 1 to 4 bytes. */
const textOf = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: max })
    .filter((text) => utf8(text).length >= min && utf8(text).length <= max);
const regions = fc.option(textOf(1, 64), { nil: undefined });
const traces = fc.option(fc.stringMatching(/^[0-9a-f]{8}$/), { nil: undefined });

describe("decodeRequest()", () => {
  decoderLaws("decodeRequest", decodeRequest, [
    JSON.stringify(network),
    JSON.stringify({ ...network, ssid: "我家 🏠", region: "ap-guangzhou", bssid: "x", trace: "0a1b2c3d" }),
    JSON.stringify({ cmdType: 0, token, region: "ap-guangzhou" }),
    '{"cmdType":0,"timestamp":1600000000}',
    '{"cmdType":3}',
  ]);

  test.each([
    ["ssid", 1, 32, "SSID_LENGTH"],
    ["password", 8, 63, "PASSPHRASE_LENGTH"],
    ["token", 1, 32, "TOKEN_LENGTH"],
    ["region", 0, 64, "REGION_LENGTH"],
  ])("takes %s of %i to %i bytes and refuses one byte less or more", (field, least, most, code) => {
    for (const length of [least, least + 1, most - 1, most])
      expect(decode({ ...network, [field]: "x".repeat(length) })).toMatchObject({ type: "network" });
    if (least > 0) expect(decode({ ...network, [field]: "x".repeat(least - 1) })).toMatchObject({ code });
    expect(decode({ ...network, [field]: "x".repeat(most + 1) })).toMatchObject({ code });
  });

  test("counts bytes, not characters", () => {
    expect(decode({ ...network, ssid: "é".repeat(16) })).toMatchObject({ type: "network" });
    expect(decode({ ...network, ssid: "é".repeat(17) })).toMatchObject({ code: "SSID_LENGTH" });
    expect(decode({ cmdType: 0, token: "🏠".repeat(8) })).toMatchObject({ type: "token" });
    expect(decode({ cmdType: 0, token: "🏠".repeat(9) })).toMatchObject({ code: "TOKEN_LENGTH" });
  });

  test("takes a key of 64 hex digits, not of 63 or 65 and not of other letters", () => {
    expect(decode({ ...network, password: "aF".repeat(32) })).toMatchObject({ type: "network" });
    expect(decode({ ...network, password: "aF".repeat(32) + "0" })).toMatchObject({
      code: "PASSPHRASE_LENGTH",
    });
    expect(decode({ ...network, password: `${"aF".repeat(31)}xy` })).toMatchObject({
      code: "PASSPHRASE_LENGTH",
    });
  });

  test("takes 1 023 bytes and refuses 1 024", () => {
    const bytes = utf8(JSON.stringify({ ...network, padding: "" }));
    const padded = (length: number): Uint8Array =>
      utf8(JSON.stringify({ ...network, padding: "x".repeat(length - bytes.length) }));
    expect(padded(1023)).toHaveLength(protocolLimits.maxRequestBytes);
    expect(decodeRequest(padded(1023))).toMatchObject({ type: "network" });
    expect(decodeRequest(padded(1024))).toMatchObject({ code: "DATAGRAM_TOO_LONG" });
  });

  test("takes the deepest nesting that fits", () => {
    const nested = `{"cmdType":3,"x":${"[".repeat(502)}${"]".repeat(502)}}`;
    expect(decodeRequest(utf8(nested))).toEqual({ type: "logQuery" });
  });

  test("never repeats a secret in a refusal", () => {
    const canary = "canary-1";
    const broken = [
      JSON.stringify({ ...network, password: canary, token: canary.repeat(9) }),
      JSON.stringify({ ...network, password: canary.repeat(9) }),
      JSON.stringify({ ...network, password: canary }).slice(0, -1),
    ];
    for (const text of broken) {
      const answer = decodeRequest(utf8(text));
      expect(answer).toBeInstanceOf(ProtocolError);
      if (!(answer instanceof ProtocolError)) continue;
      const shown = `${answer.message} ${JSON.stringify(answer.context)} ${String(answer.cause)} ${answer.stack}`;
      expect(shown).not.toContain(canary);
    }
  });
});

describe("encodeNetworkRequest()", () => {
  test("is read back by decodeRequest(), whatever the texts", () => {
    const requests = fc.record({
      ssid: textOf(1, 32),
      passphrase: fc.option(textOf(8, 63), { nil: undefined }),
      token: textOf(1, 32),
      region: regions,
      bssid: fc.option(textOf(1, 40), { nil: undefined }),
      trace: traces,
    });
    fc.assert(
      fc.property(requests, ({ ssid, passphrase, token: plainToken, region, bssid, trace }) => {
        const bytes = encodeNetworkRequest(
          {
            ssid: utf8(ssid),
            passphrase: passphrase === undefined ? undefined : Secret.of(passphrase),
            token: Secret.of(plainToken),
            ...(region === undefined ? {} : { region }),
            ...(bssid === undefined ? {} : { bssid }),
            ...(trace === undefined ? {} : { trace }),
          },
          { maxBytes: 1023 },
        );
        expect(plain(decodeRequest(bytes))).toEqual(
          plain({ type: "network", ssid, passphrase, token: plainToken, region, bssid, trace }),
        );
      }),
    );
  });

  test("sends UTF-8 as it is; only what JSON must escape is escaped", () => {
    const texts = textOf(1, 32).filter((text) => !/["\\\p{Cc}]/u.test(text));
    fc.assert(
      fc.property(texts, (ssid) => {
        const request = { ssid: utf8(ssid), passphrase: undefined, token: Secret.of("t") };
        const text = new TextDecoder().decode(encodeNetworkRequest(request));
        expect(text).toBe(`{"cmdType":1,"ssid":"${ssid}","password":"","token":"t"}`);
      }),
    );
  });

  test("leaves out bssid, then trace, then region to stay within 255 bytes", () => {
    const fields = (passphrase: string, region: string): string[] => {
      const bytes = encodeNetworkRequest({
        ssid: utf8("s".repeat(32)),
        passphrase: Secret.of(passphrase),
        token: Secret.of(token),
        region,
        bssid: "aa:bb:cc:dd:ee:ff",
        trace: "0a1b2c3d",
      });
      expect(bytes.length).toBeLessThanOrEqual(protocolLimits.maxDatagramToUnknownDevice);
      return Object.keys(JSON.parse(new TextDecoder().decode(bytes)) as object).slice(4);
    };
    expect(fields("p".repeat(63), "ap-guangzhou")).toEqual(["region", "trace", "bssid"]);
    expect(fields('"'.repeat(32), "ap-guangzhou")).toEqual(["region", "trace", "bssid"]);
    expect(fields("p".repeat(63), "r".repeat(43))).toEqual(["region", "trace"]);
    expect(fields("p".repeat(63), "r".repeat(64))).toEqual(["region"]);
    expect(fields('"'.repeat(60), "r".repeat(64))).toEqual([]);
  });

  test("sends exactly maxBytes and refuses to send one byte more", () => {
    const request = {
      ssid: utf8("s".repeat(32)),
      passphrase: Secret.of("p".repeat(63)),
      token: Secret.of(token),
    };
    expect(encodeNetworkRequest(request, { maxBytes: 175 })).toHaveLength(175);
    expect(() => encodeNetworkRequest(request, { maxBytes: 174 })).toThrow(
      expect.objectContaining({ code: "DATAGRAM_TOO_LONG" }),
    );
    const escaped = { ...request, ssid: utf8("\u0001".repeat(32)), passphrase: Secret.of("p".repeat(8)) };
    expect(() => encodeNetworkRequest(escaped)).toThrow(
      expect.objectContaining({ code: "DATAGRAM_TOO_LONG" }),
    );
  });

  test.each([
    ["SSID_LENGTH", { ssid: new Uint8Array() }],
    ["SSID_LENGTH", { ssid: new Uint8Array(33).fill(65) }],
    ["SSID_LENGTH", { ssid: Uint8Array.of(0xff) }],
    ["PASSPHRASE_LENGTH", { passphrase: Secret.of("seven77") }],
    ["TOKEN_LENGTH", { token: Secret.of("") }],
    ["TOKEN_LENGTH", { token: Secret.of("t".repeat(33)) }],
    ["FIELD_MISSING", { passphrase: Secret.of("half \ud83c pair") }],
    ["FIELD_MISSING", { region: "\udfe0" }],
  ])("throws %s for %j", (code, part) => {
    const request = { ssid: utf8("a"), passphrase: undefined, token: Secret.of("t") };
    expect(() => encodeNetworkRequest({ ...request, ...part })).toThrow(expect.objectContaining({ code }));
  });
});

describe("encodeTokenRequest()", () => {
  test("is read back by decodeRequest()", () => {
    fc.assert(
      fc.property(textOf(1, 32), regions, traces, (plainToken, region, trace) => {
        const bytes = encodeTokenRequest(
          {
            token: Secret.of(plainToken),
            ...(region === undefined ? {} : { region }),
            ...(trace === undefined ? {} : { trace }),
          },
          { maxBytes: 1023 },
        );
        expect(plain(decodeRequest(bytes))).toEqual(
          plain({ type: "token", token: plainToken, region, trace }),
        );
      }),
    );
  });

  test("refuses a token of 0 or 33 bytes", () => {
    for (const length of [0, 33])
      expect(() => encodeTokenRequest({ token: Secret.of("t".repeat(length)) })).toThrow(
        expect.objectContaining({ code: "TOKEN_LENGTH" }),
      );
  });
});

describe("logQueryDatagram", () => {
  test("begins with the 12 bytes that the vendor's log mode compares", () => {
    expect(new TextDecoder().decode(logQueryDatagram.subarray(0, 12))).toBe('{"cmdType":3');
  });
});

describe("ssidProblem(), passphraseProblem(), tokenProblem()", () => {
  test("say length and limit, never the value", () => {
    expect(ssidProblem(new Uint8Array(33))?.message).toBe("ssid has 33 bytes, 1 to 32 are allowed (SA1104)");
    expect(passphraseProblem("canary!")?.message).toBe(
      "passphrase has 7 bytes; 8 to 63, 64 hex digits or none are allowed (SA1105)",
    );
    expect(tokenProblem("")?.message).toBe("token has 0 bytes, 1 to 32 are allowed (SA1106)");
    expect(ssidProblem(new Uint8Array(32)) ?? passphraseProblem("") ?? tokenProblem("t")).toBeUndefined();
  });
});
