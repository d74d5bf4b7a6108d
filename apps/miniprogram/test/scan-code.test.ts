import { describe, expect, test } from "vitest";
import { formatDeviceLabel, formatWifiQr } from "@softap/phone";
import { decodeUtf8, encodeUtf8, Secret } from "@softap/protocol";
import { readCode, scanCode } from "../src/add/scan-code.ts";

const label = formatDeviceLabel({
  productId: "OSPB5ASRWT",
  deviceName: "lamp-1",
  softAp: { ssid: encodeUtf8("softap-lamp-1"), passphrase: Secret.of("12345678") },
}).reveal();

describe("readCode()", () => {
  test("reads a device's label", () => {
    expect(readCode(` ${label.replace("softap:", "SoftAP:")}\n`)).toMatchObject({
      kind: "label",
      label: { deviceName: "lamp-1" },
    });
  });

  test("reads a Wi-Fi code", () => {
    const code = readCode(formatWifiQr({ ssid: encodeUtf8("Home"), security: "open" }).reveal());
    expect(code.kind === "network" && decodeUtf8(code.network.ssid)).toBe("Home");
  });

  test.each([
    ["a web address", "https://example.com", "LABEL_INVALID"],
    ["nothing", "", "LABEL_INVALID"],
    ["a label that was cut off", label.slice(0, -1), "LABEL_TYPO"],
    ["a label with another character", label.replace("lamp-1?", "lamp-7?"), "LABEL_TYPO"],
    ["a Wi-Fi code that was cut off", "WIFI:T:WPA;S:Home;P:abcd1234", "LABEL_INVALID"],
    ["a Wi-Fi code with a short passphrase", "WIFI:T:WPA;S:Home;P:short;;", "PASSPHRASE_LENGTH"],
  ])("refuses %s", (_name, text, code) => {
    expect(() => readCode(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe("scanCode()", () => {
  test("gives nothing when the person goes back without a code", async () => {
    const text = await scanCode({ scanCode: ({ fail }) => fail({ errMsg: "scanCode:fail cancel" }) });
    expect(text).toBeUndefined();
  });

  test("fails where the camera is not allowed, and keeps what WeChat says", async () => {
    const errMsg = "scanCode:fail auth deny";
    await expect(scanCode({ scanCode: ({ fail }) => fail({ errMsg }) })).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
      cause: errMsg,
    });
  });
});
