import { describe, expect, test } from "vitest";
import { softApNameRule } from "@softap/phone";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const rule = softApNameRule("softap-");

describe("softApNameRule()", () => {
  test("names a soft AP and finds the device's name again", () => {
    expect(rule.ssidOf("dev_01")).toEqual(bytes("softap-dev_01"));
    expect(rule.deviceNameOf(bytes("softap-dev_01"))).toBe("dev_01");
  });

  test("cuts a name after 32 bytes", () => {
    const ssid = rule.ssidOf("d".repeat(48));
    expect(ssid).toHaveLength(32);
    expect(rule.deviceNameOf(ssid)).toBe("d".repeat(25));
  });

  test.each(["softap-", "Softap-dev_01", "softap", "", "Home", "my softap-dev"])(
    "knows %j for a stranger's",
    (name) => {
      expect(rule.deviceNameOf(bytes(name))).toBeUndefined();
    },
  );

  test("knows a name that is not UTF-8 for a stranger's", () => {
    expect(rule.deviceNameOf(Uint8Array.of(...bytes("softap-"), 0xff))).toBeUndefined();
  });

  test("finds each device of a scan once, the nearest first", () => {
    const scan = [
      { ssid: bytes("softap-far"), rssiDbm: -80 },
      { ssid: bytes("Home"), rssiDbm: -20 },
      { ssid: bytes("softap-near"), rssiDbm: -60 },
      { ssid: bytes("softap-near"), rssiDbm: -40 },
    ];
    expect(rule.find(scan)).toEqual([
      { deviceName: "near", network: scan[3] },
      { deviceName: "far", network: scan[0] },
    ]);
  });

  test("refuses a prefix that leaves no room, and none", () => {
    for (const prefix of ["", "p".repeat(32)])
      expect(() => softApNameRule(prefix)).toThrow(expect.objectContaining({ code: "USAGE" }));
    expect(softApNameRule("p".repeat(31)).prefix).toHaveLength(31);
  });
});
