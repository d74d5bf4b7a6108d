import { describe, expect, test } from "vitest";
import {
  asSoftApError,
  CanceledError,
  CloudError,
  type ErrorCode,
  errorRegistry,
  InternalError,
  isErrorCode,
  isSoftApError,
  ProtocolError,
  SoftApError,
  softApError,
  StoreError,
  TimeoutError,
  TransportError,
  UsageError,
  WifiError,
} from "@softap/protocol";

const classes = {
  protocol: ProtocolError,
  wifi: WifiError,
  transport: TransportError,
  cloud: CloudError,
  store: StoreError,
  timeout: TimeoutError,
  canceled: CanceledError,
  usage: UsageError,
  internal: InternalError,
};

describe("softApError()", () => {
  test("makes the class that the registry names, for every code", () => {
    const used = new Set<string>();
    for (const code of Object.keys(errorRegistry) as ErrorCode[]) {
      const { kind, number } = errorRegistry[code];
      const error = softApError(code, "What failed");
      expect(error).toBeInstanceOf(classes[kind]);
      expect(error).toBeInstanceOf(SoftApError);
      expect(error.name).toBe(classes[kind].name);
      expect(error.message).toBe(`What failed (${number})`);
      expect(errorRegistry[code]).toMatchObject(error.entry);
      used.add(kind);
    }
    expect([...used].toSorted()).toEqual(Object.keys(classes).toSorted());
  });

  test("keeps cause and context, and has no cause when none was given", () => {
    const cause = new Error("foreign");
    const error = softApError("TIMEOUT", "x", { cause, context: { phase: "join", limitMs: 5 } });
    expect(error.cause).toBe(cause);
    expect(error.context).toEqual({ phase: "join", limitMs: 5 });
    expect("cause" in softApError("TIMEOUT", "x")).toBe(false);
    expect("cause" in softApError("CANCELED", "x", { cause: undefined })).toBe(true);
    expect(softApError("TIMEOUT", "x").context).toEqual({});
  });
});

describe("isErrorCode()", () => {
  test("knows the registry's codes and no name of the object prototype", () => {
    expect(isErrorCode("WIFI_AUTH_FAILED")).toBe(true);
    for (const other of [
      "",
      "wifi_auth_failed",
      "constructor",
      "__proto__",
      "toString",
      1,
      null,
      undefined,
      {},
    ])
      expect(isErrorCode(other)).toBe(false);
  });
});

describe("isSoftApError()", () => {
  test("goes by code, so that an error of another copy of the package counts", () => {
    const foreign = Object.assign(new Error("x"), { code: "TIMEOUT", context: {} });
    expect(isSoftApError(foreign)).toBe(true);
    expect(isSoftApError(foreign, "TIMEOUT")).toBe(true);
    expect(isSoftApError(foreign, "CANCELED")).toBe(false);
  });

  test("takes no error of Node and nothing that is not an error", () => {
    expect(isSoftApError(Object.assign(new Error("x"), { code: "ECONNREFUSED" }))).toBe(false);
    expect(isSoftApError(Object.assign(new Error("x"), { code: "TIMEOUT" }))).toBe(false);
    for (const other of [undefined, null, "TIMEOUT", { code: "TIMEOUT", context: {} }])
      expect(isSoftApError(other)).toBe(false);
  });
});

describe("asSoftApError()", () => {
  test("gives one of ours back as it is and wraps what is foreign", () => {
    const ours = softApError("USAGE", "x");
    expect(asSoftApError(ours)).toBe(ours);
    for (const foreign of [new TypeError("t"), "text", undefined, null, 7]) {
      const error = asSoftApError(foreign);
      expect(error.code).toBe("INTERNAL");
      expect(error.cause).toBe(foreign);
    }
  });
});
