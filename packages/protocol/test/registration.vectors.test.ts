import { describe, expect, test } from "vitest";
import {
  decodeRegistration1,
  decodeRegistration2,
  decodeRegistrationReply1,
  decodeRegistrationReply2,
  decryptRegistrationPayload,
  encodeRegistration1,
  encodeRegistration2,
  encodeRegistrationReply1,
  encodeRegistrationReply2,
  encryptRegistrationPayload,
  errorRegistry,
  type ErrorEntry,
  isRegistration1Signed,
  isRegistration2Signed,
  ProtocolError,
  protocolLimits,
  registrationDigest2,
  Secret,
  signRegistration1,
} from "@softap/protocol";
import { decoderLaws } from "./decoder-laws.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { plain } from "./plain.ts";
import { readVectors, utf8 } from "./vectors.ts";

interface Refusal {
  readonly text: string;
  readonly code: number;
  readonly message: string;
  readonly requestId: string;
}
interface Exchange {
  readonly productSecret: string;
  readonly deviceName: string;
  readonly productId: string;
  readonly nonce: number;
  readonly timestampS: number;
  readonly body: string;
  readonly reply: string;
  readonly refusal: Refusal;
}
const { form1, form2, payload, codes } = readVectors<{
  form1: Exchange & { readonly signature: string };
  form2: Exchange & {
    readonly host: string;
    readonly signatureBase64: string;
    readonly signatureHex: string;
    readonly namedRefusal: string;
  };
  payload: {
    readonly productSecret: string;
    readonly payload: string;
    readonly plainLength: number;
    readonly deviceSecret: string;
  };
  codes: readonly { readonly code: number; readonly meaning: string }[];
}>("registration");

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const productSecret = Secret.of(form1.productSecret);
const registered = { payload: payload.payload, plainLength: payload.plainLength, requestId: "req-1" };

describe("registration, older form", () => {
  const { deviceName, nonce, productId, timestampS, signature } = form1;
  const request = { deviceName, nonce, productId, timestampS };

  test("signRegistration1() signs the real exchange", () => {
    expect(signRegistration1(nodeCrypto, { ...request, productSecret })).toBe(signature);
  });

  test("encodeRegistration1() and decodeRegistration1() agree on the body", () => {
    expect(text(encodeRegistration1(nodeCrypto, { ...request, productSecret }))).toBe(form1.body);
    expect(decodeRegistration1(utf8(form1.body))).toEqual({ ...request, signature });
  });

  test("isRegistration1Signed() accepts the real signature and no change of anything signed", () => {
    const signed = { ...request, signature };
    expect(isRegistration1Signed(nodeCrypto, signed, productSecret)).toBe(true);
    const changes = [
      { deviceName: "TEST3" },
      { nonce: 1 },
      { productId: "L4WG9V9M2N" },
      { timestampS: 0 },
      { signature: "" },
      { signature: `${signature}=` },
    ];
    for (const change of changes)
      expect(isRegistration1Signed(nodeCrypto, { ...signed, ...change }, productSecret)).toBe(false);
    expect(isRegistration1Signed(nodeCrypto, signed, Secret.of("another secret 1"))).toBe(false);
  });

  test("a device without a clock signs time 0", () => {
    const body = encodeRegistration1(nodeCrypto, { ...request, timestampS: 0, productSecret });
    const decoded = decodeRegistration1(body);
    if (decoded instanceof ProtocolError) throw decoded;
    expect(decoded.timestampS).toBe(0);
    expect(isRegistration1Signed(nodeCrypto, decoded, productSecret)).toBe(true);
  });

  test.each(["deviceName", "nonce", "productId", "timestamp", "signature"])(
    "names %s as missing",
    (field) => {
      const { [field]: _left, ...rest } = JSON.parse(form1.body) as Record<string, unknown>;
      expect(decodeRegistration1(utf8(JSON.stringify(rest)))).toMatchObject({ code: "FIELD_MISSING" });
    },
  );

  test("replies are read and written, and a key's reply fits the vendor's buffer", () => {
    expect(decodeRegistrationReply1(utf8(form1.reply))).toEqual({
      type: "registered",
      payload: payload.payload,
    });
    expect(text(encodeRegistrationReply1(registered))).toBe(form1.reply);
    const longest = encodeRegistrationReply1({
      ...registered,
      requestId: "01234567-89ab-cdef-0123-456789abcdef",
    });
    expect(longest.length).toBeLessThanOrEqual(protocolLimits.maxRegistrationReplyBytes);
  });

  test("refusals are read and written", () => {
    const { code, message, requestId } = form1.refusal;
    expect(decodeRegistrationReply1(utf8(form1.refusal.text))).toEqual({ type: "refused", code, message });
    expect(text(encodeRegistrationReply1({ code, message, requestId }))).toBe(form1.refusal.text);
  });

  test.each(["{}", '{"code":0}', '{"payload":"AAAA"}', '{"code":"ok","payload":"AAAA"}'])(
    "decodeRegistrationReply1() refuses %s",
    (reply) => {
      expect(decodeRegistrationReply1(utf8(reply))).toMatchObject({ code: "REPLY_INVALID" });
    },
  );

  decoderLaws("decodeRegistration1", decodeRegistration1, [form1.body]);
  decoderLaws("decodeRegistrationReply1", decodeRegistrationReply1, [form1.reply, form1.refusal.text]);
});

describe("registration, newer form", () => {
  const { host, nonce, timestampS, deviceName, productId, signatureBase64, signatureHex } = form2;
  const body = utf8(form2.body);
  const signed = { host, algorithm: "hmacsha256", timestamp: String(timestampS), nonce: String(nonce), body };

  test("registrationDigest2() and encodeRegistration2() give the computed signature", () => {
    const digest = registrationDigest2(nodeCrypto, { ...signed, productSecret });
    expect(Buffer.from(digest).toString("hex")).toBe(signatureHex);
    const request = { productId, deviceName, host, timestampS, nonce, productSecret };
    const encoded = encodeRegistration2(nodeCrypto, request);
    expect(text(encoded.body)).toBe(form2.body);
    expect(encoded.headers).toEqual({
      "content-type": "application/json",
      "x-tc-algorithm": "hmacsha256",
      "x-tc-timestamp": "1611299964",
      "x-tc-nonce": "1005258070",
      "x-tc-signature": signatureBase64,
    });
  });

  test.each([signatureBase64, signatureHex])("isRegistration2Signed() accepts %s", (signature) => {
    expect(isRegistration2Signed(nodeCrypto, { ...signed, signature, productSecret })).toBe(true);
  });

  test("isRegistration2Signed() takes the algorithm's name as it was sent, in any case", () => {
    const algorithm = "HmacSha256";
    const digest = registrationDigest2(nodeCrypto, { ...signed, algorithm, productSecret });
    const signature = Buffer.from(digest).toString("base64");
    expect(signature).not.toBe(signatureBase64);
    expect(isRegistration2Signed(nodeCrypto, { ...signed, algorithm, signature, productSecret })).toBe(true);
  });

  test("isRegistration2Signed() refuses every change of what is signed", () => {
    const changes = [
      { host: "localhost" },
      { algorithm: "hmacsha1" },
      { timestamp: "1611299965" },
      { nonce: "1" },
      { body: utf8(`${form2.body} `) },
      { signature: "" },
      { signature: signatureHex.toUpperCase() },
      { productSecret: Secret.of("another secret 1") },
    ];
    const whole = { ...signed, signature: signatureBase64, productSecret };
    for (const change of changes)
      expect(isRegistration2Signed(nodeCrypto, { ...whole, ...change })).toBe(false);
  });

  test("decodeRegistration2() reads the body and names what is missing", () => {
    expect(decodeRegistration2(body)).toEqual({ productId, deviceName });
    for (const part of [{ ProductId: "p" }, { DeviceName: "d" }, { ProductId: 1, DeviceName: "d" }])
      expect(decodeRegistration2(utf8(JSON.stringify(part)))).toMatchObject({ code: "FIELD_MISSING" });
  });

  test("replies and refusals are read and written", () => {
    expect(decodeRegistrationReply2(utf8(form2.reply))).toEqual({
      type: "registered",
      payload: payload.payload,
    });
    expect(text(encodeRegistrationReply2(registered))).toBe(form2.reply);
    const { code, message, requestId } = form2.refusal;
    expect(decodeRegistrationReply2(utf8(form2.refusal.text))).toEqual({ type: "refused", code, message });
    const refusal = encodeRegistrationReply2({ code: String(code), message, requestId });
    expect(text(refusal)).toBe(form2.refusal.text);
  });

  test("a refusal without a number is -1001", () => {
    expect(decodeRegistrationReply2(utf8(form2.namedRefusal))).toEqual({
      type: "refused",
      code: -1001,
      message: "no",
    });
  });

  test.each(["{}", '{"Response":{}}', '{"Response":[]}', '{"Payload":"AAAA"}'])(
    "decodeRegistrationReply2() refuses %s",
    (reply) => {
      expect(decodeRegistrationReply2(utf8(reply))).toMatchObject({ code: "REPLY_INVALID" });
    },
  );

  decoderLaws("decodeRegistration2", decodeRegistration2, [form2.body]);
  decoderLaws("decodeRegistrationReply2", decodeRegistrationReply2, [form2.reply, form2.refusal.text]);
});

describe("registration payload", () => {
  const decrypt = (given: string, secret = payload.productSecret): unknown =>
    plain(decryptRegistrationPayload(nodeCrypto, { payload: given, productSecret: Secret.of(secret) }));

  test("decryptRegistrationPayload() and encryptRegistrationPayload() agree on the real payload", () => {
    expect(decrypt(payload.payload)).toEqual({ kind: "psk", deviceSecret: payload.deviceSecret });
    const credentials = { kind: "psk", deviceSecret: Secret.of(payload.deviceSecret) } as const;
    expect(encryptRegistrationPayload(nodeCrypto, { credentials, productSecret })).toEqual({
      payload: payload.payload,
      plainLength: payload.plainLength,
    });
  });

  test("certificates of every length survive the padding", () => {
    for (let length = 1; length <= 33; length++) {
      const credentials = {
        kind: "certificate",
        certificate: `-----BEGIN-----\n${"c".repeat(length)}`,
        privateKey: Secret.of("key\n"),
      } as const;
      const encrypted = encryptRegistrationPayload(nodeCrypto, { credentials, productSecret });
      expect(decrypt(encrypted.payload)).toEqual(plain(credentials));
    }
  });

  test.each([
    ["the wrong product secret", payload.payload, "another secret 16 long"],
    ["no base64", "!", payload.productSecret],
    ["nothing", "", payload.productSecret],
    ["half a block", "AAAAAAAAAAA=", payload.productSecret],
    ["a payload that was cut off", payload.payload.slice(0, 22), payload.productSecret],
  ])("decryptRegistrationPayload() refuses %s", (_name, given, secret) => {
    expect(decrypt(given, secret)).toMatchObject({ name: "ProtocolError", code: "REPLY_INVALID" });
  });

  test.each([
    {},
    { encryptionType: 2 },
    { encryptionType: 2, psk: "" },
    { encryptionType: 2, psk: "not base64!" },
    { encryptionType: 1, clientCert: "c" },
    { encryptionType: 3, psk: "AAAA" },
  ])("decryptRegistrationPayload() refuses a payload that says %j", (object) => {
    const plaintext = new Uint8Array(64);
    plaintext.set(utf8(JSON.stringify(object)));
    const key = utf8(form1.productSecret).subarray(0, 16);
    const encrypted = nodeCrypto.encryptAes128Cbc({ key, iv: utf8("0".repeat(16)), plaintext });
    expect(decrypt(Buffer.from(encrypted).toString("base64"))).toMatchObject({ code: "REPLY_INVALID" });
  });

  test("a product secret below 16 bytes is returned by the decoder and thrown by the encoder", () => {
    const short = Secret.of("fifteen letters");
    expect(decrypt(payload.payload, short.reveal())).toMatchObject({ code: "FIELD_MISSING" });
    const credentials = { kind: "psk", deviceSecret: Secret.of("AAAA") } as const;
    expect(() => encryptRegistrationPayload(nodeCrypto, { credentials, productSecret: short })).toThrow(
      expect.objectContaining({ code: "FIELD_MISSING" }),
    );
  });
});

describe("errorRegistry", () => {
  test("knows every number with which the cloud refuses a registration", () => {
    const entries: readonly ErrorEntry[] = Object.values(errorRegistry);
    for (const { code } of codes)
      expect(entries.filter(({ registration }) => registration === code)).toHaveLength(1);
  });
});
