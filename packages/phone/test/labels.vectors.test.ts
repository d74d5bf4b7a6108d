import fc from "fast-check";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  type DeviceLabel,
  formatDeviceLabel,
  formatWifiQr,
  parseDeviceLabel,
  parseWifiQr,
  type WifiQr,
} from "@softap/phone";
import type { NetworkSecurity } from "@softap/ports";
import { ProtocolError, Secret } from "@softap/protocol";

interface Cases {
  readonly accepted: readonly {
    name: string;
    text: string;
    means: Record<string, unknown>;
    writes: boolean;
  }[];
  readonly refused: readonly { name: string; text: string; code: string }[];
}
const vectors = JSON.parse(
  readFileSync(new URL("../../../spec/vectors/labels.json", import.meta.url), "utf8"),
) as { readonly wifi: Cases; readonly deviceLabel: Cases };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function plainNetwork({ ssid, otherSsid, passphrase, ...rest }: WifiQr): unknown {
  return {
    ssidHex: hex(ssid),
    ...(otherSsid === undefined ? {} : { otherSsidHex: hex(otherSsid) }),
    ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal() }),
    ...rest,
  };
}

function plainLabel({ productId, deviceName, softAp, proof }: DeviceLabel): unknown {
  return {
    productId,
    deviceName,
    ssidHex: hex(softAp.ssid),
    ...(softAp.passphrase === undefined ? {} : { passphrase: softAp.passphrase.reveal() }),
    ...(proof === undefined ? {} : { proof: proof.reveal() }),
  };
}

const kinds = [
  {
    parse: (text: string) => plainNetwork(parseWifiQr(text)),
    write: (text: string) => formatWifiQr(parseWifiQr(text)),
    name: "parseWifiQr",
    cases: vectors.wifi,
  },
  {
    parse: (text: string) => plainLabel(parseDeviceLabel(text)),
    write: (text: string) => formatDeviceLabel(parseDeviceLabel(text)),
    name: "parseDeviceLabel",
    cases: vectors.deviceLabel,
  },
] as const;

/** The error that a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(kinds)("$name()", ({ parse, write, cases }) => {
  test.each(cases.accepted)("reads: $name", ({ text, means }) => {
    expect(parse(text)).toEqual(means);
  });

  test.each(cases.accepted.filter(({ writes }) => writes))(
    "has a writer that gives back: $name",
    ({ text }) => {
      expect(write(text).reveal()).toBe(text);
    },
  );

  test.each(cases.refused)("refuses: $name", ({ text, code }) => {
    const error = thrownBy(() => parse(text));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code });
  });

  test("refuses every proper prefix", () => {
    for (const { text } of cases.accepted) {
      const whole = text.trim();
      for (let length = 0; length < whole.length; length++)
        expect(thrownBy(() => parse(whole.slice(0, length)))).toBeInstanceOf(ProtocolError);
    }
  });

  test("answers any change of one character with a value or a ProtocolError that tells no passphrase", () => {
    let refused = 0;
    for (const { text, means } of cases.accepted)
      for (let at = 0; at < text.length; at++)
        for (const put of ["", "\\", ";", "%", "&", "\ud800", "\0", "é", '"', "0"]) {
          const error = thrownBy(() => parse(text.slice(0, at) + put + text.slice(at + 1)));
          if (error === undefined) continue;
          refused += 1;
          expect(error).toBeInstanceOf(ProtocolError);
          const { passphrase } = means;
          if (typeof passphrase === "string" && passphrase.length > 5)
            expect(inspect(error)).not.toContain(passphrase);
        }
    expect(refused).toBeGreaterThan(100);
  });

  test("refuses a text longer than the largest code, and takes any other text without an error of its own", () => {
    const [first] = cases.accepted;
    expect(thrownBy(() => parse(`${first?.text ?? ""}${"x".repeat(2_954)}`))).toMatchObject({
      code: "LABEL_INVALID",
    });
    const scheme = fc.constantFrom("WIFI:", "softap:OSPB5ASRWT/d?", "");
    fc.assert(
      fc.property(scheme, fc.string({ unit: "binary" }), (begin, end) => {
        const error = thrownBy(() => parse(`${begin}${end};;`));
        expect(error === undefined || error instanceof ProtocolError).toBe(true);
      }),
    );
  });
});

const ssid = fc.uint8Array({ minLength: 1, maxLength: 32 });
const textSsid = fc
  .string({ unit: "binary", minLength: 1, maxLength: 8 })
  .filter((text) => text.isWellFormed())
  .map((text) => new TextEncoder().encode(text));
const passphrase = fc
  .string({ unit: "binary", minLength: 8, maxLength: 15 })
  .filter((text) => text.isWellFormed())
  .map((text) => Secret.of(text));

describe("round trips", () => {
  test("formatWifiQr() and parseWifiQr() keep every network", () => {
    const security = fc.constantFrom<NetworkSecurity>("wpa2-psk", "wpa3-sae", "wep", "enterprise");
    fc.assert(
      fc.property(textSsid, security, passphrase, fc.boolean(), (ssid, security, passphrase, isHidden) => {
        const network = { ssid, security, passphrase, isHidden };
        expect(plainNetwork(parseWifiQr(formatWifiQr(network).reveal()))).toEqual(plainNetwork(network));
      }),
    );
  });

  test("a name that is not UTF-8 comes back as bytes, or as the other reading of its hex digits", () => {
    fc.assert(
      fc.property(ssid, (ssid) => {
        const read = parseWifiQr(formatWifiQr({ ssid, security: "open" }).reveal());
        expect([hex(read.ssid), hex(read.otherSsid ?? Uint8Array.of())]).toContain(hex(ssid));
        expect(read).toMatchObject({ security: "open", isHidden: false });
      }),
    );
  });

  test("formatDeviceLabel() and parseDeviceLabel() keep every label", () => {
    const deviceName = fc.stringMatching(/^[\w.:-]{1,48}$/);
    fc.assert(
      fc.property(
        deviceName,
        ssid,
        fc.option(passphrase),
        fc.option(passphrase),
        (deviceName, ssid, key, proof) => {
          const label: DeviceLabel = {
            productId: "OSPB5ASRWT",
            deviceName,
            softAp: { ssid, ...(key === null ? {} : { passphrase: key }) },
            ...(proof === null ? {} : { proof }),
          };
          expect(plainLabel(parseDeviceLabel(formatDeviceLabel(label).reveal()))).toEqual(plainLabel(label));
        },
      ),
    );
  });

  test("a label with any one character changed, or two neighbours exchanged, is a typing error", () => {
    const label = kinds[1].cases.accepted.find(({ name }) => name === "with passphrase")?.text ?? "";
    const codeOf = (text: string): unknown => thrownBy(() => parseDeviceLabel(text));
    // The scheme says which kind of text it is, so a change there makes it none.
    for (let at = "softap:".length; at < label.length; at++) {
      const [a = "", b = ""] = label.slice(at, at + 2);
      const isCheck = at >= label.length - 4;
      for (const put of ["A", "z", "0", "9", "-"].filter(
        (put) => put !== a && !(isCheck && put.toLowerCase() === a),
      ))
        expect(codeOf(label.slice(0, at) + put + label.slice(at + 1))).toMatchObject({ code: "LABEL_TYPO" });
      if (a !== b && b !== "")
        expect(codeOf(label.slice(0, at) + b + a + label.slice(at + 2))).toMatchObject({
          code: "LABEL_TYPO",
        });
    }
  });
});

describe("writers", () => {
  test.each<[string, () => unknown, string]>([
    [
      "an SSID of 33 bytes",
      () => formatWifiQr({ ssid: new Uint8Array(33), security: "open" }),
      "SSID_LENGTH",
    ],
    [
      "WPA2 without passphrase",
      () => formatWifiQr({ ssid: Uint8Array.of(97), security: "wpa2-psk" }),
      "PASSPHRASE_LENGTH",
    ],
    [
      "a product of another length",
      () => formatDeviceLabel({ productId: "X", deviceName: "d", softAp: { ssid: Uint8Array.of(97) } }),
      "LABEL_INVALID",
    ],
  ])("refuse %s", (_name, call, code) => {
    expect(thrownBy(call)).toMatchObject({ code });
  });

  test("write a mixed network so that every phone can join it, and show no passphrase by accident", () => {
    const code = formatWifiQr({
      ssid: Uint8Array.of(0x7a),
      security: "wpa2-wpa3",
      passphrase: Secret.of("canary-1"),
    });
    expect(code.reveal()).toBe("WIFI:T:WPA;S:z;P:canary-1;;");
    expect(inspect(code)).toBe("[redacted]");
  });
});
