import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CancelSource, neverCanceled, silentLog } from "@softap/ports";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MessageType } from "../src/linux/dbus/message.ts";
import { NetworkManagerClient } from "../src/linux/networkmanager/client.ts";
import { NetworkManagerDevice } from "../src/linux/networkmanager/device.ts";
import { NetworkManagerStation } from "../src/linux/networkmanager/station.ts";
import { FakeNetworkManager, fastClock, home, joined } from "./fake-network-manager.ts";

const nm = "org.freedesktop.NetworkManager";
const signal = neverCanceled;
const options = { timeoutMs: 60_000, signal };

let folder: string;
let manager: FakeNetworkManager;
let client: NetworkManagerClient;
let device: NetworkManagerDevice;
let station: NetworkManagerStation;
const softAp = {
  holdsRadio: false,
  makeRoom: vi.fn(async () => {}),
  follow: vi.fn(async (_channel: number) => {}),
  resume: vi.fn(async () => {}),
};

async function openStation(): Promise<NetworkManagerStation> {
  const common = { client, device, clock: fastClock, log: silentLog, sae: true, softAp };
  return NetworkManagerStation.open(common, { signal });
}

beforeEach(async () => {
  vi.clearAllMocks();
  folder = mkdtempSync(join(tmpdir(), "softap-station-"));
  manager = new FakeNetworkManager(folder);
  client = await NetworkManagerClient.connect({ busPath: manager.bus.path, signal });
  device = await NetworkManagerDevice.open(client, "wlan0", { signal });
  station = await openStation();
});

afterEach(() => {
  device.close();
  client.close();
  manager.bus.close();
  rmSync(folder, { recursive: true });
});

test("a step that arrives in one piece with the answer to a question for the state is not undone by the answer", async () => {
  manager.state = 20;
  manager.afterState = () => {
    manager.afterState = undefined;
    manager.tell({ state: 30 });
  };
  await device.resolve({ signal });
  expect(device.state).toBe(30);
});

describe("NetworkManagerStation", () => {
  test("join() asks the soft AP to make room and to follow, and resolves with the lease", async () => {
    const lease = await station.join(home, options);
    expect(lease).toEqual({ ssid: home.ssid, address: "192.168.1.50", rssiDbm: -40, channel: 6 });
    expect(station.status).toEqual({ state: "joined", lease });
    expect(softAp.makeRoom).toHaveBeenCalledBefore(softAp.follow);
    expect(softAp.follow.mock.lastCall?.[0]).toBe(6);
    expect(softAp.resume).not.toHaveBeenCalled();
    expect(manager.profiles.get("/profile/1")?.isOnDisk).toBe(false);
  });

  test("join() ends with NetworkManager's reason, deletes its profile and brings the soft AP back", async () => {
    manager.steps = [{ state: 40 }, { state: 50 }, { state: 60, reason: 8 }, { state: 120, reason: 7 }];
    await expect(station.join(home, options)).rejects.toMatchObject({
      code: "WIFI_AUTH_FAILED",
      cause: { reason: 7 },
    });
    expect(manager.log).toEqual(["add /profile/1", "delete /profile/1"]);
    expect(station.status).toEqual({ state: "idle" });
    expect(softAp.resume).toHaveBeenCalledOnce();
  });

  test("join() is not misled by the end of the activation that it replaces", async () => {
    manager.steps = [{ state: 110, reason: 60 }, { state: 30, reason: 60 }, ...joined];
    await expect(station.join(home, options)).resolves.toMatchObject({ channel: 6 });
  });

  test("scan() asks again when a scan was under way: that one may have passed the channel before", async () => {
    const scans = (): number => manager.bus.calls.filter(({ member }) => member === "RequestScan").length;
    await station.scan({ signal });
    expect(scans()).toBe(1);
    manager.isScanning = true;
    await station.scan({ signal });
    expect(scans()).toBe(3);
  });

  test("join() does not believe in a network that was heard long ago", async () => {
    manager.lastSeenS = 1;
    await expect(station.join(home, options)).rejects.toMatchObject({ code: "WIFI_NOT_FOUND" });
    const hasty = station.join(home, { timeoutMs: 5_000, signal });
    await expect(hasty).rejects.toMatchObject({ code: "WIFI_NOT_FOUND", cause: { code: "TIMEOUT" } });
    expect(manager.bus.calls.map(({ member }) => member)).not.toContain("AddAndActivateConnection2");
  });

  test("join() whose time is up while it waits for an address is WIFI_NO_ADDRESS", async () => {
    manager.steps = [{ state: 40 }, { state: 50 }, { state: 70 }];
    const late = station.join(home, { timeoutMs: 3_000, signal });
    await expect(late).rejects.toMatchObject({ code: "WIFI_NO_ADDRESS" });
    expect(manager.log).toContain("delete /profile/1");
  });

  test("join() that is cancelled disconnects, deletes its profile and ends with CANCELED", async () => {
    manager.steps = [{ state: 40 }];
    const source = new CancelSource();
    const joining = station.join(home, { timeoutMs: 60_000, signal: source.signal });
    const outcome = joining.catch((error: unknown) => error);
    await vi.waitFor(() => expect(manager.state).toBe(40));
    source.cancel();
    expect(await outcome).toMatchObject({ code: "CANCELED" });
    expect(manager.log).toEqual(["add /profile/1", "disconnect", "delete /profile/1"]);
  });

  test("NetworkManager that ends during a join is WIFI_SUPPLICANT_GONE", async () => {
    manager.steps = [{ state: 40 }];
    const joining = station.join(home, options);
    const outcome = joining.catch((error: unknown) => error);
    await vi.waitFor(() => expect(manager.state).toBe(40));
    const name = "org.freedesktop.DBus";
    const message = { type: MessageType.signal, serial: 2, path: "/org/freedesktop/DBus", interface: name };
    manager.bus.send({ ...message, member: "NameOwnerChanged", signature: "sss", body: [nm, ":1.2", ""] });
    expect(await outcome).toMatchObject({ code: "WIFI_SUPPLICANT_GONE" });
  });

  test("keep() saves the new profile before it deletes the former, and the higher generation counts", async () => {
    await station.join(home, options);
    await station.keep({ signal });
    await station.join(home, options);
    manager.log.length = 0;
    await station.keep({ signal });
    expect(manager.log).toEqual(["save /profile/2", "delete /profile/1"]);
    expect(await station.keptSsid({ signal })).toEqual(home.ssid);
    await expect(station.keep({ signal })).rejects.toMatchObject({ code: "WIFI_NOT_JOINED" });
  });

  test("open() forgets what a former run only tried, and keeps what it kept", async () => {
    await station.join(home, options);
    await station.keep({ signal });
    await station.join(home, options);
    const again = await openStation();
    expect([...manager.profiles.keys()]).toEqual(["/profile/1"]);
    expect(await again.keptSsid({ signal })).toEqual(home.ssid);
    expect(again.status.state).toBe("joined");
  });

  test("onLost is called once when the network goes, and not for leave()", async () => {
    const onLost = vi.fn<() => void>();
    station.onLost = onLost;
    await station.join(home, options);
    manager.tell({ state: 120, reason: 8 });
    manager.tell({ state: 30 });
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce());
    expect(station.status).toEqual({ state: "idle" });
    await station.join(home, options);
    await station.leave({ signal });
    expect(onLost).toHaveBeenCalledOnce();
  });

  test("a soft AP that takes the device over ends the network, and that is no loss", async () => {
    const onLost = vi.fn<() => void>();
    station.onLost = onLost;
    await station.join(home, options);
    manager.tell({ state: 110, reason: 60 });
    await vi.waitFor(() => expect(station.status).toEqual({ state: "idle" }));
    expect(onLost).not.toHaveBeenCalled();
  });

  test("scan() while the soft AP holds the radio gives what was seen before", async () => {
    const before = await station.scan({ signal });
    expect(before).toHaveLength(1);
    softAp.holdsRadio = true;
    manager.lastSeenS = 1;
    expect(await station.scan({ signal })).toEqual(before);
    softAp.holdsRadio = false;
    expect(await station.scan({ signal })).toEqual([]);
  });

  test.each([
    [10, "WIFI_UNMANAGED"],
    [0, "WIFI_UNMANAGED"],
  ])("scan() on a device in state %i is %s", async (state, code) => {
    manager.state = state;
    await expect(station.scan({ signal })).rejects.toMatchObject({ code });
  });
});
