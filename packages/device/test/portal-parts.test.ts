import { describe, expect, test } from "vitest";
import type { SeenNetwork } from "@softap/ports";
import { encodeUtf8, errorRegistry, type ErrorCode, formatHex } from "@softap/protocol";
import { portalLimits, Portal } from "@softap/device/portal";
import { readJoinForm } from "../src/portal/join-form.ts";
import { renderNetworks } from "../src/portal/page/networks.ts";
import { renderStatus, type StatusContent } from "../src/portal/page/status.ts";
import { chooseLanguage, pageTexts } from "../src/portal/page/texts.ts";
import { listNetworks } from "../src/portal/seen-networks.ts";

const capabilities = { softApWhileStation: true, bands: ["2.4GHz"], sae: false } as const;
const own = { softApSsid: encodeUtf8("lamp"), capabilities };

function seen(ssid: string, changes: Partial<SeenNetwork> = {}): SeenNetwork {
  return {
    ssid: encodeUtf8(ssid),
    bssid: "02:00:00:00:00:01",
    rssiDbm: -50,
    channel: 6,
    band: "2.4GHz",
    security: "wpa2-psk",
    ...changes,
  };
}

describe("listNetworks()", () => {
  test("shows a name once, with all its bands and the strongest signal that can be joined", () => {
    const [home] = listNetworks(
      [
        seen("Home", { band: "5GHz", rssiDbm: -40 }),
        seen("Home", { rssiDbm: -70 }),
        seen("Home", { rssiDbm: -80 }),
      ],
      own,
    );
    expect(home).toMatchObject({ label: "Home", bands: ["2.4GHz", "5GHz"], bars: 2 });
    expect(home).not.toHaveProperty("obstacle");
  });

  test("leaves out our own soft AP and hidden names", () => {
    expect(listNetworks([seen("lamp"), seen("")], own)).toEqual([]);
  });

  test("names what cannot be joined, last", () => {
    const found = listNetworks(
      [
        seen("5 only", { band: "5GHz", rssiDbm: -30 }),
        seen("work", { security: "enterprise", rssiDbm: -31 }),
        seen("old", { security: "wep", rssiDbm: -32 }),
        seen("new", { security: "wpa3-sae", rssiDbm: -33 }),
        seen("home", { rssiDbm: -80 }),
        seen("mixed", { security: "wpa2-wpa3", rssiDbm: -75 }),
      ],
      own,
    );
    expect(found.map(({ label, obstacle }) => [label, obstacle])).toEqual([
      ["mixed", undefined],
      ["home", undefined],
      ["5 only", "band"],
      ["work", "enterprise"],
      ["old", "wep"],
      ["new", "sae"],
    ]);
  });

  test("keeps the strongest when there are too many", () => {
    const many = Array.from({ length: portalLimits.maxNetworks + 1 }, (_, index) =>
      seen(`n${index}`, { rssiDbm: -90 + index }),
    );
    const listed = listNetworks(many, own);
    expect(listed).toHaveLength(portalLimits.maxNetworks);
    expect(listed.map(({ label }) => label)).not.toContain("n0");
  });
});

describe("readJoinForm()", () => {
  const networks = listNetworks([seen("Home"), seen("Free", { security: "open" })], own);
  const idOf = (ssid: string): string => formatHex(encodeUtf8(ssid));
  const read = (fields: Record<string, string>): ReturnType<typeof readJoinForm> =>
    readJoinForm(new Map(Object.entries(fields)), networks);

  test("takes a listed network, a typed one, and a code however it is written", () => {
    const listed = read({ network: idOf("Home"), passphrase: "abcd1234", code: " ab2-cd3 " }).result;
    if (typeof listed === "string") throw new Error(listed);
    expect(Buffer.from(listed.network.ssid).toString()).toBe("Home");
    expect(listed.network.passphrase?.reveal()).toBe("abcd1234");
    expect(listed.token?.reveal()).toBe("AB2CD3");
    const typed = read({ network: "", ssid: "里屋", passphrase: "" }).result;
    expect(typed).toEqual({ network: { ssid: encodeUtf8("里屋"), passphrase: undefined } });
  });

  test("keeps an SSID that is no text", () => {
    const { result } = read({ network: "ff00fe", passphrase: "abcd1234" });
    if (typeof result === "string") throw new Error(result);
    expect([...result.network.ssid]).toEqual([255, 0, 254]);
  });

  test.each([
    [{}, "ssidMissing", false],
    [{ network: "zz" }, "ssidMissing", false],
    [{ network: "ff".repeat(33) }, "ssidMissing", false],
    [{ ssid: "x".repeat(33) }, "ssidLength", false],
    [{ network: idOf("Home") }, "passphraseMissing", true],
    [{ network: idOf("Home"), passphrase: "1234567" }, "passphraseLength", true],
    [{ network: idOf("Free"), passphrase: "abcd1234" }, "passphraseNotNeeded", true],
    [{ network: idOf("Home"), passphrase: "abcd1234", code: "AB2CD" }, "codeLength", true],
    [{ network: idOf("Home"), passphrase: "abcd1234", code: "AB2C'D" }, "codeLength", true],
  ])("finds %j %s and keeps the name: %s", (fields, problem, hasSsid) => {
    const { ssid, result } = read(fields);
    expect(result).toBe(problem);
    expect(ssid !== undefined).toBe(hasSsid);
  });
});

describe("chooseLanguage()", () => {
  test.each([
    ["", "en"],
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh"],
    ["en-US,en;q=0.9,zh;q=0.8", "en"],
    ["fr, de;q=0.9, zh-TW;q=0.3", "zh"],
    ["en;q=0.2, zh;q=0.7", "zh"],
    ["zh;q=0, en;q=0.1", "en"],
    ["zh;q=x", "en"],
    ["*", "en"],
  ])("reads %j as %s", (header, language) => {
    expect(chooseLanguage(header)).toBe(language);
  });
});

describe("the page", () => {
  const content: StatusContent = {
    view: { stage: "working", phase: "joining", attempt: 1, isNetworkOnly: false },
    networkName: '<img src=x onerror="alert(1)">$&',
    leavesSoftAp: false,
    refusal: undefined,
  };

  test("writes a network's name as text, never as HTML", () => {
    const name = "\"><script>'&";
    const list = renderNetworks(listNetworks([seen(name)], own), undefined, "en");
    expect(list).toContain("&quot;&gt;&lt;script&gt;&#39;&amp;");
    expect(list).not.toContain("<script");
    const typed = renderNetworks([], { id: formatHex(encodeUtf8(name)), text: name }, "en");
    expect(typed).toContain('value="&quot;&gt;&lt;script&gt;&#39;&amp;"');
    const status = renderStatus(content, "en");
    expect(status).not.toContain("<img");
    expect(status).toContain("onerror=&quot;alert(1)&quot;&gt;$&amp;");
  });

  test("has a sentence for every error in both languages", () => {
    // The keys of the registry are the codes.
    for (const code of Object.keys(errorRegistry) as ErrorCode[])
      for (const language of ["en", "zh"] as const) {
        const failure = { code, canRetry: false };
        const view = { stage: "failed", phase: "failed", attempt: 1, isNetworkOnly: false, failure } as const;
        const status = renderStatus({ ...content, view }, language);
        expect(status).toContain(errorRegistry[code].number);
        expect(status).toContain(pageTexts[language].failed);
      }
  });

  test("marks how far the device is, and has no step for a cloud that nobody asked for", () => {
    const stepsOf = (changes: Partial<StatusContent["view"]>): string =>
      [
        ...renderStatus({ ...content, view: { ...content.view, ...changes } }, "en").matchAll(
          /<li( class="(\w+)")?/g,
        ),
      ]
        .map(([, , mark]) => mark ?? "-")
        .join(" ");
    expect(stepsOf({ phase: "received" })).toBe("now - - -");
    expect(stepsOf({ phase: "joining" })).toBe("ok now - -");
    expect(stepsOf({ phase: "reporting" })).toBe("ok ok now -");
    expect(stepsOf({ phase: "joining", isNetworkOnly: true })).toBe("ok now -");
    expect(stepsOf({ phase: "joined", isNetworkOnly: true })).toBe("ok ok now");
  });
});

describe("Portal", () => {
  test.each([{ port: -1 }, { port: 65_536 }, { dnsPort: 1.5 }, { address: "softap.local" }])(
    "refuses %j",
    (options) => {
      expect(() => new Portal(options)).toThrow("(SA");
    },
  );
});
