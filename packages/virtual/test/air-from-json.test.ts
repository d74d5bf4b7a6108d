import { isSoftApError, type SoftApError } from "@softap/protocol";
import { airFromJson, defaultAirPlan } from "@softap/virtual";
import { describe, expect, test } from "vitest";

const full = {
  softApWhileStation: false,
  bands: ["2.4GHz", "5GHz"],
  sae: false,
  routers: [
    {
      ssid: "Home-WiFi",
      passphrase: "abcd1234",
      security: "wpa2-psk",
      band: "5GHz",
      channel: 36,
      rssiDbm: -48,
      dhcp: "silent",
      dhcpMs: 10,
      joinMs: 400,
      hidden: true,
      refusing: true,
      internet: false,
    },
    { ssid: "café" },
  ],
};

function errorOf(text: string): SoftApError {
  try {
    airFromJson(text);
  } catch (error) {
    if (isSoftApError(error)) return error;
  }
  return expect.fail(`accepted: ${text}`);
}

describe("airFromJson()", () => {
  test("reads every field", () => {
    const plan = airFromJson(JSON.stringify(full));
    expect(plan.capabilities).toEqual({ softApWhileStation: false, bands: ["2.4GHz", "5GHz"], sae: false });
    const [router, open] = plan.routers;
    expect(router?.passphrase?.reveal()).toBe("abcd1234");
    expect({ ...router, passphrase: undefined }).toEqual({
      ssid: "Home-WiFi",
      passphrase: undefined,
      security: "wpa2-psk",
      band: "5GHz",
      channel: 36,
      rssiDbm: -48,
      dhcp: "silent",
      dhcpMs: 10,
      joinMs: 400,
      isHidden: true,
      isRefusing: true,
      hasInternet: false,
    });
    expect(open).toMatchObject({ ssid: "café", security: "open", passphrase: undefined, channel: 6 });
  });

  test("an empty object is the default air", () => {
    expect(airFromJson("{}")).toEqual(defaultAirPlan);
    expect(defaultAirPlan.routers).toMatchObject([{ ssid: "Home-WiFi" }]);
    expect(defaultAirPlan.routers[0]?.passphrase?.reveal()).toBe("abcd1234");
  });

  const router = (fields: object) => JSON.stringify({ routers: [{ ssid: "a" }, { ssid: "b", ...fields }] });
  test.each([
    ["[]", "The air file"],
    ["null", "The air file"],
    ['{ "softApWhileStation": 1 }', "softApWhileStation"],
    ['{ "bands": "5GHz" }', "bands"],
    ['{ "bands": ["5GHz", "60GHz"] }', "bands[1]"],
    ['{ "router": [] }', "router"],
    ['{ "routers": {} }', "routers"],
    ['{ "routers": ["Home"] }', "routers[0]"],
    ['{ "routers": [{}] }', "routers[0].ssid"],
    [router({ ssid: "" }), "routers[1].ssid"],
    [router({ ssid: "你".repeat(11) }), "routers[1].ssid"],
    [router({ passphrase: "canary7" }), "routers[1].passphrase"],
    [router({ passphrase: "" }), "routers[1].passphrase"],
    [router({ passphrase: "canary".repeat(11) }), "routers[1].passphrase"],
    [router({ passphrase: 12_345_678 }), "routers[1].passphrase"],
    [router({ security: "wpa2-psk" }), "routers[1].passphrase"],
    [router({ security: "open", passphrase: "canary-1234" }), "routers[1].passphrase"],
    [router({ security: "wpa9" }), "routers[1].security"],
    [router({ band: "5 GHz" }), "routers[1].band"],
    [router({ channel: 15 }), "routers[1].channel"],
    [router({ channel: 1.5 }), "routers[1].channel"],
    [router({ rssiDbm: 3 }), "routers[1].rssiDbm"],
    [router({ dhcp: "maybe" }), "routers[1].dhcp"],
    [router({ joinMs: -1 }), "routers[1].joinMs"],
    [router({ hidden: "yes" }), "routers[1].hidden"],
    [router({ pass: "canary-1234" }), "routers[1].pass"],
  ])("%s names %s", (text, field) => {
    const error = errorOf(text);
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.context).toEqual({ field });
    expect(error.message).toContain(field);
    expect(error.message).not.toContain("canary");
  });

  test("text that is no JSON is refused without quoting it", () => {
    const error = errorOf('{ "routers": [{ "passphrase": "canary-1234" ');
    expect(error.code).toBe("CONFIG_INVALID");
    expect(`${error.message} ${String(error.cause)}`).not.toContain("canary");
  });
});
