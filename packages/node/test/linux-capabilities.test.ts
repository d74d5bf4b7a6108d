import { Secret } from "@softap/protocol";
import { describe, expect, test } from "vitest";
import {
  bandOf,
  channelOf,
  frequencyOf,
  type KernelCapabilities,
  parseCapabilities,
  readCapabilities,
  withOneRole,
} from "../src/linux/capabilities.ts";
import { requireFitting, requireJoinable, strongest } from "../src/linux/credentials-check.ts";
import { holdsAll } from "../src/linux/process-rights.ts";
import { parseRoutes, rangeUser, requireFreeRange } from "../src/linux/soft-ap-address.ts";
import { chooseSoftApChannel } from "../src/linux/soft-ap-channel.ts";
import { parseStations } from "../src/linux/station-watch.ts";
import { siblingAddress, softApInterfaceName } from "../src/linux/virtual-interface.ts";

const ciphers = "\tSupported Ciphers:\n\t\t* CCMP-128 (00-0f-ac:4)\n\t\t* CMAC (00-0f-ac:6)\n";
const modes = "\tSupported interface modes:\n\t\t * managed\n\t\t * AP\n";

/** Parts of what `iw phy` 5.19 prints for the radio of the lab (mac80211_hwsim, Linux 6.1, no country set). */
const labRadio = `Wiphy phy1
${ciphers}${modes}	Band 1:
		Frequencies:
			* 2412 MHz [1] (20.0 dBm)
			* 2437 MHz [6] (20.0 dBm)
			* 2462 MHz [11] (20.0 dBm)
			* 2467 MHz [12] (20.0 dBm) (no IR)
			* 2484 MHz [14] (20.0 dBm) (no IR)
	Band 2:
		Frequencies:
			* 5180 MHz [36] (20.0 dBm)
			* 5260 MHz [52] (20.0 dBm) (no IR, radar detection)
			* 5885 MHz [177] (disabled)
	Band 4:
		Frequencies:
			* 5955 MHz [1] (disabled)
	valid interface combinations:
		 * #{ IBSS } <= 1, #{ managed, AP, mesh point, P2P-client, P2P-GO } <= 2048, #{ P2P-device } <= 1,
		   total <= 2050, #channels <= 1, radar detect widths: { 20 MHz (no HT), 20 MHz }

	HT Capability overrides:
	Device supports SAE with AUTHENTICATE command
`;

/** The same for the radio of a Raspberry Pi (brcmfmac): two combinations, the second with an AP. */
const piRadio = `Wiphy phy0
\tSupported Ciphers:\n\t\t* CCMP-128 (00-0f-ac:4)
${modes}	Band 1:
		Frequencies:
			* 2412.0 MHz [1] (20.0 dBm)
	valid interface combinations:
		 * #{ managed } <= 1, #{ P2P-device } <= 1, #{ P2P-client, P2P-GO } <= 1,
		   total <= 3, #channels <= 2
		 * #{ managed } <= 1, #{ AP } <= 1, #{ P2P-client } <= 1, #{ P2P-device } <= 1,
		   total <= 4, #channels <= 1
	Device supports scan flush.
`;

describe("parseCapabilities()", () => {
  test("the lab's radio: both roles on one channel, two bands, SAE, no channel without permission to begin", () => {
    expect(parseCapabilities(labRadio)).toEqual({
      canBeSoftAp: true,
      softApWhileStation: true,
      sharedChannels: 1,
      bands: ["2.4GHz", "5GHz"],
      sae: true,
      softApChannels: [1, 6, 11, 36],
    });
  });

  test("a Raspberry Pi: only the combination with an AP in it counts; no SAE without its cipher", () => {
    expect(parseCapabilities(piRadio)).toEqual({
      canBeSoftAp: true,
      softApWhileStation: true,
      sharedChannels: 1,
      bands: ["2.4GHz"],
      sae: false,
      softApChannels: [1],
    });
  });

  test("a radio with one role at a time, and text that is none", () => {
    const single = "\tinterface combinations are not supported\n";
    expect(parseCapabilities(modes + single)).toMatchObject({ canBeSoftAp: true, softApWhileStation: false });
    const oneOfEach =
      "\tvalid interface combinations:\n\t\t * #{ managed, AP } <= 1,\n\t\t   total <= 1, #channels <= 1\n";
    expect(parseCapabilities(modes + oneOfEach).softApWhileStation).toBe(false);
    expect(parseCapabilities("")).toMatchObject({ canBeSoftAp: false, bands: [], softApChannels: [] });
  });
});

test.each(["nosuch0", "../../etc", "a name", "lo", "x".repeat(16)])(
  "readCapabilities(%j) is WIFI_INTERFACE_MISSING",
  async (name) => {
    const { signal } = new AbortController();
    await expect(readCapabilities(name, { signal })).rejects.toMatchObject({
      code: "WIFI_INTERFACE_MISSING",
    });
  },
);

test.each([
  [2412, 1, "2.4GHz"],
  [2484, 14, "2.4GHz"],
  [5180, 36, "5GHz"],
  [5885, 177, "5GHz"],
  [5955, 1, "6GHz"],
] as const)("%i MHz is channel %i of %s", (mhz, channel, band) => {
  expect([channelOf(mhz), bandOf(mhz)]).toEqual([channel, band]);
  expect(frequencyOf(channel, band)).toBe(mhz);
});

describe("chooseSoftApChannel()", () => {
  const capabilities: KernelCapabilities = parseCapabilities(labRadio);
  const free = { asked: 0, stationChannel: undefined, capabilities, seen: [] };
  const seen = (channel: number, rssiDbm: number) =>
    ({ ssid: new Uint8Array(), bssid: "", band: "2.4GHz", security: "open", channel, rssiDbm }) as const;

  test("the quietest of 1, 6 and 11 is taken, a strong network counting more than two faint ones", () => {
    expect(
      chooseSoftApChannel({ ...free, seen: [seen(1, -30), seen(6, -95), seen(11, -90), seen(11, -90)] }),
    ).toBe(6);
  });

  test("the channel asked for is taken where the country allows it, and refused elsewhere", () => {
    expect(chooseSoftApChannel({ ...free, asked: 11 })).toBe(11);
    for (const asked of [12, 14, 200])
      expect(() => chooseSoftApChannel({ ...free, asked })).toThrow(/channel/);
  });

  test("a joined station decides where both share one channel", () => {
    expect(chooseSoftApChannel({ ...free, asked: 1, stationChannel: 36 })).toBe(36);
    expect(() => chooseSoftApChannel({ ...free, stationChannel: 52 })).toThrow(/channel 52/);
    const single = withOneRole(capabilities);
    expect(chooseSoftApChannel({ ...free, asked: 1, stationChannel: 36, capabilities: single })).toBe(1);
  });
});

test("requireFreeRange() refuses a network that another interface is in, and names it", () => {
  expect(() => requireFreeRange("127.0.0.77", [])).toThrow(
    expect.objectContaining({
      code: "ADDRESS_RANGE_IN_USE",
      context: { interface: "lo", cidr: "127.0.0.1/8" },
    }),
  );
  expect(() => requireFreeRange("127.0.0.77", ["lo"])).not.toThrow();
  expect(() => requireFreeRange("203.0.113.1", [])).not.toThrow();
});

describe("rangeUser()", () => {
  const userOf = (known: { addresses?: string[]; routes?: string[] }): string | undefined => {
    const on = (cidrs: string[] = []) => cidrs.map((cidr) => ({ interfaceName: "eth0", cidr }));
    return rangeUser("192.168.4.1", {
      addresses: on(known.addresses),
      routes: on(known.routes),
      ownInterfaces: ["wlan0"],
    })?.cidr;
  };

  test.each(["192.168.4.7/24", "192.168.5.9/22", "192.168.77.1/16", "192.168.4.200/32"])(
    "an address %s on another interface is in the way",
    (cidr) => {
      expect(userOf({ addresses: [cidr] })).toBe(cidr);
    },
  );

  test.each(["192.168.5.7/24", "10.0.0.1/8", "192.168.8.1/22", "0.0.0.0/0"])(
    "an address %s is not",
    (cidr) => {
      expect(userOf({ addresses: [cidr] })).toBeUndefined();
    },
  );

  test("a route into the network is in the way, a wider one is not", () => {
    expect(userOf({ routes: ["0.0.0.0/0", "192.168.0.0/16", "192.168.4.128/25"] })).toBe("192.168.4.128/25");
    expect(userOf({ routes: ["0.0.0.0/0", "0.0.0.0/1", "192.168.0.0/16"] })).toBeUndefined();
  });

  test("the interface that the soft AP takes over is not", () => {
    const own = [{ interfaceName: "wlan0", cidr: "192.168.4.7/24" }];
    const known = { addresses: own, routes: own, ownInterfaces: ["wlan0"] };
    expect(rangeUser("192.168.4.1", known)).toBeUndefined();
  });
});

test("parseRoutes() reads the kernel's table", () => {
  const table = [
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
    "eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0",
    "eth0\t0004A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0",
    "tun0\t000010AC\t00000000\t0001\t0\t0\t0\t0000F0FF\t0\t0\t0",
    "garbage",
    "",
  ].join("\n");
  expect(parseRoutes(table)).toEqual([
    { interfaceName: "eth0", cidr: "0.0.0.0/0" },
    { interfaceName: "eth0", cidr: "192.168.4.0/24" },
    { interfaceName: "tun0", cidr: "172.16.0.0/12" },
  ]);
});

test.each([
  ["root's children have what the bounding set leaves", true, ["netAdmin", "netBindService"], true],
  ["a service's children have the ambient set", false, ["netAdmin"], true],
  ["what only the process itself holds does not count", false, ["netAdmin", "netBindService"], false],
] as const)("holdsAll(): %s", (_story, isRoot, rights, holds) => {
  const status =
    "Name:\tnode\nCapEff:\t0000000000001400\nCapBnd:\t000001ffffffffff\nCapAmb:\t0000000000001000\n";
  expect(holdsAll(status, { isRoot, rights })).toBe(holds);
  expect(holdsAll("", { isRoot, rights })).toBe(false);
});

test("siblingAddress() flips one bit there and back; softApInterfaceName() stays within 15 characters", () => {
  expect(siblingAddress("b8:27:eb:01:02:03")).toBe("ba:27:eb:01:02:03");
  expect(siblingAddress(siblingAddress("02:00:00:00:01:00"))).toBe("02:00:00:00:01:00");
  expect(softApInterfaceName("wlan0")).toBe("wlan0ap");
  expect(softApInterfaceName("wlx0123456789ab")).toBe("wlx0123456789ap");
});

test("parseStations() counts those with the passphrase apart from those without", () => {
  const station = (authorized: string) =>
    `Station 02:00:00:00:02:00 (on wlan1)\n\tinactive time:\t4 ms\n\tauthorized:\t${authorized}\n`;
  expect(parseStations(station("yes") + station("no") + station("yes"))).toEqual({
    authorized: 2,
    pending: 1,
  });
  expect(parseStations("")).toEqual({ authorized: 0, pending: 0 });
});

describe("credentials", () => {
  const ssid = Uint8Array.of(1, 2);
  const one = { ssid, bssid: "02:00:00:00:00:01", rssiDbm: -70, channel: 1, band: "2.4GHz" } as const;
  const passphrase = Secret.of("abcd1234");
  const seen = [
    { ...one, security: "wpa2-psk" },
    { ...one, bssid: "02:00:00:00:00:02", rssiDbm: -40, security: "wpa2-psk" },
    { ...one, ssid: Uint8Array.of(1), rssiDbm: -10, security: "wpa2-psk" },
  ] as const;

  test("strongest() compares names byte by byte and takes the access point asked for", () => {
    expect(strongest(seen, { ssid })?.rssiDbm).toBe(-40);
    expect(strongest(seen, { ssid, bssid: "02:00:00:00:00:01" })?.rssiDbm).toBe(-70);
    expect(strongest(seen, { ssid: Uint8Array.of(9) })).toBeUndefined();
  });

  test.each([
    ["wep", passphrase, "WIFI_UNSUPPORTED_SECURITY"],
    ["enterprise", passphrase, "WIFI_UNSUPPORTED_SECURITY"],
    ["wpa3-sae", passphrase, "WIFI_UNSUPPORTED_SECURITY"],
    ["open", passphrase, "WIFI_UNSUPPORTED_SECURITY"],
    ["wpa2-psk", undefined, "WIFI_AUTH_FAILED"],
  ] as const)("requireFitting() refuses %s with %s as %s on a radio without SAE", (security, key, code) => {
    const attempt = () => requireFitting({ ...one, security }, { ssid, passphrase: key }, { sae: false });
    expect(attempt).toThrow(expect.objectContaining({ code }));
  });

  test("requireFitting() lets through what fits", () => {
    expect(() =>
      requireFitting({ ...one, security: "open" }, { ssid, passphrase: undefined }, { sae: false }),
    ).not.toThrow();
    expect(() =>
      requireFitting({ ...one, security: "wpa2-wpa3" }, { ssid, passphrase }, { sae: false }),
    ).not.toThrow();
    expect(() =>
      requireFitting({ ...one, security: "wpa3-sae" }, { ssid, passphrase }, { sae: true }),
    ).not.toThrow();
  });

  test("requireJoinable() refuses names and passphrases that no network has", () => {
    expect(() => requireJoinable({ ssid: new Uint8Array(33), passphrase })).toThrow(/33 bytes/);
    expect(() => requireJoinable({ ssid, passphrase: Secret.of("short") })).toThrow(/passphrase has 5 bytes/);
  });
});
