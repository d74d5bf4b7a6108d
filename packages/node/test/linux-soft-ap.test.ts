import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Log, neverCanceled, silentLog, sleep, type SoftApOptions } from "@softap/ports";
import { encodeUtf8, Secret, softApError } from "@softap/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type KernelCapabilities, parseCapabilities, withOneRole } from "../src/linux/capabilities.ts";
import { findProgram } from "../src/linux/command.ts";
import type { DhcpServer, startDhcpServer } from "../src/linux/dhcp-server.ts";
import { asMap } from "../src/linux/dbus/value.ts";
import { NetworkManagerClient } from "../src/linux/networkmanager/client.ts";
import { NetworkManagerDevice } from "../src/linux/networkmanager/device.ts";
import { NetworkManagerSoftAp } from "../src/linux/networkmanager/soft-ap.ts";
import type { NetworkManagerStation } from "../src/linux/networkmanager/station.ts";
import { LinuxSoftAp, type SoftApDriver, type SoftApPlan } from "../src/linux/soft-ap.ts";
import { FakeNetworkManager, fastClock } from "./fake-network-manager.ts";

const call = { signal: neverCanceled };
const softAp: SoftApOptions = { ssid: encodeUtf8("softap-lamp"), passphrase: Secret.of("12345678") };
const withPortal = { ...softAp, answersNames: true, portalUrl: "http://192.168.4.1/captive" };

let folder: string;
let manager: FakeNetworkManager;
let client: NetworkManagerClient;
let device: NetworkManagerDevice;
let server: DhcpServer;
const onDown = vi.fn<() => void>();
const start = vi.fn<typeof startDhcpServer>();
const warn = vi.fn<Log["warn"]>();

beforeEach(async () => {
  vi.clearAllMocks();
  folder = mkdtempSync(join(tmpdir(), "softap-ap-"));
  manager = new FakeNetworkManager(folder);
  manager.endsWithProfile = true;
  client = await NetworkManagerClient.connect({ busPath: manager.bus.path, ...call });
  device = await NetworkManagerDevice.open(client, "wlan0", call);
  server = {
    onExit: undefined,
    stop: async () => {
      manager.log.push("DHCP stopped");
    },
  };
  start.mockImplementation(async ({ interfaceName }) => {
    manager.log.push(`DHCP on ${interfaceName}`);
    return server;
  });
});

afterEach(() => {
  device.close();
  client.close();
  manager.bus.close();
  rmSync(folder, { recursive: true });
});

function driver(startServer: typeof startDhcpServer | undefined): NetworkManagerSoftAp {
  return new NetworkManagerSoftAp({
    client,
    device,
    station: () => {
      throw new Error("nobody asks for the station here");
    },
    capabilities: withOneRole(parseCapabilities("")),
    startDhcpServer: startServer,
    clock: fastClock,
    log: { ...silentLog, warn },
  });
}

function addressMethod(): unknown {
  return asMap(manager.profiles.get("/profile/1")?.settings.get("ipv4")).get("method");
}

describe("LinuxSoftAp", () => {
  const opened = vi.fn<SoftApDriver["open"]>();
  const openOn = (capabilities: KernelCapabilities): Promise<void> => {
    opened.mockRejectedValue(softApError("SOFTAP_START_FAILED", "no more is needed here"));
    const driver: SoftApDriver = {
      open: opened,
      surroundings: async () => ({ status: { state: "idle" }, seen: [] }),
    };
    const parts = { driver, interfaceName: "lo", capabilities, clock: fastClock, log: silentLog };
    return new LinuxSoftAp(parts).start({ ...softAp, address: "127.0.0.9", channel: 6 }, call);
  };
  const both = { ...parseCapabilities(""), canBeSoftAp: true, softApChannels: [6] };
  const radio = { ...both, softApWhileStation: true, sharedChannels: 1 };

  test("start() in a network of another interface is ADDRESS_RANGE_IN_USE, before anything is started", async () => {
    await expect(openOn(radio)).rejects.toMatchObject({
      code: "ADDRESS_RANGE_IN_USE",
      context: { interface: "lo" },
    });
    expect(opened).not.toHaveBeenCalled();
  });

  test("a soft AP that went down by itself is opened again until it works, and not after stop()", async () => {
    const plans: SoftApPlan[] = [];
    opened.mockReset().mockImplementation(async (plan) => {
      plans.push(plan);
      if (plans.length === 2) throw softApError("WIFI_SUPPLICANT_GONE", "not yet");
      return { interfaceName: "lo", close: async () => {} };
    });
    const driver: SoftApDriver = {
      open: opened,
      surroundings: async () => ({ status: { state: "idle" }, seen: [] }),
    };
    const parts = { driver, interfaceName: "none0", capabilities: radio, clock: fastClock, log: silentLog };
    const linux = new LinuxSoftAp(parts);
    await linux.start({ ...softAp, channel: 6 }, call);
    plans[0]?.onDown();
    await vi.waitFor(() => expect(linux.isUp).toBe(false));
    await vi.waitFor(() => expect(linux.isUp).toBe(true), 5_000);
    expect(plans).toHaveLength(3);

    plans[2]?.onDown();
    await vi.waitFor(() => expect(linux.isUp).toBe(false));
    await linux.stop(call);
    await sleep(fastClock, { name: "a try that must not be", delayMs: 2_000, ...call });
    expect(plans).toHaveLength(3);
  });

  test("a join that is under way has the channel where it goes, before the radio is there", async () => {
    opened.mockRejectedValue(softApError("SOFTAP_START_FAILED", "no more is needed here"));
    const driver: SoftApDriver = {
      open: opened,
      surroundings: async () => ({ status: { state: "joining" }, seen: [] }),
    };
    const capabilities = { ...radio, softApChannels: [1, 6] };
    const parts = { driver, interfaceName: "lo", capabilities, clock: fastClock, log: silentLog };
    const linux = new LinuxSoftAp(parts);
    await linux.follow(1, call);
    const starting = linux.start({ ...softAp, channel: 6 }, call);
    await expect(starting).rejects.toMatchObject({ code: "SOFTAP_START_FAILED" });
    expect(opened.mock.lastCall?.[0].channel).toBe(1);
  });

  test("start() on an interface that leaves its network for the soft AP is not refused for that", async () => {
    await expect(openOn(withOneRole(radio))).rejects.toMatchObject({ code: "SOFTAP_START_FAILED" });
    expect(opened).toHaveBeenCalledOnce();
  });
});

const plan = (options: SoftApOptions) => ({ softAp: options, channel: 6, address: "192.168.4.1", onDown });

test("surroundings() waits until NetworkManager's own way into a network has its channel", async () => {
  manager.state = 50;
  await device.resolve(call);
  const idle = { status: { state: "idle" }, scanner: { known: async () => [] } };
  const options = {
    client,
    device,
    capabilities: withOneRole(parseCapabilities("")),
    clock: fastClock,
    log: silentLog,
  };
  const waiting = new NetworkManagerSoftAp({
    ...options,
    // What the driver asks of it.
    station: () => idle as unknown as NetworkManagerStation,
    startDhcpServer: undefined,
  }).surroundings(call);
  const isOver = vi.fn<() => void>();
  void waiting.then(isOver);
  await client.isWirelessEnabled(call);
  expect(isOver).not.toHaveBeenCalled();
  manager.tell({ state: 70 });
  await waiting;
});

describe.skipIf(findProgram("dnsmasq") === undefined)(
  "NetworkManagerSoftAp (skipped without dnsmasq)",
  () => {
    test("open() starts the DHCP server when the address is there, with what phones are to hear of the portal", async () => {
      const open = await driver(start).open(plan(withPortal), call);
      expect(addressMethod()).toBe("manual");
      expect(start.mock.lastCall?.[0]).toEqual({
        interfaceName: "wlan0",
        stationInterface: "wlan0",
        address: "192.168.4.1",
        softAp: withPortal,
      });
      await open.close();
      expect(manager.log).toEqual(["add /profile/1", "DHCP on wlan0", "DHCP stopped", "delete /profile/1"]);
      expect(onDown).not.toHaveBeenCalled();
    });

    test("a DHCP server that ends takes the soft AP down", async () => {
      const open = await driver(start).open(plan(softAp), call);
      server.onExit?.(3);
      expect(onDown).toHaveBeenCalledOnce();
      await open.close();
    });

    test("open() whose DHCP server does not start leaves nothing behind", async () => {
      start.mockRejectedValue(softApError("SOFTAP_START_FAILED", "dnsmasq ended with 2"));
      await expect(driver(start).open(plan(softAp), call)).rejects.toMatchObject({
        code: "SOFTAP_START_FAILED",
      });
      expect(manager.log).toEqual(["add /profile/1", "delete /profile/1"]);
    });

    test("without the right to serve phones NetworkManager does, and one warning says what the portal lacks", async () => {
      const open = await driver(undefined).open(plan(withPortal), call);
      expect(addressMethod()).toBe("shared");
      expect(warn.mock.calls).toEqual([
        ["phones are not led to the portal", { needs: "CAP_NET_ADMIN, CAP_NET_BIND_SERVICE" }],
      ]);
      await open.close();
      const quiet = await driver(undefined).open(plan(softAp), call);
      expect(warn).toHaveBeenCalledOnce();
      await quiet.close();
    });
  },
);
