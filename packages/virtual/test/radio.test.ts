import { CancelSource, neverCanceled, type NetworkCredentials } from "@softap/ports";
import { encodeUtf8, isSoftApError, Secret, softApError } from "@softap/protocol";
import {
  failNth,
  MemoryStore,
  type RouterOptions,
  VirtualAir,
  VirtualClock,
  VirtualNetwork,
  VirtualPhoneWifi,
  VirtualRadio,
  type VirtualRadioOptions,
} from "@softap/virtual";
import { describe, expect, test } from "vitest";

const signal = neverCanceled;
const home = { ssid: encodeUtf8("Home-WiFi"), passphrase: Secret.of("abcd1234") };
const softAp = { ssid: encodeUtf8("device"), passphrase: Secret.of("for-phones") };

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (isSoftApError(error) ? error.code : String(error)),
  );
}

function world(options: Partial<VirtualRadioOptions> = {}) {
  const clock = new VirtualClock();
  const network = new VirtualNetwork({ clock });
  const air = new VirtualAir({ clock, network });
  const host = network.host("device");
  const radio = new VirtualRadio({ air, host, ...options });
  const join = (credentials: NetworkCredentials = home, timeoutMs = 15_000) =>
    clock.complete(radio.station.join(credentials, { timeoutMs, signal }), 60_000);
  return { clock, network, air, host, radio, join };
}

describe("VirtualStation.join()", () => {
  const causes: [string, Partial<RouterOptions>, Partial<VirtualRadioOptions>, string][] = [
    ["a signal of −86 dBm", { rssiDbm: -86 }, {}, "WIFI_TOO_WEAK"],
    ["a signal of −85 dBm", { rssiDbm: -85 }, {}, "no error"],
    ["a signal that no scan sees", { rssiDbm: -101 }, {}, "WIFI_NOT_FOUND"],
    ["a band that the radio lacks", { band: "5GHz", channel: 36 }, {}, "WIFI_NOT_FOUND"],
    ["a band that the radio has", { band: "5GHz" }, { capabilities: { bands: ["5GHz"] } }, "no error"],
    ["a hidden network", { isHidden: true }, {}, "no error"],
    ["a hidden network that is not asked for", { isHidden: true }, { findsHidden: false }, "WIFI_NOT_FOUND"],
    ["SAE", { security: "wpa3-sae" }, {}, "no error"],
    [
      "SAE without SAE",
      { security: "wpa3-sae" },
      { capabilities: { sae: false } },
      "WIFI_UNSUPPORTED_SECURITY",
    ],
    ["the mixed mode without SAE", { security: "wpa2-wpa3" }, { capabilities: { sae: false } }, "no error"],
    ["WEP", { security: "wep" }, {}, "WIFI_UNSUPPORTED_SECURITY"],
    ["802.1X", { security: "enterprise", passphrase: undefined }, {}, "WIFI_UNSUPPORTED_SECURITY"],
    ["an open network and a passphrase", { passphrase: undefined }, {}, "WIFI_UNSUPPORTED_SECURITY"],
    ["a router that refuses", { isRefusing: true }, {}, "WIFI_REFUSED"],
    ["a router that is full", { maxClients: 0 }, {}, "WIFI_REFUSED"],
    ["a router that is slow", { joinMs: 15_001 }, {}, "WIFI_JOIN_TIMEOUT"],
    ["a router that is just not too slow", { joinMs: 14_000, dhcpMs: 1_000 }, {}, "no error"],
    ["slow DHCP", { joinMs: 14_000, dhcpMs: 1_001 }, {}, "WIFI_NO_ADDRESS"],
    ["silent DHCP", { dhcp: "silent" }, {}, "WIFI_NO_ADDRESS"],
    ["a scan that takes too long", {}, { scanMs: 16_000 }, "WIFI_JOIN_TIMEOUT"],
  ];
  test.each(causes)("%s", async (_cause, router, radioOptions, code) => {
    const { air, radio, join } = world(radioOptions);
    air.addRouter({ ...home, ...router });
    expect(await codeOf(join())).toBe(code);
    expect(radio.station.status.state).toBe(code === "no error" ? "joined" : "idle");
  });

  test("a protected network without a passphrase is refused", async () => {
    const { air, join } = world();
    air.addRouter(home);
    expect(await codeOf(join({ ssid: home.ssid, passphrase: undefined }))).toBe("WIFI_AUTH_FAILED");
  });

  test("64 hex digits fit the router that was given the same", async () => {
    const wifiPsk = Secret.of("0123456789abcdef".repeat(4));
    const { air, join } = world();
    air.addRouter({ ...home, passphrase: wifiPsk });
    expect(await codeOf(join({ ...home, passphrase: wifiPsk }))).toBe("no error");
  });

  test("of several routers with one name the strongest is joined, or the one with the BSSID", async () => {
    const { air, join } = world();
    const far = air.addRouter({ ...home, rssiDbm: -70, channel: 1 });
    air.addRouter({ ...home, rssiDbm: -40, channel: 11 });
    expect((await join()).channel).toBe(11);
    expect((await join({ ...home, bssid: far.bssid.toUpperCase() })).channel).toBe(1);
    expect(await codeOf(join({ ...home, bssid: "02:00:00:ff:ff:ff" }))).toBe("WIFI_NOT_FOUND");
  });

  test("a router that goes in the middle of the handshake is silence, not a refusal", async () => {
    const { clock, air, radio } = world();
    const router = air.addRouter({ ...home, joinMs: 100, dhcpMs: 100 });
    const outcomes: string[] = [];
    for (const offAtMs of [50, 150]) {
      const joining = codeOf(radio.station.join(home, { timeoutMs: 5_000, signal }));
      await clock.advance(offAtMs);
      router.switchOff();
      outcomes.push(await clock.complete(joining, 10_000));
      router.switchOn();
    }
    expect(outcomes).toEqual(["WIFI_JOIN_TIMEOUT", "WIFI_NO_ADDRESS"]);
  });

  test("a second join while one is going on is a mistake of the caller", async () => {
    const { clock, air, radio } = world();
    air.addRouter({ ...home, joinMs: 100 });
    const first = radio.station.join(home, { timeoutMs: 5_000, signal });
    expect(await codeOf(radio.station.join(home, { timeoutMs: 5_000, signal }))).toBe("USAGE");
    expect((await clock.complete(first, 1_000)).address).toBe("192.168.1.100");
  });

  test("leave() ends a join that is going on", async () => {
    const { clock, air, radio } = world();
    air.addRouter({ ...home, joinMs: 100 });
    const joining = codeOf(radio.station.join(home, { timeoutMs: 5_000, signal }));
    await clock.advance(10);
    await radio.station.leave({ signal });
    expect(await joining).toBe("CANCELED");
    expect(radio.station.status).toEqual({ state: "idle" });
    expect(clock.pending).toEqual([]);
  });

  test("keep() that the store refuses leaves the former network kept", async () => {
    const store = new MemoryStore();
    const { target } = failNth(store, "apply", 2, softApError("STORE_WRITE_FAILED", "full"));
    const { air, radio, join } = world({ store: target });
    air.addRouter(home);
    const other = { ssid: encodeUtf8("other"), passphrase: Secret.of("wxyz9876") };
    air.addRouter(other);
    await join();
    await radio.station.keep({ signal });
    await join(other);
    expect(await codeOf(radio.station.keep({ signal }))).toBe("STORE_WRITE_FAILED");
    expect(await radio.station.keptSsid({ signal })).toEqual(home.ssid);
  });

  test("a damaged kept network is told as such", async () => {
    const store = new MemoryStore({ "wifi.kept": encodeUtf8("nonsense") });
    const { radio } = world({ store });
    expect(await codeOf(radio.station.keptSsid({ signal }))).toBe("STORE_CORRUPT");
    await radio.station.forget({ signal });
    expect(await radio.station.keptSsid({ signal })).toBeUndefined();
  });
});

describe("VirtualRadio", () => {
  test("a radio with one role loses its soft AP to a join, phones drop, and it stays away", async () => {
    const { clock, air, network, radio } = world({ capabilities: { softApWhileStation: false } });
    const router = air.addRouter({ ...home, joinMs: 100 });
    const phone = new VirtualPhoneWifi({ air, host: network.host("phone"), home: router });
    const counts: number[] = [];
    radio.softAp.onStationCount = (count) => counts.push(count);
    await radio.softAp.start(softAp, { signal });
    await phone.joinSoftAp(softAp, { signal });
    const wrong = { ...home, passphrase: Secret.of("dcba4321") };
    const joining = codeOf(radio.station.join(wrong, { timeoutMs: 5_000, signal }));
    await clock.advance(1);
    expect(radio.softAp.isUp).toBe(false);
    expect(counts).toEqual([1, 0]);
    expect(phone.isOnSoftAp).toBe(false);
    expect(await clock.complete(joining, 5_000)).toBe("WIFI_AUTH_FAILED");
    await clock.advance(600_000);
    expect(radio.softAp.isUp).toBe(false);
    await radio.softAp.start(softAp, { signal });
    expect(radio.softAp.isUp).toBe(true);
  });

  test("a radio with one role opens no soft AP while it is joined", async () => {
    const { air, radio, join } = world({ capabilities: { softApWhileStation: false } });
    air.addRouter(home);
    await join();
    expect(await codeOf(radio.softAp.start(softAp, { signal }))).toBe("SOFTAP_START_FAILED");
    expect(radio.station.status.state).toBe("joined");
  });

  test("a join pulls the soft AP to the router's channel; phones that mind drop off", async () => {
    for (const dropsPhonesOnChannelSwitch of [false, true]) {
      const { air, radio, join } = world({ dropsPhonesOnChannelSwitch });
      air.addRouter({ ...home, channel: 11 });
      const phone = new VirtualPhoneWifi({ air });
      await radio.softAp.start({ ...softAp, channel: 6 }, { signal });
      await phone.joinSoftAp(softAp, { signal });
      await join();
      expect(radio.softAp.channel).toBe(11);
      expect(radio.softAp.stationCount).toBe(dropsPhonesOnChannelSwitch ? 0 : 1);
    }
  });

  test("a soft AP that starts beside a joined station is on its channel", async () => {
    const { air, radio, join } = world();
    air.addRouter({ ...home, channel: 11 });
    await join();
    await radio.softAp.start({ ...softAp, channel: 6 }, { signal });
    expect(radio.softAp.channel).toBe(11);
  });

  test("a router gives out 155 addresses and refuses whoever comes later", async () => {
    const { air, join } = world();
    const router = air.addRouter({ ...home, maxClients: 1_000 });
    const addresses = Array.from({ length: 155 }, () => router.admit({ host: undefined, onGone() {} }));
    expect(new Set(addresses).size).toBe(155);
    expect(addresses.at(-1)).toBe("192.168.1.254");
    expect(await codeOf(join())).toBe("WIFI_REFUSED");
  });

  test("a radio that fails loses everything and says why until it is repaired", async () => {
    const { clock, air, radio, join } = world();
    air.addRouter({ ...home, joinMs: 100 });
    let losses = 0;
    radio.station.onLost = () => {
      losses += 1;
    };
    await radio.softAp.start(softAp, { signal });
    await join();
    radio.fail("WIFI_BLOCKED");
    expect({ losses, isUp: radio.softAp.isUp, status: radio.station.status }).toEqual({
      losses: 1,
      isUp: false,
      status: { state: "idle" },
    });
    expect(await codeOf(join())).toBe("WIFI_BLOCKED");
    expect(await codeOf(radio.station.scan({ signal }))).toBe("WIFI_BLOCKED");
    expect(await codeOf(radio.softAp.start(softAp, { signal }))).toBe("WIFI_BLOCKED");
    radio.repair();
    const joining = codeOf(radio.station.join(home, { timeoutMs: 5_000, signal }));
    await clock.advance(10);
    radio.fail("WIFI_SUPPLICANT_GONE");
    expect(await joining).toBe("WIFI_SUPPLICANT_GONE");
  });

  test("scan() shows bands that the radio has, nameless hidden networks and other soft APs, not its own", async () => {
    const { air, radio } = world();
    air.addRouter({ ...home, rssiDbm: -60 });
    air.addRouter({ ssid: "hidden", isHidden: true, rssiDbm: -50 });
    air.addRouter({ ssid: "fast", band: "5GHz", rssiDbm: -40 });
    air.addRouter({ ssid: "off" }).switchOff();
    const neighbour = new VirtualRadio({ air });
    await neighbour.softAp.start({ ...softAp, ssid: encodeUtf8("neighbour") }, { signal });
    await radio.softAp.start(softAp, { signal });
    const names = (await radio.station.scan({ signal })).map(({ ssid }) => String.fromCharCode(...ssid));
    expect(names).toEqual(["neighbour", "", "Home-WiFi"]);
  });

  test("history tells whether it ever scanned with a phone attached", async () => {
    const { clock, air, radio, join } = world();
    air.addRouter(home);
    await radio.softAp.start(softAp, { signal });
    await new VirtualPhoneWifi({ air }).joinSoftAp(softAp, { signal });
    await radio.station.scan({ signal });
    await clock.advance(5);
    await join();
    await radio.softAp.stop({ signal });
    expect(radio.history.map(({ atMs, what, phones }) => `${atMs} ${what} ${phones}`)).toEqual([
      "0 softApUp 0",
      "0 phoneJoined 1",
      "0 scanStarted 1",
      "5 joinStarted 1",
      "5 joined 1",
      "5 phoneLeft 0",
      "5 softApDown 0",
    ]);
  });

  test("a soft AP that is stopped while it starts does not come up", async () => {
    const { clock, radio } = world({ softApStartMs: 100 });
    const starting = codeOf(radio.softAp.start(softAp, { signal }));
    await clock.advance(50);
    await radio.softAp.stop({ signal });
    expect(await clock.complete(starting, 1_000)).toBe("SOFTAP_START_FAILED");
    expect(radio.softAp.isUp).toBe(false);
  });

  test("a full soft AP does not answer one more phone", async () => {
    const { air, radio } = world({ maxSoftApStations: 1 });
    await radio.softAp.start(softAp, { signal });
    await new VirtualPhoneWifi({ air }).joinSoftAp(softAp, { signal });
    expect(await codeOf(new VirtualPhoneWifi({ air }).joinSoftAp(softAp, { signal }))).toBe(
      "WIFI_JOIN_TIMEOUT",
    );
  });
});

describe("VirtualAir with a network", () => {
  test("UDP on 192.168.4.1 carries only while the phone is on that soft AP", async () => {
    const { clock, air, network, host, radio } = world();
    const phoneHost = network.host("phone");
    const phone = new VirtualPhoneWifi({ air, host: phoneHost });
    const server = await host.datagrams.open({ port: 8266, signal });
    const heard: string[] = [];
    server.onDatagram = (_datagram, { address }) => heard.push(address);
    const client = await phoneHost.datagrams.open({ port: 0, signal });
    const send = () =>
      codeOf(client.send(Uint8Array.of(1), { address: "192.168.4.1", port: 8266 }, { signal }));
    await radio.softAp.start(softAp, { signal });
    expect(await send()).toBe("UNREACHABLE");
    await phone.joinSoftAp(softAp, { signal });
    expect(await send()).toBe("no error");
    await clock.advance(1);
    await radio.softAp.stop({ signal });
    expect(await send()).toBe("UNREACHABLE");
    await clock.advance(1);
    expect(heard).toEqual(["192.168.4.2"]);
    expect(host.addresses).toEqual([]);
  });

  test("two devices with the same soft-AP address do not meet", async () => {
    const { air, network, radio, host } = world();
    const other = network.host("other device");
    const otherRadio = new VirtualRadio({ air, host: other });
    await radio.softAp.start(softAp, { signal });
    await otherRadio.softAp.start({ ...softAp, ssid: encodeUtf8("other") }, { signal });
    expect([host.addresses, other.addresses]).toEqual([["192.168.4.1"], ["192.168.4.1"]]);
    expect(radio.softAp.segment?.hostAt("192.168.4.1")).toBe(host);
  });

  test("a joined host is on the LAN, and online exactly while the router is", async () => {
    const { air, host, join, radio } = world();
    const router = air.addRouter({ ...home, lan: "192.168.31", hasInternet: false });
    expect((await join()).address).toBe("192.168.31.100");
    expect([host.addresses, host.isOnline]).toEqual([["192.168.31.100"], false]);
    router.setInternet(true);
    expect(host.isOnline).toBe(true);
    router.setInternet(false);
    expect(host.isOnline).toBe(false);
    router.setInternet(true);
    router.switchOff();
    expect([host.addresses, host.isOnline, radio.station.status.state]).toEqual([[], false, "idle"]);
  });

  test("a power cut takes the addresses and leaves nothing pending", async () => {
    const { clock, air, host, radio, join } = world();
    air.addRouter({ ...home, joinMs: 50 });
    await radio.softAp.start(softAp, { signal });
    await join();
    const joining = codeOf(radio.station.join(home, { timeoutMs: 5_000, signal }));
    await clock.advance(10);
    radio.powerOff();
    expect(await joining).toBe("WIFI_INTERFACE_MISSING");
    expect(host.addresses).toEqual([]);
    expect(clock.pending).toEqual([]);
  });
});

describe("VirtualPhoneWifi", () => {
  test("the phone leaves home for a soft AP and comes back with restore()", async () => {
    const { clock, air, network, radio } = world();
    const router = air.addRouter(home);
    const host = network.host("phone");
    const phone = new VirtualPhoneWifi({ air, host, home: router, joinMs: 100 });
    expect([await phone.currentSsid({ signal }), host.isOnline]).toEqual([home.ssid, true]);
    await radio.softAp.start(softAp, { signal });
    await clock.complete(phone.joinSoftAp(softAp, { signal }), 1_000);
    expect([await phone.currentSsid({ signal }), host.isOnline]).toEqual([softAp.ssid, false]);
    await clock.complete(phone.restore({ signal }), 1_000);
    expect([await phone.currentSsid({ signal }), host.isOnline]).toEqual([home.ssid, true]);
    expect(radio.softAp.stationCount).toBe(0);
    expect(clock.monotonicMs()).toBe(200);
  });

  test("mobile data keeps the phone online on a soft AP", async () => {
    const { air, network, radio } = world();
    const router = air.addRouter(home);
    const host = network.host("phone");
    const phone = new VirtualPhoneWifi({ air, host, home: router, hasMobileData: true });
    await radio.softAp.start(softAp, { signal });
    await phone.joinSoftAp(softAp, { signal });
    expect(host.isOnline).toBe(true);
    await phone.restore({ signal });
    router.switchOff();
    expect(host.isOnline).toBe(true);
  });

  test("a phone that was dropped goes home by itself, or stays without Wi-Fi where that was asked for", async () => {
    for (const returnsHome of [true, false]) {
      const { air, radio } = world();
      const router = air.addRouter(home);
      const phone = new VirtualPhoneWifi({ air, home: router, returnsHome });
      await radio.softAp.start(softAp, { signal });
      await phone.joinSoftAp(softAp, { signal });
      await radio.softAp.stop({ signal });
      expect(await phone.currentSsid({ signal })).toEqual(returnsHome ? home.ssid : undefined);
    }
  });

  test("restore() waits for a home that is off, and gives up with its signal", async () => {
    const { clock, air } = world();
    const router = air.addRouter(home);
    const phone = new VirtualPhoneWifi({ air, home: router });
    router.switchOff();
    const source = new CancelSource();
    const givenUp = codeOf(phone.restore({ signal: source.signal }));
    source.cancel();
    expect(await givenUp).toBe("CANCELED");
    const restoring = codeOf(phone.restore({ signal }));
    await clock.advance(60_000);
    router.switchOn();
    expect(await restoring).toBe("no error");
    expect(router.clientCount).toBe(1);
    phone.close();
    expect(router.clientCount).toBe(0);
  });

  test("stopGoingHome() leaves a restore() waiting until another one brings the phone home", async () => {
    const { clock, air, radio } = world();
    const phone = new VirtualPhoneWifi({ air, home: air.addRouter(home), joinMs: 1_000 });
    await radio.softAp.start(softAp, { signal });
    await clock.complete(phone.joinSoftAp(softAp, { signal }), 2_000);
    let isBack = false;
    const restored = phone.restore({ signal }).then(() => (isBack = true));
    await clock.advance(500);
    phone.stopGoingHome();
    await clock.advance(60_000);
    expect(isBack).toBe(false);
    expect(await phone.currentSsid({ signal })).toBeUndefined();
    await clock.complete(phone.restore({ signal }), 2_000);
    await restored;
    expect(await phone.currentSsid({ signal })).toEqual(home.ssid);
  });

  test("joinSoftAp() tells what failed and leaves the phone where it was", async () => {
    const { air, radio } = world();
    const phone = new VirtualPhoneWifi({ air, home: air.addRouter(home) });
    expect(await codeOf(phone.joinSoftAp(softAp, { signal }))).toBe("WIFI_NOT_FOUND");
    await radio.softAp.start(softAp, { signal });
    const wrong = { ...softAp, passphrase: Secret.of("not-for-you") };
    expect(await codeOf(phone.joinSoftAp(wrong, { signal }))).toBe("WIFI_AUTH_FAILED");
    expect(await phone.currentSsid({ signal })).toEqual(home.ssid);
    const forbidden = new VirtualPhoneWifi({ air, isAllowed: false });
    expect(await codeOf(forbidden.joinSoftAp(softAp, { signal }))).toBe("PERMISSION_DENIED");
  });
});
