import { encodeUtf8, Secret } from "@softap/protocol";
import { describe, expect, test } from "vitest";
import { dnsmasqArguments } from "../src/linux/dhcp-server.ts";
import { isOurChild } from "../src/linux/leftovers.ts";
import { parseControlEvent } from "../src/linux/wpa/control-events.ts";
import { formatHostapdConfig } from "../src/linux/wpa/hostapd-config.ts";
import { formatNetworkBlock, joinConfig, splitConfig, wifiPsk } from "../src/linux/wpa/network-block.ts";
import { JoinEvidence } from "../src/linux/wpa/reasons.ts";
import { parseEscapedSsid, parseScanResults, securityOfFlags } from "../src/linux/wpa/scan-results.ts";
import { parseFields } from "../src/linux/wpa/supplicant.ts";

const home = encodeUtf8("Home-WiFi");

describe("parseControlEvent()", () => {
  test.each([
    ["<3>CTRL-EVENT-SCAN-RESULTS ", { type: "scanned" }],
    ["> <3>CTRL-EVENT-SCAN-FAILED ret=-16", { type: "scanFailed" }],
    [
      "<3>CTRL-EVENT-CONNECTED - Connection to 02:00:00:00:00:00 completed [id=0 id_str=softap]",
      { type: "connected", bssid: "02:00:00:00:00:00" },
    ],
    [
      "wlan1: CTRL-EVENT-DISCONNECTED bssid=02:00:00:00:00:00 reason=15",
      { type: "disconnected", reason: 15, isOurDoing: false },
    ],
    [
      "<3>CTRL-EVENT-DISCONNECTED bssid=02:00:00:00:00:00 reason=3 locally_generated=1",
      { type: "disconnected", reason: 3, isOurDoing: true },
    ],
    ["<3>WPA: 4-Way Handshake failed - pre-shared key may be incorrect", { type: "handshakeFailed" }],
    [
      '<3>CTRL-EVENT-SSID-TEMP-DISABLED id=0 ssid="Home-WiFi" auth_failures=1 duration=10 reason=WRONG_KEY',
      { type: "disabled", reason: "WRONG_KEY" },
    ],
    [
      "<3>CTRL-EVENT-ASSOC-REJECT bssid=02:00:00:00:00:00 status_code=17",
      { type: "associationRefused", status: 17 },
    ],
    [
      "<3>CTRL-EVENT-AUTH-REJECT 02:00:00:00:00:00 auth_type=3 auth_transaction=2 status_code=15",
      { type: "authenticationRefused", status: 15, isSaeConfirm: true },
    ],
    [
      "<3>CTRL-EVENT-AUTH-REJECT 02:00:00:00:00:00 auth_type=0 auth_transaction=2 status_code=1",
      { type: "authenticationRefused", status: 1, isSaeConfirm: false },
    ],
    ["<3>CTRL-EVENT-NETWORK-NOT-FOUND ", { type: "notFound" }],
    ["<3>CTRL-EVENT-TERMINATING ", { type: "terminating" }],
  ])("%j", (line, event) => {
    expect(parseControlEvent(line)).toEqual(event);
  });

  test.each([
    "",
    "> ",
    "OK",
    "<3>CTRL-EVENT-BSS-ADDED 0 02:00:00:00:00:00",
    "<3>Trying to associate with Home",
  ])("%j decides nothing", (line) => {
    expect(parseControlEvent(line)).toBeUndefined();
  });
});

describe("JoinEvidence", () => {
  const evidence = (rssiDbm = -50) => new JoinEvidence({ rssiDbm, hasPassphrase: true });
  const refused = { type: "associationRefused", status: 17 } as const;

  test("a wrong WPA2 or WPA3 passphrase is final at once", () => {
    const wrong = [
      { type: "handshakeFailed" },
      { type: "disabled", reason: "WRONG_KEY" },
      { type: "authenticationRefused", status: 15, isSaeConfirm: false },
      { type: "authenticationRefused", status: 1, isSaeConfirm: true },
    ] as const;
    for (const event of wrong) expect(evidence().take(event)?.code).toBe("WIFI_AUTH_FAILED");
  });

  test("one refusal may be load, the second one counts", () => {
    const twice = evidence();
    expect(twice.take(refused)).toBeUndefined();
    expect(twice.take(refused)?.code).toBe("WIFI_REFUSED");
  });

  test("a supplicant that ends is WIFI_SUPPLICANT_GONE, with the event as its cause", () => {
    const error = evidence().take({ type: "terminating" });
    expect(error?.code).toBe("WIFI_SUPPLICANT_GONE");
    expect(String(error?.cause)).toContain("terminating");
  });

  test("when the time is up it matters how far the attempt came", () => {
    expect(evidence().timeIsUp().code).toBe("WIFI_JOIN_TIMEOUT");
    expect(evidence(-90).timeIsUp().code).toBe("WIFI_TOO_WEAK");
    const once = evidence();
    once.take(refused);
    expect(once.timeIsUp().code).toBe("WIFI_REFUSED");
    const connected = evidence();
    connected.take({ type: "connected", bssid: "" });
    expect(connected.isConnected).toBe(true);
    expect(connected.timeIsUp().code).toBe("WIFI_NO_ADDRESS");
    connected.take({ type: "disconnected", reason: 4, isOurDoing: false });
    expect(connected.timeIsUp().code).toBe("WIFI_JOIN_TIMEOUT");
  });
});

test("parseScanResults() reads a recorded reply, strongest first", () => {
  const text = [
    "bssid / frequency / signal level / flags / ssid",
    "02:00:00:00:00:00\t2412\t-60\t[WPA2-PSK-CCMP][ESS]\tHome-WiFi",
    '02:00:00:00:00:01\t5180\t-40\t[WPA2-PSK+SAE-CCMP][ESS]\t\\xf0\\x9f\\x8f\\xa0 a\\\\b\\"c',
    "02:00:00:00:00:02\t2462\t-70\t[ESS]\t",
    "garbage",
    "",
  ].join("\n");
  expect(parseScanResults(text)).toEqual([
    {
      ssid: encodeUtf8('🏠 a\\b"c'),
      bssid: "02:00:00:00:00:01",
      rssiDbm: -40,
      channel: 36,
      band: "5GHz",
      security: "wpa2-wpa3",
    },
    {
      ssid: home,
      bssid: "02:00:00:00:00:00",
      rssiDbm: -60,
      channel: 1,
      band: "2.4GHz",
      security: "wpa2-psk",
    },
    {
      ssid: new Uint8Array(),
      bssid: "02:00:00:00:00:02",
      rssiDbm: -70,
      channel: 11,
      band: "2.4GHz",
      security: "open",
    },
  ]);
});

test.each([
  ["[WPA2-SAE-CCMP][ESS]", "wpa3-sae"],
  ["[WPA-PSK-TKIP][WPA2-PSK-CCMP][ESS]", "wpa2-psk"],
  ["[WPA2-EAP-CCMP][ESS]", "enterprise"],
  ["[WEP][ESS]", "wep"],
])("securityOfFlags(%j) is %s", (flags, security) => {
  expect(securityOfFlags(flags)).toBe(security);
});

test("parseEscapedSsid() takes every escape of the supplicant, and a hidden name as none", () => {
  expect(parseEscapedSsid('\\xff\\n\\r\\t\\e\\\\\\"z')).toEqual(
    Uint8Array.of(255, 10, 13, 9, 27, 92, 34, 122),
  );
  expect(parseEscapedSsid("\\x00\\x00")).toEqual(new Uint8Array());
});

test("wifiPsk() derives the key of the standard's example, and takes a key as it is", async () => {
  const key = await wifiPsk(encodeUtf8("IEEE"), Secret.of("password"));
  expect(key.reveal()).toBe("f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e");
  expect((await wifiPsk(home, key)).reveal()).toBe(key.reveal());
});

describe("configuration of wpa_supplicant", () => {
  test("a passphrase with quotes and line breaks stays one value", async () => {
    const passphrase = Secret.of('a"b\n}\nnetwork={\n');
    const block = (await formatNetworkBlock({ ssid: home, passphrase }, "wpa2-wpa3")).reveal();
    expect(block.match(/network=/g)).toHaveLength(1);
    expect(block).toContain('sae_password=P"\\x61\\x22\\x62\\x0a\\x7d\\x0a');
    expect(block).toContain("ssid=486f6d652d57694669\n");
    expect(block).toContain("key_mgmt=WPA-PSK WPA-PSK-SHA256 SAE\n");
  });

  test("an open network, and a WPA3 one, say so", async () => {
    const open = await formatNetworkBlock({ ssid: home, passphrase: undefined }, "open");
    expect(open.reveal()).toContain("key_mgmt=NONE\n");
    const sae = await formatNetworkBlock({ ssid: home, passphrase: Secret.of("abcd1234") }, "wpa3-sae");
    expect(sae.reveal()).toContain("ieee80211w=2\n");
    expect(sae.reveal()).not.toContain("psk=");
  });

  test("our block is found among those of others, replaced and removed; the rest stays byte by byte", async () => {
    const others = 'country=DE\n# note\nnetwork={\n\tssid="theirs"\n\tpsk="xxxxxxxx"\n}\n';
    const first = await formatNetworkBlock({ ssid: home, passphrase: undefined }, "open");
    const second = await formatNetworkBlock({ ssid: encodeUtf8("Other"), passphrase: undefined }, "open");
    const file = joinConfig(Secret.of(others), first);
    expect(splitConfig(file).own?.ssid).toEqual(home);
    const replaced = joinConfig(splitConfig(file).others, second);
    expect(splitConfig(replaced).own?.ssid).toEqual(encodeUtf8("Other"));
    expect(joinConfig(splitConfig(replaced).others, undefined).reveal()).toBe(others);
  });

  test("a file without a block of ours, or without an end of line, is no trouble", async () => {
    expect(splitConfig(Secret.of("")).own).toBeUndefined();
    const block = await formatNetworkBlock({ ssid: home, passphrase: undefined }, "open");
    expect(joinConfig(Secret.of("country=DE"), block).reveal()).toMatch(/^country=DE\nnetwork=\{\n/);
  });
});

test("formatHostapdConfig() writes names and keys as hex digits only", async () => {
  const softAp = { ssid: encodeUtf8("a\nb"), passphrase: Secret.of("12345678") };
  const text = (await formatHostapdConfig({ interfaceName: "wlan0", softAp, channel: 6 })).reveal();
  expect(text).toContain("ssid2=610a62\n");
  expect(text).toMatch(/^wpa_psk=[0-9a-f]{64}$/m);
  expect(text).not.toContain("12345678");
  const open = await formatHostapdConfig({
    interfaceName: "wlan0",
    softAp: { ...softAp, passphrase: undefined },
    channel: 36,
  });
  expect(open.reveal()).toContain("hw_mode=a\n");
  expect(open.reveal()).not.toContain("wpa=");
});

test.each([
  ["192.168.4.1", "192.168.4.2,192.168.4.254"],
  ["10.0.0.254", "10.0.0.1,10.0.0.253"],
])("dnsmasqArguments() for %s gives %s away", (address, range) => {
  const plan = { interfaceName: "wlan0ap", stationInterface: "wlan0", address, softAp: {} };
  const args = dnsmasqArguments(plan);
  expect(args.join(" ")).toContain(`--dhcp-range=${range},255.255.255.0`);
  expect(args.join(" ")).not.toContain("dhcp-option");
  expect(isOurChild(args, "/run/softap-wlan0", "wlan0")).toBe(true);
});

test("isOurChild() knows what a killed run left, and nothing else", () => {
  const folder = "/run/softap-wlan0";
  expect(isOurChild(["/usr/sbin/hostapd", `${folder}/hostapd.conf`], folder, "wlan0")).toBe(true);
  expect(isOurChild(["/sbin/udhcpc", "-f", "-R", "-i", "wlan0"], folder, "wlan0")).toBe(true);
  expect(isOurChild(["/sbin/udhcpc", "-f", "-R", "-i", "eth0"], folder, "wlan0")).toBe(false);
  expect(isOurChild(["/usr/sbin/hostapd", "/run/softap-wlan01/x"], folder, "wlan0")).toBe(false);
  expect(isOurChild([""], folder, "wlan0")).toBe(false);
});

test("parseFields() reads the lines of a status", () => {
  expect(parseFields("wpa_state=COMPLETED\nssid=a=b\n\nnoise")).toEqual(
    new Map([
      ["wpa_state", "COMPLETED"],
      ["ssid", "a=b"],
    ]),
  );
});
