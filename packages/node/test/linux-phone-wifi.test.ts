import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { CancelSource, neverCanceled } from "@softap/ports";
import { encodeUtf8, equalBytes, Secret } from "@softap/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { asMap, type DBusValue } from "../src/linux/dbus/value.ts";
import { NetworkManagerPhoneWifi } from "../src/linux/phone-wifi.ts";
import { FakeNetworkManager, fastClock, home as softAp } from "./fake-network-manager.ts";

const call = { signal: neverCanceled };
const former = "/profile/former";
let folder: string;
let manager: FakeNetworkManager;
let wifi: NetworkManagerPhoneWifi | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "softap-phone-"));
  manager = new FakeNetworkManager(folder);
  manager.activeProfile = former;
});

afterEach(async () => {
  await wifi?.close();
  wifi = undefined;
  manager.bus.close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<NetworkManagerPhoneWifi> {
  const busPath = manager.bus.path;
  wifi = await NetworkManagerPhoneWifi.open({
    interfaceName: "wlan0",
    clock: fastClock,
    sae: true,
    busPath,
    ...call,
  });
  return wifi;
}

function connectionSetting(key: string): unknown {
  return asMap(manager.profiles.get("/profile/1")?.settings.get("connection")).get(key);
}

test("joinSoftAp() joins by a profile that nobody keeps, restore() deletes it and goes back to the former one", async () => {
  const phone = await open();
  await phone.joinSoftAp(softAp, call);
  expect(connectionSetting("autoconnect")).toBe(false);
  expect(connectionSetting("permissions")).toBeUndefined();
  await phone.restore(call);
  await phone.restore(call);
  expect(manager.log).toEqual(["add /profile/1", "delete /profile/1", `activate ${former}`]);
});

test("restore() of a computer that was on no network only leaves the soft AP", async () => {
  manager.activeProfile = undefined;
  const phone = await open();
  await phone.joinSoftAp(softAp, call);
  await phone.restore(call);
  expect(manager.log).toEqual(["add /profile/1", "delete /profile/1"]);
});

test("close() goes back when nobody did, also after a join that failed", async () => {
  manager.steps = [{ state: 40 }, { state: 50 }, { state: 60, reason: 8 }, { state: 120, reason: 7 }];
  const phone = await open();
  await expect(phone.joinSoftAp(softAp, call)).rejects.toMatchObject({ code: "WIFI_AUTH_FAILED" });
  await phone.close();
  expect(manager.log).toEqual(["add /profile/1", "delete /profile/1", `activate ${former}`]);
});

test("a join that is cancelled can be undone", async () => {
  manager.steps = [{ state: 40 }];
  const phone = await open();
  const source = new CancelSource();
  const joining = phone.joinSoftAp(softAp, { signal: source.signal }).catch((error: unknown) => error);
  await vi.waitFor(() => expect(manager.state).toBe(40));
  source.cancel();
  expect(await joining).toMatchObject({ code: "CANCELED" });
  await phone.restore(call);
  expect(manager.log.at(-1)).toBe(`activate ${former}`);
});

test("a user who may not change everybody's profiles joins by a profile of their own", async () => {
  manager.denied.set("settings.modify.system", "auth");
  const phone = await open();
  await phone.joinSoftAp(softAp, call);
  expect(connectionSetting("permissions")).toEqual([`user:${userInfo().username}:`]);
});

test.each([["network-control"], ["settings.modify.own"]])(
  "open() without the right to %s is PERMISSION_DENIED and names it",
  async (permission) => {
    manager.denied.set(permission, "no").set("settings.modify.system", "no");
    await expect(open()).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
      context: { permission: `org.freedesktop.NetworkManager.${permission}` },
    });
  },
);

test("open() on an interface that NetworkManager leaves alone is WIFI_UNMANAGED", async () => {
  manager.state = 10;
  await expect(open()).rejects.toMatchObject({ code: "WIFI_UNMANAGED" });
});

test("open() without a system bus is WIFI_SUPPLICANT_GONE", async () => {
  manager.bus.close();
  await expect(open()).rejects.toMatchObject({ code: "WIFI_SUPPLICANT_GONE" });
});

test("open() on what is no radio is WIFI_INTERFACE_MISSING, with iw or without it", async () => {
  const opening = NetworkManagerPhoneWifi.open({ interfaceName: "lo", clock: fastClock, ...call });
  await expect(opening).rejects.toMatchObject({ code: "WIFI_INTERFACE_MISSING" });
});

test("lookFor() gives what it heard as soon as one of those meant is there", async () => {
  const phone = await open();
  const seen = await phone.lookFor(({ ssid }) => equalBytes(ssid, softAp.ssid), call);
  expect(seen.map(({ ssid }) => ssid)).toEqual([softAp.ssid]);
  expect(manager.log).toEqual([]);
});

test("lookFor() gives what else there is when none is meant, after more than one scan", async () => {
  const phone = await open();
  expect(await phone.lookFor(() => false, call)).toHaveLength(1);
  expect(manager.bus.calls.filter(({ member }) => member === "RequestScan").length).toBeGreaterThan(2);
});

test("lookFor() calls a name that is hidden, by a profile that is gone afterwards", async () => {
  manager.isHidden = true;
  const phone = await open();
  const { ssid } = softAp;
  const seen = await phone.lookFor((one) => equalBytes(one.ssid, ssid), { ...call, ssid });
  expect(seen.map((one) => one.ssid)).toEqual([ssid]);
  expect(manager.log).toEqual(["add /profile/probe-1", "delete /profile/probe-1"]);
});

test("no scan is asked for by a name: NetworkManager 1.42 may die of it", async () => {
  const phone = await open();
  await phone.lookFor(() => false, { ...call, ssid: encodeUtf8("hidden lamp") });
  const scans = manager.bus.calls.filter(({ member }) => member === "RequestScan");
  expect(scans.map(({ body }) => asMap(body[0]).size)).toEqual(scans.map(() => 0));
});

test("open() deletes what a run that was killed left behind, and nothing else", async () => {
  const ofRole = (role: string) => ({
    settings: new Map<string, DBusValue>([
      ["connection", new Map([["interface-name", "wlan0"]])],
      ["user", new Map([["data", new Map([["softap.role", role]])]])],
    ]),
    isOnDisk: false,
  });
  manager.profiles.set("/profile/left", ofRole("phone")).set("/profile/device", ofRole("station"));
  await open();
  expect(manager.log).toEqual(["delete /profile/left"]);
});

test("joinSoftAp() of one that is not in reach is WIFI_NOT_FOUND and leaves the network alone", async () => {
  const phone = await open();
  const absent = { ssid: encodeUtf8("no lamp"), passphrase: Secret.of("abcd1234") };
  await expect(phone.joinSoftAp(absent, call)).rejects.toMatchObject({ code: "WIFI_NOT_FOUND" });
  await phone.restore(call);
  expect(manager.log).toEqual(["add /profile/probe-1", "delete /profile/probe-1"]);
});
