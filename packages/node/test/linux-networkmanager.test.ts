import { encodeUtf8, Secret } from "@softap/protocol";
import { describe, expect, test } from "vitest";
import { DBusError } from "../src/linux/dbus/bus.ts";
import { type DBusValue, Variant } from "../src/linux/dbus/value.ts";
import { DBusWriter } from "../src/linux/dbus/writer.ts";
import { rssiOfStrength, securityOf, seenNetwork } from "../src/linux/networkmanager/access-point.ts";
import { DeviceState } from "../src/linux/networkmanager/names.ts";
import { type Profile, softApProfile, stationProfile } from "../src/linux/networkmanager/profile.ts";
import {
  type JoinEvidence,
  joinFailureCode,
  networkManagerError,
  NetworkManagerReason,
} from "../src/linux/networkmanager/reasons.ts";

const home = encodeUtf8("Home-WiFi");

describe("joinFailureCode()", () => {
  const nothing: JoinEvidence = {
    state: DeviceState.config,
    reason: 0,
    hasPassphrase: true,
    hasSae: false,
    handshakeFailures: 0,
    authStatus: 0,
    assocStatus: 0,
    hasHeardSupplicant: false,
    rssiDbm: -50,
  };

  test.each([
    ["NetworkManager asks for another passphrase", { reason: 7 }, "WIFI_AUTH_FAILED"],
    ["the 4-way handshake broke off", { reason: 8, handshakeFailures: 1 }, "WIFI_AUTH_FAILED"],
    ["WPA3 confirmation did not fit", { reason: undefined, authStatus: 15 }, "WIFI_AUTH_FAILED"],
    [
      "a handshake broke off, then the time was up",
      { reason: undefined, handshakeFailures: 1 },
      "WIFI_AUTH_FAILED",
    ],
    [
      "another one, though no handshake was heard",
      { reason: 7, hasHeardSupplicant: true },
      "WIFI_JOIN_TIMEOUT",
    ],
    [
      "WPA3 was refused without a reason",
      { reason: undefined, authStatus: 1, hasSae: true },
      "WIFI_AUTH_FAILED",
    ],
    ["the router is full", { reason: 7, assocStatus: 17 }, "WIFI_REFUSED"],
    ["the router does not let this address in", { reason: 7, authStatus: 1 }, "WIFI_REFUSED"],
    ["the router hung up on an open network", { reason: 8, hasPassphrase: false }, "WIFI_REFUSED"],
    ["nobody of this name answers", { reason: 53 }, "WIFI_NOT_FOUND"],
    ["no address in time, by NetworkManager", { reason: 5, state: DeviceState.ipConfig }, "WIFI_NO_ADDRESS"],
    ["no address in time, by us", { reason: undefined, state: DeviceState.ipConfig }, "WIFI_NO_ADDRESS"],
    ["no association in time", { reason: undefined }, "WIFI_JOIN_TIMEOUT"],
    ["no association in time, far away", { reason: undefined, rssiDbm: -88 }, "WIFI_TOO_WEAK"],
    ["a new passphrase wanted, far away", { reason: 7, rssiDbm: -88 }, "WIFI_TOO_WEAK"],
    ["the supplicant ended", { reason: 10 }, "WIFI_SUPPLICANT_GONE"],
    ["the interface was pulled out", { reason: 36 }, "WIFI_INTERFACE_MISSING"],
    ["somebody took the interface away", { reason: 76 }, "WIFI_UNMANAGED"],
    ["a reason that nobody knows", { reason: 999 }, "WIFI_REFUSED"],
  ] satisfies [string, Partial<JoinEvidence>, string][])("%s", (_story, evidence, code) => {
    expect(joinFailureCode({ ...nothing, ...evidence })).toBe(code);
  });
});

test("NetworkManagerReason names the number", () => {
  expect(new NetworkManagerReason(53).message).toBe("NetworkManager: SSID_NOT_FOUND (53)");
});

test.each([
  ["org.freedesktop.DBus.Error.ServiceUnknown", "WIFI_SUPPLICANT_GONE"],
  ["org.freedesktop.NetworkManager.PermissionDenied", "PERMISSION_DENIED"],
  ["org.freedesktop.NetworkManager.UnknownDevice", "WIFI_INTERFACE_MISSING"],
  ["com.example.Other", "INTERNAL"],
])("networkManagerError() turns %s into %s and keeps it as the cause", (name, code) => {
  const original = new DBusError(name, "text");
  expect(networkManagerError(original, "It failed")).toMatchObject({ code, cause: original });
});

test("seenNetwork() reads what NetworkManager tells of an access point", () => {
  const properties = new Map<string, DBusValue>([
    ["Ssid", home],
    ["HwAddress", "02:00:00:00:00:AA"],
    ["Frequency", 2412],
    ["Strength", 100],
    ["Flags", 1],
    ["WpaFlags", 0],
    ["RsnFlags", 0x188],
  ]);
  expect(seenNetwork(properties)).toEqual({
    ssid: home,
    bssid: "02:00:00:00:00:aa",
    rssiDbm: -40,
    channel: 1,
    band: "2.4GHz",
    security: "wpa2-psk",
  });
});

test.each([
  [{ flags: 0, wpa: 0, rsn: 0 }, "open"],
  [{ flags: 1, wpa: 0, rsn: 0 }, "wep"],
  [{ flags: 1, wpa: 0x108, rsn: 0 }, "wpa2-psk"],
  [{ flags: 1, wpa: 0, rsn: 0x488 }, "wpa3-sae"],
  [{ flags: 1, wpa: 0, rsn: 0x588 }, "wpa2-wpa3"],
  [{ flags: 1, wpa: 0, rsn: 0x288 }, "enterprise"],
])("securityOf(%o) is %s", (announced, security) => {
  expect(securityOf(announced)).toBe(security);
});

test("rssiOfStrength() undoes NetworkManager's percentage", () => {
  expect([100, 65, 30].map(rssiOfStrength)).toEqual([-40, -65, -90]);
});

function valueOf(profile: Profile, setting: string, key: string): DBusValue | undefined {
  const value = profile.get(setting)?.get(key);
  return value instanceof Variant ? value.value : undefined;
}

describe("profiles", () => {
  const common = { uuid: "u", interfaceName: "wlan0", security: "wpa2-psk", generation: undefined } as const;
  const network = { ssid: home, passphrase: Secret.of("abcd1234"), bssid: "02:00:00:00:00:aa" };

  test("a network that is only tried does not connect by itself; a kept one does, and has its number", () => {
    const tried = stationProfile({ ...common, network });
    expect(valueOf(tried, "connection", "autoconnect")).toBe(false);
    expect(valueOf(tried, "user", "data")).toEqual(new Map([["softap.role", "station"]]));
    const kept = stationProfile({ ...common, network, generation: 3 });
    expect(valueOf(kept, "connection", "autoconnect")).toBe(true);
    expect(valueOf(kept, "user", "data")).toEqual(
      new Map([
        ["softap.role", "station"],
        ["softap.generation", "3"],
      ]),
    );
  });

  test("the key management follows what the network announces", () => {
    const management = (security: "wpa2-psk" | "wpa2-wpa3" | "wpa3-sae") =>
      valueOf(stationProfile({ ...common, network, security }), "802-11-wireless-security", "key-mgmt");
    expect(["wpa2-psk", "wpa2-wpa3", "wpa3-sae"].map((one) => management(one as "wpa2-psk"))).toEqual([
      "wpa-psk",
      "wpa-psk",
      "sae",
    ]);
    const open = stationProfile({
      ...common,
      security: "open",
      network: { ssid: home, passphrase: undefined },
    });
    expect(open.has("802-11-wireless-security")).toBe(false);
  });

  const softAp = { ssid: home, passphrase: Secret.of("12345678") };
  const plan = { uuid: "u", interfaceName: "wlan0", softAp, channel: 36, address: "192.168.4.1" } as const;

  test("the soft AP has its own address and never connects by itself", () => {
    const profile = softApProfile({ ...plan, addressesBy: "us" });
    expect(valueOf(profile, "802-11-wireless", "band")).toBe("a");
    expect(valueOf(profile, "ipv4", "method")).toBe("manual");
    expect(valueOf(profile, "connection", "autoconnect")).toBe(false);
  });

  test("the soft AP of a process that may not serve phones leaves that to NetworkManager", () => {
    const profile = softApProfile({ ...plan, addressesBy: "networkManager" });
    expect(valueOf(profile, "ipv4", "method")).toBe("shared");
  });

  test("every profile fits the type that D-Bus wants", () => {
    const station = stationProfile({ ...common, network, generation: 1, dhcpTimeoutS: 20 });
    for (const profile of [station, softApProfile({ ...plan, addressesBy: "us" })]) {
      const writer = new DBusWriter();
      writer.writeAll("a{sa{sv}}", [profile]);
      expect(writer.bytes.length).toBeGreaterThan(100);
    }
  });
});
