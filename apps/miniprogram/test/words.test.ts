import { describe, expect, test } from "vitest";
import { Secret, softApError } from "@softap/protocol";
import { loginOf } from "../src/account/sign-in-model.ts";
import { networkDoubts, type NetworkInDoubt } from "../src/add/network-doubts.ts";
import { seenNetworkOf } from "../src/add/seen-network.ts";
import { failureOf } from "../src/failure-view.ts";
import { phoneLanguage } from "../src/language.ts";
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

describe("phoneLanguage()", () => {
  test.each([
    ["zh_CN", "zh"],
    ["zh_TW", "zh"],
    ["en", "en"],
    ["ja", "en"],
  ])("takes %s as %s", (language, expected) => {
    expect(phoneLanguage({ getAppBaseInfo: () => ({ language }) })).toBe(expected);
    expect(phoneLanguage({ getSystemInfoSync: () => ({ platform: "ios", language }) })).toBe(expected);
  });

  test("is English where the phone does not tell", () => {
    expect(phoneLanguage({})).toBe("en");
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
      "Try again, or join by hand",
    );
  });

  test("says what stood in the way last where that is not known from the failure", () => {
    const unknown = softApError("VERDICT_UNKNOWN", "no", { cause: softApError("UNREACHABLE", "no") });
    expect(failureOf(unknown, "en").because).toBe(
      "What stood in the way last: The other side cannot be reached",
    );
    expect(failureOf(softApError("WIFI_AUTH_FAILED", "no"), "zh").because).toBe("");
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
  const doubts = (ssid: string, more: Partial<NetworkInDoubt> = {}): readonly string[] =>
    networkDoubts(
      { ssid, isOpen: false, security: undefined, seen: [], softApSsid: "softap-lamp", ...more },
      "en",
    ).map(({ text }) => text);
  const seen = [
    seenNetworkOf({ SSID: "Home", secure: true, signalStrength: 90, frequency: 2_437 }),
    seenNetworkOf({ SSID: "Fast", secure: true, signalStrength: 90, frequency: 5_180 }),
    seenNetworkOf({ SSID: "Cafe", secure: false, signalStrength: 90, frequency: 2_412 }),
    seenNetworkOf({ SSID: "Shed", secure: true, signalStrength: 20, frequency: 2_412 }),
    seenNetworkOf({ SSID: "Lab-5G", secure: true, signalStrength: 90, frequency: 2_462 }),
  ];

  test.each(["Home-5G", "Home_5GHz", "5g home", "Home 5 GHz"])(
    "takes %s for a 5 GHz network where nothing was heard",
    (ssid) => {
      expect(doubts(ssid)).toEqual([en.add.wifi.looksLike5Ghz]);
    },
  );

  test.each(["Home", "Room15Garden", "5Guys", "House 25g", ""])("has no doubt about %j", (ssid) => {
    expect(doubts(ssid)).toEqual([]);
  });

  test.each([
    ["Home", []],
    ["Fast", [/5 GHz/]],
    ["Cafe", [/no passphrase/]],
    ["Shed", [/weak/]],
    ["Other", [/does not see/]],
    ["Home ", [/space/, /does not see/]],
    // A scan knows better than the name.
    ["Lab-5G", []],
    // Who types the beginning of a name is not done yet.
    ["Ho", []],
  ])("says of %j what a scan tells", (ssid, patterns) => {
    const told = doubts(ssid, { seen });
    expect(told).toHaveLength(patterns.length);
    patterns.forEach((pattern, index) => expect(told[index]).toMatch(pattern));
  });

  test("believes a code that tells more than the phone does", () => {
    const [first] = networkDoubts(
      { ssid: "Home", isOpen: true, security: "enterprise", seen, softApSsid: "x" },
      "zh",
    );
    expect(first).toMatchObject({ isBlocking: true, text: expect.stringContaining("企业网络") });
    expect(doubts("Home", { seen, isOpen: true, security: "enterprise" })).toHaveLength(1);
  });

  test("asks about a missing passphrase once, and about the soft AP itself", () => {
    expect(doubts("softap-lamp")).toEqual([en.add.wifi.sameAsSoftAp]);
    expect(doubts("Home", { isOpen: true })).toEqual([en.add.wifi.open]);
    expect(doubts("Cafe", { seen, isOpen: true })).toEqual([expect.stringContaining("no passphrase")]);
  });
});

describe("seenNetworkOf()", () => {
  test.each([
    [2_412, "2.4GHz", 1],
    [2_484, "2.4GHz", 14],
    [5_180, "5GHz", 36],
    [5_955, "6GHz", 1],
  ])("knows %i MHz", (frequency, band, channel) => {
    expect(seenNetworkOf({ SSID: "x", frequency })).toMatchObject({ band, channel });
  });

  test("takes what an old library does not tell for harmless", () => {
    expect(seenNetworkOf({ SSID: "x" })).toMatchObject({
      band: "2.4GHz",
      security: "wpa2-psk",
      rssiDbm: -55,
    });
  });
});
