import { uptime } from "node:os";
import type { Clock } from "@softap/ports";
import { encodeUtf8, equalBytes, Secret } from "@softap/protocol";
import { nodeClock } from "../src/clock.ts";
import { type DBusMessage, MessageType } from "../src/linux/dbus/message.ts";
import { asBytes, asMap, asText, type DBusKey, type DBusValue, Variant } from "../src/linux/dbus/value.ts";
import { FakeBus } from "./fake-bus.ts";

type Settings = ReadonlyMap<DBusKey, DBusValue>;
interface Step {
  readonly state: number;
  readonly reason?: number;
}

const nm = "org.freedesktop.NetworkManager";
const devicePath = "/org/freedesktop/NetworkManager/Devices/1";

/** The network that is in reach. */
export const home = { ssid: encodeUtf8("Home-WiFi"), passphrase: Secret.of("abcd1234") };

/** Ten times as fast as the system's: the bus is real, so the time has to be, too. */
export const fastClock: Clock = {
  monotonicMs: () => nodeClock.monotonicMs() * 10,
  wallMs: () => undefined,
  after: (name, delayMs, callback) => nodeClock.after(name, delayMs / 10, callback),
};
const permissions = [
  "network-control",
  "settings.modify.own",
  "settings.modify.system",
  "wifi.share.protected",
] as const;

/** Steps of an activation that ends well. */
export const joined: readonly Step[] = [{ state: 40 }, { state: 50 }, { state: 70 }, { state: 100 }];

/** Answers as NetworkManager 1.42 does, for one device and one access point; each activation follows `steps`. */
export class FakeNetworkManager {
  readonly bus: FakeBus;
  readonly log: string[] = [];
  readonly profiles = new Map<string, { settings: Settings; isOnDisk: boolean }>();
  steps: readonly Step[] = joined;
  state = 30;
  /** Whether the network is only heard when it is called. */
  isHidden = false;
  /** What happens right after somebody asked for the state; the answer and what is told then arrive in one piece. */
  afterState: (() => void) | undefined;
  /** Whether a scan is under way that nobody here asked for. */
  isScanning = false;
  #probes = 0;
  /** Path of the profile that is active before anything is asked for. */
  activeProfile: string | undefined;
  /** Whether deleting a profile ends its activation at once, as that of a soft AP. */
  endsWithProfile = false;
  /** What polkit answers where it is not "yes". */
  readonly denied = new Map<string, string>();
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
      case "GetInterface":
        return { signature: "o", body: ["/supplicant/1"] };
      case "GetAllAccessPoints":
        if (this.isHidden && !this.#isCalled()) return { signature: "ao", body: [[]] };
        return { signature: "ao", body: [[`${nm.replaceAll(".", "/").replace(/^/, "/")}/AccessPoint/1`]] };
      case "RequestScan": {
        const changed = new Map([["LastScan", new Variant("x", 1n)]]);
        const properties = "org.freedesktop.DBus.Properties";
        this.#signal(properties, "PropertiesChanged", "sa{sv}as", [`${nm}.Device.Wireless`, changed, []]);
        return {};
      }
      case "AddConnection2": {
        const added = `/profile/probe-${(this.#probes += 1)}`;
        this.profiles.set(added, { settings: asMap(body[0]), isOnDisk: false });
        this.log.push(`add ${added}`);
        return { signature: "oa{sv}", body: [added, new Map()] };
      }
      case "AddAndActivateConnection2": {
        const added = `/profile/${this.profiles.size + 1}`;
        this.profiles.set(added, { settings: asMap(body[0]), isOnDisk: false });
        this.log.push(`add ${added}`);
        setImmediate(() => this.steps.forEach((step) => this.tell(step)));
        return { signature: "ooa{sv}", body: [added, "/active/1", new Map()] };
      }
      case "ActivateConnection":
        this.log.push(`activate ${asText(body[0])}`);
        setImmediate(() => joined.forEach((step) => this.tell(step)));
        return { signature: "o", body: ["/active/2"] };
      case "GetPermissions":
        return { signature: "a{ss}", body: [new Map(permissions.map((name) => this.#answerOf(name)))] };
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
        if (this.endsWithProfile)
          [{ state: 110 }, { state: 30, reason: 38 }].forEach((step) => this.tell(step));
        return {};
      case "Disconnect":
        this.log.push("disconnect");
        return {};
      default:
        throw new Error(`${member} is not known here`);
    }
  }

  /** Whether some profile makes NetworkManager call the network's name. */
  #isCalled(): boolean {
    return [...this.profiles.values()].some(({ settings }) => {
      const wireless = asMap(settings.get("802-11-wireless"));
      return wireless.get("hidden") === true && equalBytes(asBytes(wireless.get("ssid")), home.ssid);
    });
  }

  #answerOf(name: string): [string, string] {
    return [`${nm}.${name}`, this.denied.get(name) ?? "yes"];
  }

  #property(name: string): Variant {
    switch (name) {
      case "ActiveConnection":
        return new Variant("o", this.activeProfile === undefined ? "/" : "/active/former");
      case "Connection":
        return new Variant("o", this.activeProfile ?? "/");
      case "State": {
        const { state } = this;
        queueMicrotask(() => this.afterState?.());
        return new Variant("u", state);
      }
      case "Scanning":
        return new Variant("b", this.isScanning);
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
