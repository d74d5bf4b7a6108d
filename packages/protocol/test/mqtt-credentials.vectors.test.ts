import { describe, expect, test } from "vitest";
import {
  formatMqttUsername,
  isMqttPassword,
  mqttPassword,
  noExpiryS,
  parseBase64,
  parseMqttUsername,
  ProtocolError,
  Secret,
  v1Signature,
} from "@softap/protocol";
import { nodeCrypto } from "./node-crypto.ts";
import { readVectors } from "./vectors.ts";

interface Credentials {
  readonly passwords: readonly {
    readonly name: string;
    readonly deviceSecret: string;
    readonly keyHex: string;
    readonly username: string;
    readonly algorithm: "sha1" | "sha256";
    readonly password: string;
  }[];
  readonly usernames: readonly {
    readonly name: string;
    readonly text: string;
    readonly productId?: string;
    readonly deviceName?: string;
    readonly parts: { clientId: string; appId: string; connId: string; expiryS: string };
  }[];
  readonly refusedUsernames: readonly string[];
  readonly v1: readonly {
    readonly name: string;
    readonly deviceSecret: string;
    readonly productId: string;
    readonly deviceName: string;
    readonly connId: string;
    readonly timestampS: number;
    readonly signature: string;
  }[];
}
const vectors = readVectors<Credentials>("mqtt-credentials");

describe("mqttPassword() and isMqttPassword()", () => {
  test.each(vectors.passwords)("agree on $name", (vector) => {
    const { username, algorithm, password } = vector;
    const deviceSecret = Secret.of(vector.deviceSecret);
    expect(mqttPassword(nodeCrypto, { username, deviceSecret, algorithm }).reveal()).toBe(password);
    const key = parseBase64(vector.deviceSecret) ?? new Uint8Array();
    expect(Buffer.from(key).toString("hex")).toBe(vector.keyHex);
    expect(isMqttPassword(nodeCrypto, { username, password, key })).toBe(true);
  });

  test.each(vectors.passwords)("isMqttPassword() refuses every change of $name", (vector) => {
    const { username, password } = vector;
    const key = parseBase64(vector.deviceSecret) ?? new Uint8Array();
    const [digest = "", name = ""] = password.split(";");
    const other = name === "hmacsha1" ? "hmacsha256" : "hmacsha1";
    const wrong = [
      "",
      digest,
      `${digest};`,
      `${digest};${other}`,
      `${digest};${name};`,
      `${digest};${name};x`,
      ` ${password}`,
      `${digest.slice(1)};${name}`,
      `${"0".repeat(digest.length)};${name}`,
      `${digest.toUpperCase()};${name}`,
    ];
    for (const text of wrong)
      expect(isMqttPassword(nodeCrypto, { username, password: text, key })).toBe(false);
    expect(isMqttPassword(nodeCrypto, { username: `${username}0`, password, key })).toBe(false);
    expect(isMqttPassword(nodeCrypto, { username, password, key: key.subarray(1) })).toBe(false);
  });

  test("mqttPassword() takes SHA-256 when nothing is said, and refuses a secret that is not base64", () => {
    const username = "a;b;c;1";
    const deviceSecret = Secret.of("AAAA");
    expect(mqttPassword(nodeCrypto, { username, deviceSecret }).reveal()).toMatch(
      /^[0-9a-f]{64};hmacsha256$/,
    );
    const broken = { username, deviceSecret: Secret.of("not base64!") };
    expect(() => mqttPassword(nodeCrypto, broken)).toThrow(ProtocolError);
  });
});

describe("parseMqttUsername()", () => {
  test.each(vectors.usernames)("reads: $name", ({ text, parts }) => {
    expect(parseMqttUsername(text)).toEqual({ ...parts, expiryS: BigInt(parts.expiryS) });
  });

  test.each(vectors.refusedUsernames)("refuses %j", (text) => {
    expect(parseMqttUsername(text)).toMatchObject({ name: "ProtocolError", code: "FIELD_MISSING" });
  });
});

describe("formatMqttUsername()", () => {
  test.each(vectors.usernames.filter(({ productId }) => productId !== undefined))(
    "writes: $name",
    ({ text, productId = "", deviceName = "", parts }) => {
      const expiryS = BigInt(parts.expiryS);
      const device = { productId, deviceName, connId: parts.connId };
      expect(formatMqttUsername(expiryS === noExpiryS ? device : { ...device, expiryS })).toBe(text);
    },
  );
});

describe("v1Signature()", () => {
  test.each(vectors.v1)("signs: $name", ({ deviceSecret, signature, ...rest }) => {
    expect(v1Signature(nodeCrypto, { ...rest, deviceSecret: Secret.of(deviceSecret) })).toBe(signature);
  });

  test("refuses a secret that is not base64", () => {
    const options = { productId: "p", deviceName: "d", connId: "c", timestampS: 1 };
    expect(() => v1Signature(nodeCrypto, { ...options, deviceSecret: Secret.of("?") })).toThrow(
      ProtocolError,
    );
  });
});
