import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, uptime } from "node:os";
import { join } from "node:path";
import { CancelSource, type Clock, neverCanceled, silentLog } from "@softap/ports";
import { encodeUtf8, Secret } from "@softap/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { nodeClock } from "../src/clock.ts";
import { type DBusMessage, MessageType } from "../src/linux/dbus/message.ts";
import { asBytes, asMap, asText, type DBusKey, type DBusValue, Variant } from "../src/linux/dbus/value.ts";
import { NetworkManagerClient } from "../src/linux/networkmanager/client.ts";
import { NetworkManagerDevice } from "../src/linux/networkmanager/device.ts";
import { NetworkManagerStation } from "../src/linux/networkmanager/station.ts";
import { FakeBus } from "./fake-bus.ts";

type Settings = ReadonlyMap<DBusKey, DBusValue>;
interface Step {
  readonly state: number;
  readonly reason?: number;
}

const nm = "org.freedesktop.NetworkManager";
const devicePath = "/org/freedesktop/NetworkManager/Devices/1";
const signal = neverCanceled;
const home = { ssid: encodeUtf8("Home-WiFi"), passphrase: Secret.of("abcd1234") };
const options = { timeoutMs: 60_000, signal };

/** Ten times as fast as the system's: the bus is real, so the time has to be, too. */
const fastClock: Clock = {
  monotonicMs: () => nodeClock.monotonicMs() * 10,
  wallMs: () => undefined,
  after: (name, delayMs, callback) => nodeClock.after(name, delayMs / 10, callback),
};
const joined: readonly Step[] = [{ state: 40 }, { state: 50 }, { state: 70 }, { state: 100 }];

/** Answers as NetworkManager 1.42 does, for one device and one access point; each activation follows `steps`. */
class FakeNetworkManager {
  readonly bus: FakeBus;
  readonly log: string[] = [];
  readonly profiles = new Map<string, { settings: Settings; isOnDisk: boolean }>();
  steps: readonly Step[] = joined;
  state = 30;
  lastSeenS = Math.ceil(uptime()) + 1000;

  constructor(folder: string) {
    this.bus = new FakeBus(folder);
    this.bus.answer = (call) => this.#answer(call);
  }

  tell(step: Step): void {
    const body = [step.state, this.state, step.reason ?? 0];
    this.state = step.state;
    this.#signal(`${nm}.Device`, "StateChanged", "uuu", body);
  }

  #signal(name: string, member: string, signature: string, body: readonly DBusValue[]): void {
    const message = { type: MessageType.signal, serial: 1, path: devicePath, interface: name, member };
    this.bus.send({ ...message, signature, body });
  }

  #answer(call: DBusMessage): Partial<DBusMessage> {
    const { member = "", path = "", body } = call;
    switch (member) {
      case "GetDeviceByIpIface":
        return { signature: "o", body: [devicePath] };
      case "Get":
        return { signature: "v", body: [this.#property(asText(body[1]))] };
      case "GetAll":
        return { signature: "a{sv}", body: [path.includes("AccessPoint") ? this.#accessPoint() : new Map()] };
      case "GetAllAccessPoints":
        return { signature: "ao", body: [[`${nm.replaceAll(".", "/").replace(/^/, "/")}/AccessPoint/1`]] };
      case "RequestScan": {
        const changed = new Map([["LastScan", new Variant("x", 1n)]]);
        const properties = "org.freedesktop.DBus.Properties";
        this.#signal(properties, "PropertiesChanged", "sa{sv}as", [`${nm}.Device.Wireless`, changed, []]);
        return {};
      }
      case "AddAndActivateConnection2": {
        const added = `/profile/${this.profiles.size + 1}`;
        this.profiles.set(added, { settings: asMap(body[0]), isOnDisk: false });
        this.log.push(`add ${added}`);
        setImmediate(() => this.steps.forEach((step) => this.tell(step)));
        return { signature: "ooa{sv}", body: [added, "/active/1", new Map()] };
      }
      case "ListConnections":
        return { signature: "ao", body: [[...this.profiles.keys()]] };
      case "GetSettings":
        return { signature: "a{sa{sv}}", body: [written(this.profiles.get(path)?.settings ?? new Map())] };
      case "Update2":
        this.profiles.set(path, { settings: asMap(body[0]), isOnDisk: true });
        this.log.push(`save ${path}`);
        return { signature: "a{sv}", body: [new Map()] };
      case "Delete":
        this.profiles.delete(path);
        this.log.push(`delete ${path}`);
        return {};
      case "Disconnect":
        this.log.push("disconnect");
        return {};
      default:
        throw new Error(`${member} is not known here`);
    }
  }

  #property(name: string): Variant {
    switch (name) {
      case "State":
        return new Variant("u", this.state);
      case "Mode":
        return new Variant("u", 2);
      case "ActiveAccessPoint":
      case "Ip4Config":
        return new Variant("o", name === "Ip4Config" ? "/ip4/1" : "/AccessPoint/1");
      case "AddressData":
        return new Variant("aa{sv}", [new Map([["address", new Variant("s", "192.168.1.50")]])]);
      default:
        return new Variant("s", "1.42.4");
    }
  }

  #accessPoint(): Map<string, DBusValue> {
    return new Map<string, DBusValue>([
      ["Ssid", new Variant("ay", home.ssid)],
      ["HwAddress", new Variant("s", "02:00:00:00:00:00")],
      ["Frequency", new Variant("u", 2437)],
      ["Strength", new Variant("y", 100)],
      ["Flags", new Variant("u", 1)],
      ["WpaFlags", new Variant("u", 0)],
      ["RsnFlags", new Variant("u", 0x188)],
      ["LastSeen", new Variant("i", this.lastSeenS)],
    ]);
  }
}

/** The settings that our code reads, with their types again. */
function written(settings: Settings): DBusValue {
  const connection = asText(asMap(settings.get("connection")).get("interface-name"));
  const ssid = asBytes(asMap(settings.get("802-11-wireless")).get("ssid"));
  return new Map([
    ["connection", new Map([["interface-name", new Variant("s", connection)]])],
    ["802-11-wireless", new Map([["ssid", new Variant("ay", ssid)]])],
    ["user", new Map([["data", new Variant("a{ss}", asMap(asMap(settings.get("user")).get("data")))]])],
  ]);
}

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

  test("join() does not believe in a network that was heard long ago", async () => {
    manager.lastSeenS = 1;
    await expect(station.join(home, options)).rejects.toMatchObject({ code: "WIFI_NOT_FOUND" });
    const hasty = station.join(home, { timeoutMs: 5_000, signal });
    await expect(hasty).rejects.toMatchObject({ code: "WIFI_NOT_FOUND", cause: { code: "TIMEOUT" } });
    expect(manager.log).toEqual([]);
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
