import { describe, expect, test } from "vitest";
import { type NetworkWarningCode } from "@softap/phone";
import { failureText, languageOf, warningText } from "@softap/phone/texts";
import { errorBasics, type ErrorCode, softApError } from "@softap/protocol";

describe("failureText()", () => {
  test("has number, sentence and next action for every code in both languages", () => {
    const codes = Object.keys(errorBasics).filter((code): code is ErrorCode => code in errorBasics);
    expect(codes.length).toBeGreaterThan(80);
    for (const code of codes)
      for (const language of ["en", "zh"] as const) {
        const { number, text, action } = failureText({ code }, language);
        expect(number).toBe(errorBasics[code].number);
        expect(text.length).toBeGreaterThan(2);
        expect(action.length).toBeGreaterThan(2);
      }
  });

  test("says what a person can do about a wrong passphrase", () => {
    const error = softApError("WIFI_AUTH_FAILED", "The device reported an error");
    expect(failureText({ code: error.code, error }, "en")).toEqual({
      number: "SA2101",
      text: "The router refused the Wi-Fi passphrase",
      action: "Type the passphrase again; capital letters count",
    });
    expect(failureText(error, "zh").text).toBe("路由器拒绝了 Wi-Fi 密码");
  });

  test("tells what stood in the way when the verdict is not known", () => {
    const cause = softApError("UNREACHABLE", "The cloud is out of reach");
    const error = softApError("VERDICT_UNKNOWN", "Not known", { cause });
    for (const failure of [error, { code: "VERDICT_UNKNOWN", error } as const])
      expect(failureText(failure, "en")).toMatchObject({ number: "SA6203", because: { number: "SA3104" } });
    const foreign = softApError("VERDICT_UNKNOWN", "Not known", { cause: new Error("canary") });
    expect(failureText(foreign, "en")).not.toHaveProperty("because");
  });
});

describe("warningText()", () => {
  test("says every warning and its action in both languages, each another", () => {
    const codes: Record<NetworkWarningCode, true> = {
      SSID_NOT_UTF8: true,
      SSID_EDGE_SPACE: true,
      NETWORK_HIDDEN: true,
      NETWORK_NOT_SEEN: true,
      BAND_UNSUPPORTED: true,
      SECURITY_ENTERPRISE: true,
      SECURITY_WEP: true,
      SECURITY_WPA3_ONLY: true,
      SECURITY_OPEN: true,
      SIGNAL_WEAK: true,
    };
    const said = Object.keys(codes).flatMap((code) =>
      (["en", "zh"] as const).map((language) => {
        // The keys of a record of codes are codes.
        const { text, action } = warningText({ code: code as NetworkWarningCode }, language);
        const isChinese = /[\u4e00-\u9fff]/.test(text) && /[\u4e00-\u9fff]/.test(action);
        expect({ code, isChinese }).toEqual({ code, isChinese: language === "zh" });
        expect(`${text}|${action}`).not.toMatch(/[.。](\||$)/);
        return text;
      }),
    );
    expect(new Set(said).size).toBe(20);
  });
});

describe("languageOf()", () => {
  test.each([
    ["zh-CN", "zh"],
    ["zh_Hans", "zh"],
    ["ZH", "zh"],
    ["en-US", "en"],
    ["zha", "en"],
    ["", "en"],
  ] as const)("takes %j for %s", (locale, language) => {
    expect(languageOf(locale)).toBe(language);
  });
});
