import { describe, expect, test } from "vitest";
import { Secret, softApError } from "@softap/protocol";
import { loginOf } from "../src/account/sign-in-model.ts";
import { networkDoubts } from "../src/add/network-form.ts";
import { failureOf } from "../src/failure-view.ts";
import { languageOf } from "../src/language.ts";
import { en } from "../src/texts/en.ts";
import { zh } from "../src/texts/zh.ts";

/** `path: {placeholders}` of every text. */
function shape(value: unknown, path = ""): string[] {
  if (typeof value === "string") return [`${path}: ${(value.match(/\{\w+\}/g) ?? []).join(" ")}`];
  return Object.entries(value ?? {}).flatMap(([name, inner]) => shape(inner, `${path}/${name}`));
}

describe("texts", () => {
  test("exist in both languages with the same places to fill in, and none is empty", () => {
    expect(shape(zh)).toEqual(shape(en));
    expect(JSON.stringify([en, zh])).not.toContain('""');
  });
});

describe("languageOf()", () => {
  test.each([
    ["zh_CN", "zh"],
    ["zh_TW", "zh"],
    ["en", "en"],
    ["ja", "en"],
  ])("takes %s as %s", (language, expected) => {
    expect(languageOf({ getAppBaseInfo: () => ({ language }) })).toBe(expected);
    expect(languageOf({ getSystemInfoSync: () => ({ platform: "ios", language }) })).toBe(expected);
  });

  test("is English where the phone does not tell", () => {
    expect(languageOf({})).toBe("en");
  });
});

describe("failureOf()", () => {
  test("has other words where the phone itself failed", () => {
    const unreachable = softApError("CONNECTION_REFUSED", "no");
    expect(failureOf(unreachable, "en", "askCloud")).toMatchObject({
      number: "SA3105",
      text: "The cloud cannot be reached",
    });
    expect(failureOf(unreachable, "en").text).not.toContain("cloud");
    const refused = softApError("WIFI_AUTH_FAILED", "no");
    expect(failureOf(refused, "zh", "joinSoftAp").text).toBe("设备热点的密码不正确");
    expect(failureOf(softApError("WIFI_BLOCKED", "no"), "en", "joinSoftAp").action).toBe(
      "Try again, or join by hand.",
    );
  });

  test("keeps what the cloud answered, and takes anything thrown", () => {
    expect(failureOf(softApError("APP_LOGIN_FAILED", "no"), "en", "askCloud").text).toContain(
      "password is wrong",
    );
    expect(failureOf(new TypeError("x"), "en", "joinSoftAp").code).toBe("INTERNAL");
  });
});

describe("loginOf()", () => {
  const password = Secret.of("x");
  test.each([
    ["ann@example.com", { email: "ann@example.com", password }],
    ["138 0013 8000", { phoneNumber: "13800138000", password }],
    ["+44 20 7946 0018", { countryCode: "44", phoneNumber: "2079460018", password }],
    ["ann", undefined],
    ["a b@example.com", undefined],
    ["+447946", undefined],
    ["", undefined],
  ])("reads %j", (name, expected) => {
    expect(loginOf(name, password)).toEqual(expected);
  });
});

describe("networkDoubts()", () => {
  const passphrase = Secret.of("abcd1234");
  const doubts = (ssid: string): readonly string[] =>
    networkDoubts({ ssid, passphrase }, "softap-lamp", en.add.wifi);
  test.each(["Home-5G", "Home_5GHz", "5g home", "Home 5 GHz"])("takes %s for a 5 GHz network", (ssid) => {
    expect(doubts(ssid)).toEqual([en.add.wifi.looksLike5Ghz]);
  });

  test.each(["Home", "Room15Garden", "5Guys", "House 25g", ""])("has no doubt about %j", (ssid) => {
    expect(doubts(ssid)).toEqual([]);
  });

  test("asks about spaces, an open network, and the soft AP itself", () => {
    expect(doubts(" Home")).toEqual([en.add.wifi.spaces]);
    expect(doubts("softap-lamp")).toEqual([en.add.wifi.sameAsSoftAp]);
    expect(networkDoubts({ ssid: "Home", passphrase: Secret.of("") }, "x", en.add.wifi)).toEqual([
      en.add.wifi.open,
    ]);
  });
});
