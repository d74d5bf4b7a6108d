import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  appSigningText,
  type ErrorCode,
  errorRegistry,
  formatAppFailure,
  formatAppReply,
  isAppRequestSigned,
  parseAppReply,
  Secret,
  signAppRequest,
} from "@softap/protocol";
import { nodeCrypto } from "./node-crypto.ts";
import { readVectors } from "./vectors.ts";

const { signature, replies, neither } = readVectors<{
  signature: { appSecret: string; body: Record<string, unknown>; signedText: string; signature: string };
  replies: readonly { readonly name: string; readonly body: unknown; readonly parsed: unknown }[];
  neither: readonly unknown[];
}>("app-api");
const appSecret = Secret.of(signature.appSecret);

describe("signAppRequest() and isAppRequestSigned()", () => {
  test("agree on the vector, whatever the order of the members", () => {
    expect(appSigningText(signature.body)).toBe(signature.signedText);
    expect(signAppRequest(nodeCrypto, signature.body, appSecret)).toBe(signature.signature);
    const signed = { Signature: signature.signature, ...signature.body };
    expect(isAppRequestSigned(nodeCrypto, signed, appSecret)).toBe(true);
  });

  test("empty values count or are left out", () => {
    const body = { Action: "A", Nonce: 0, Avatar: "" };
    const without = signAppRequest(nodeCrypto, { Action: "A", Nonce: 0 }, appSecret);
    const whole = signAppRequest(nodeCrypto, body, appSecret);
    expect(without).not.toBe(whole);
    for (const Signature of [without, whole])
      expect(isAppRequestSigned(nodeCrypto, { ...body, Signature }, appSecret)).toBe(true);
  });

  test("a change, an addition, another secret or no signature does not fit", () => {
    const signed = { ...signature.body, Signature: signature.signature };
    for (const body of [{ ...signed, Nonce: 8 }, { ...signed, More: "x" }, signature.body])
      expect(isAppRequestSigned(nodeCrypto, body, appSecret)).toBe(false);
    for (const Signature of ["", 1, null, [signature.signature]])
      expect(isAppRequestSigned(nodeCrypto, { ...signed, Signature }, appSecret)).toBe(false);
    expect(isAppRequestSigned(nodeCrypto, signed, Secret.of("other"))).toBe(false);
  });

  test("names are sorted by code unit, lists and objects are signed as JSON", () => {
    expect(appSigningText({ b: [1, "x"], a: { k: 1 }, Z: true, é: null, Signature: "s" })).toBe(
      'Z=true&a={"k":1}&b=[1,"x"]&é=null',
    );
  });
});

describe("parseAppReply()", () => {
  test.each(replies)("reads: $name", ({ body, parsed }) => {
    expect(parseAppReply(body)).toEqual(parsed);
  });

  test.each(neither)("sees no envelope in %j", (body) => {
    expect(parseAppReply(body)).toBeUndefined();
  });

  test("gives back what formatAppReply() wrote", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{1,8}$/), fc.jsonValue()), (data) => {
        fc.pre(!("Error" in data));
        const body: unknown = JSON.parse(JSON.stringify(formatAppReply(data, "r1")));
        const expected: unknown = JSON.parse(JSON.stringify({ ...data, RequestId: "r1" }));
        expect(parseAppReply(body)).toEqual({ type: "ok", data: expected });
      }),
    );
  });

  test("gives back every code that formatAppFailure() wrote", () => {
    for (const code of Object.keys(errorRegistry) as ErrorCode[]) {
      const body: unknown = JSON.parse(JSON.stringify(formatAppFailure(code, "what happened", "r1")));
      expect(body).toMatchObject({ code: -1000, data: { RequestId: "r1" }, Response: { RequestId: "r1" } });
      expect(parseAppReply(body)).toMatchObject({ type: "failed", code, message: "what happened" });
    }
  });

  test("never throws, whatever the JSON", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("code", "msg", "data", "Response", "Error", "__proto__", "constructor"),
          fc.jsonValue(),
        ),
        (body) => {
          const reply = parseAppReply(JSON.parse(JSON.stringify(body)));
          expect(reply === undefined || reply.type === "ok" || reply.type === "failed").toBe(true);
        },
      ),
    );
  });
});
