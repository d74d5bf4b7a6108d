import { afterEach, describe, expect, test, vi } from "vitest";
import { CancelSource } from "@softap/ports";
import { type SoftApOptions, SoftApPlugin, type WifiConfEvent, type WifiConfSoftAp } from "@softap/wechat";
import { bundleWechat } from "../../../tools/wechat-bundles.ts";
import { home } from "./stand-in/bare.ts";
import { loadHere } from "./stand-in/bundled.ts";
import { vendorSdk } from "./stand-in/vendor.ts";
import { deviceName, softAp, World, type WorldOptions } from "./stand-in/world.ts";

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) {
    const { size } = world.wx.udp.open;
    await world.stop();
    // However a run ended, nothing of it stays open.
    if (size > 0) throw new Error(`${size} UDP sockets were left open`);
  }
  vi.restoreAllMocks();
});

/** A world whose device has its soft AP open, and the vendor's real SDK with our plugin in it, logged in. */
async function setUpWith(plugin: unknown, options: WorldOptions) {
  const world = await World.start(options);
  worlds.push(world);
  await world.openSoftAp();
  const sdk = vendorSdk(world, { plugins: [plugin] });
  await sdk.init({});
  const { Token } = await sdk.requestApi("AppCreateDeviceBindToken");
  const devices = async (): Promise<string[]> => {
    const { DeviceList } = await sdk.requestApi("AppGetFamilyDeviceList", { FamilyId: "default" });
    return DeviceList.map(({ DeviceId }: { DeviceId: string }) => DeviceId);
  };
  return { world, sdk, token: Token as string, devices };
}

async function run(
  sdk: { plugins: object },
  { password = home.passphrase, ...options }: Partial<SoftApOptions> & { password?: string },
) {
  const progress: WifiConfEvent[] = [];
  const errors: WifiConfEvent[] = [];
  const completed: unknown[] = [];
  // Put there by the plugin's `install`.
  const { wifiConfSoftAp } = sdk.plugins as { wifiConfSoftAp: WifiConfSoftAp };
  await wifiConfSoftAp.start({
    targetWifiInfo: { SSID: home.ssid, password },
    onProgress: (event) => progress.push(event),
    onError: (event) => errors.push(event),
    onComplete: (device) => completed.push(device),
    ...options,
  });
  const codes = progress.map(({ code }) => code as string);
  return { codes, progress, completed, error: errors[0]?.detail?.["error"], errors };
}

const softAPInfo = { SSID: softAp.ssid, password: softAp.passphrase };
const head = ["WIFI_CONF_START", "PROTOCOL_START"];
const join = ["CONNECT_WIFI_START", "CONNECT_WIFI_SUCCESS"];
const send = [
  "CREATE_UDP_CONNECTION_START",
  "CREATE_UDP_CONNECTION_SUCCESS",
  "SOFTAP_SEND_TARGET_WIFIINFO_START",
  "SOFTAP_SEND_TARGET_WIFIINFO_SUCCESS",
];
const query = [
  "SOFTAP_RECONNECT_TARGET_WIFI_START",
  "SOFTAP_RECONNECT_TARGET_WIFI_SUCCESS",
  "PROTOCOL_SUCCESS",
  "BUSINESS_START",
  "BUSINESS_QUERY_TOKEN_STATE_START",
  "BUSINESS_QUERY_TOKEN_STATE_SUCCESS",
];
const add = ["BUSINESS_ADD_DEVICE_START", "BUSINESS_ADD_DEVICE_SUCCESS"];
const tail = ["BUSINESS_SUCCESS", "WIFI_CONF_SUCCESS"];

describe.each([
  ["SoftApPlugin", SoftApPlugin],
  ["SoftApPlugin as it is shipped", loadHere(await bundleWechat("plugin", "cjs"))["SoftApPlugin"]],
] as const)("%s in the vendor's SDK", (_which, plugin) => {
  const setUp = (options: WorldOptions = {}) => setUpWith(plugin, options);

  test.each([
    ["keeps its soft AP while it joins", true],
    ["has one radio and drops its soft AP to join", false],
  ])(
    "start() reports the vendor's steps in the vendor's order and binds a device that %s",
    async (_how, softApWhileStation) => {
      const { world, sdk, token, devices } = await setUp({ radio: { softApWhileStation } });
      const { codes, progress, completed, errors } = await run(sdk, { softAPInfo, wifiConfToken: token });
      expect(errors).toEqual([]);
      expect(codes).toEqual([...head, ...join, ...send, ...query, ...add, ...tail]);
      const device = { productId: world.productId, deviceName };
      expect(completed).toEqual([device]);
      const detailOf = (code: string) => progress.find((event) => event.code === code)?.detail;
      expect(detailOf("SOFTAP_SEND_TARGET_WIFIINFO_SUCCESS")).toMatchObject({
        protoVersion: "2.0",
        data: { cmdType: 2, ...device },
      });
      expect(detailOf("BUSINESS_SUCCESS")).toMatchObject({ response: device });
      expect(detailOf("WIFI_CONF_SUCCESS")).toMatchObject(device);
      expect(JSON.stringify(progress)).not.toContain(token);
      expect(JSON.stringify(progress)).not.toContain(home.passphrase);
      expect(await devices()).toEqual([world.deviceId]);
      expect(await world.phone.ssid()).toBe(home.ssid);
      expect(world.wx.modals).toEqual([]);
    },
  );

  test("start() makes a token when it is given none", async () => {
    const { world, sdk, devices } = await setUp();
    expect((await run(sdk, { softAPInfo })).errors).toEqual([]);
    expect(await devices()).toEqual([world.deviceId]);
  });

  test("start() without softAPInfo takes the soft AP that the person joined, and brings the phone home", async () => {
    const { world, sdk, token, devices } = await setUp();
    await world.phone.joinByHand(softAp.ssid, softAp.passphrase);
    const { codes, errors } = await run(sdk, { wifiConfToken: token });
    expect(errors).toEqual([]);
    expect(codes).toEqual([...head, ...send, ...query, ...add, ...tail]);
    expect(await world.phone.ssid()).toBe(home.ssid);
    expect(await devices()).toEqual([world.deviceId]);
  });

  test("start() with autoBind false leaves the family to the app", async () => {
    const { sdk, token, devices, world } = await setUp();
    const { codes, completed } = await run(sdk, { softAPInfo, wifiConfToken: token, autoBind: false });
    expect(codes).toEqual([...head, ...join, ...send, ...query, ...tail]);
    expect(completed).toEqual([{ productId: world.productId, deviceName }]);
    expect(await devices()).toEqual([]);
  });

  test("start() with a token that carries its family only waits for the device", async () => {
    const { sdk, token, world } = await setUp();
    const { codes, errors } = await run(sdk, { softAPInfo, wifiConfToken: token, newTokenVersion: true });
    expect(errors).toEqual([]);
    expect(codes).toEqual([...head, ...join, ...send, ...query, ...tail]);
    expect(world.wx.requests).toContain("AppGetMultiDeviceBindTokenState");
    expect(world.wx.requests).not.toContain("AppTokenBindDeviceFamily");
  });

  test("start() waits on iOS until the phone is on the soft AP, not until the person agreed", async () => {
    const { world, sdk, token, devices } = await setUp({ platform: "ios" });
    world.phone.agreesEarlyMs = 80;
    expect((await run(sdk, { softAPInfo, wifiConfToken: token })).errors).toEqual([]);
    expect(await devices()).toEqual([world.deviceId]);
  });

  test("start() tells a wrong passphrase as the device's error, with its datagram", async () => {
    const { world, sdk, token } = await setUp();
    const { codes, error, errors, completed } = await run(sdk, {
      softAPInfo,
      wifiConfToken: token,
      password: "not the one",
    });
    expect(completed).toEqual([]);
    expect(codes).toEqual([
      ...head,
      ...join,
      ...send,
      "SOFTAP_RECONNECT_TARGET_WIFI_START",
      "WIFI_CONF_FAIL",
    ]);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.code).toBe("WIFI_CONF_FAIL");
    expect(error).toMatchObject({
      code: "BUSINESS_DEVICE_ERROR",
      softApCode: "WIFI_AUTH_FAILED",
      message: { code: "BUSINESS_DEVICE_ERROR", detail: { cmdType: 2, deviceReply: "Current_Error" } },
    });
    // With a passphrase that is wrong the phone cannot be brought home either: that is left to the person.
    expect(await world.phone.ssid()).toBe(softAp.ssid);
  });

  test.each([
    ["refuses", 12007, "PERMISSION_DENIED"],
    ["has another passphrase", 12002, "WIFI_AUTH_FAILED"],
  ])(
    "start() fails with the number of wx when the soft AP cannot be joined: it %s",
    async (_how, errCode, softApCode) => {
      const { world, sdk, token } = await setUp();
      world.phone.joinFailures.push(errCode);
      const { codes, error } = await run(sdk, { softAPInfo, wifiConfToken: token });
      expect(codes).toEqual([...head, "CONNECT_WIFI_START", "WIFI_CONF_FAIL"]);
      expect(error).toMatchObject({ code: "CONNECT_WIFI_FAIL", errCode, softApCode });
      expect(world.wx.modals).toHaveLength(1);
    },
  );

  test("start() goes on when the person joined the soft AP by hand", async () => {
    const { world, sdk, token, devices } = await setUp();
    world.phone.joinFailures.push(12010);
    world.wx.modalAnswers.push(async () => {
      await world.phone.joinByHand(softAp.ssid, softAp.passphrase);
      return true;
    });
    const { codes, errors } = await run(sdk, { softAPInfo, wifiConfToken: token });
    expect(errors).toEqual([]);
    expect(codes.slice(0, 5)).toEqual([...head, "CONNECT_WIFI_START", "CONNECT_WIFI_MANUAL", send[0]]);
    expect(await devices()).toEqual([world.deviceId]);
  });

  test("start() tells what the cloud refused when the family is not the account's", async () => {
    const { sdk, token } = await setUp();
    const { codes, error } = await run(sdk, { softAPInfo, wifiConfToken: token, familyId: "f_foreign" });
    expect(codes.slice(-2)).toEqual(["BUSINESS_ADD_DEVICE_START", "WIFI_CONF_FAIL"]);
    expect(error).toMatchObject({
      code: "BUSINESS_ADD_DEVICE_FAIL",
      softApCode: "APP_FAMILY_UNKNOWN",
      detail: { code: expect.stringContaining("InvalidParameterValue") as string },
    });
  });

  test("start() refuses a token that the cloud does not know", async () => {
    const { sdk } = await setUp();
    const { error } = await run(sdk, { softAPInfo, wifiConfToken: "0".repeat(32) });
    expect(error).toMatchObject({ code: expect.stringMatching(/^BUSINESS_/) as string });
  });

  test("start() reports options that cannot work, and sends nothing", async () => {
    const { world, sdk, token } = await setUp();
    const { codes, error } = await run(sdk, { softAPInfo, wifiConfToken: token, password: "short" });
    expect(codes).toEqual([...head, "WIFI_CONF_FAIL"]);
    expect(error).toMatchObject({ code: "PROTOCOL_FAIL", softApCode: "PASSPHRASE_LENGTH" });
    expect(world.phone.joins).toEqual([]);
  });

  test("start() sends a second start() away while one runs, and takes it afterwards", async () => {
    const { sdk, token } = await setUp();
    const first = run(sdk, { softAPInfo, wifiConfToken: token });
    expect((await run(sdk, { softAPInfo })).error).toMatchObject({ code: "PROCESSING_PLEASE_WAIT" });
    expect((await first).errors).toEqual([]);
    const later = await run(sdk, { softAPInfo, password: "short" });
    expect(later.error).toMatchObject({ code: "PROTOCOL_FAIL" });
  });

  test("start() ends soon when the screen is left, with the phone at home and no socket open", async () => {
    const { world, sdk, token } = await setUp({ joinMs: 5_000 });
    const source = new CancelSource();
    const { error } = await run(sdk, {
      softAPInfo,
      wifiConfToken: token,
      signal: source.signal,
      onProgress: ({ code }) => {
        if (code === "SOFTAP_SEND_TARGET_WIFIINFO_SUCCESS") source.cancel("left");
      },
    });
    expect(error).toMatchObject({ code: "WIFI_CONF_FAIL", softApCode: "CANCELED" });
    expect(await world.phone.ssid()).toBe(home.ssid);
  });

  test("start() ends when the app's own listener throws, with the phone at home and no socket open", async () => {
    const { world, sdk, token } = await setUp({ joinMs: 5_000 });
    let calls = 0;
    const { error } = await run(sdk, {
      softAPInfo,
      wifiConfToken: token,
      onProgress: ({ code }) => {
        if (code !== "SOFTAP_SEND_TARGET_WIFIINFO_SUCCESS") return;
        calls += 1;
        throw new Error("of the app");
      },
    });
    expect(calls).toBe(1);
    expect(error).toMatchObject({ code: "WIFI_CONF_FAIL", softApCode: "CANCELED" });
    expect(await world.phone.ssid()).toBe(home.ssid);
  });

  test("start() tries once more with autoRetry when there was no UDP", async () => {
    const { world, sdk, token, devices } = await setUp();
    const { createUDPSocket } = world.wx;
    let calls = 0;
    world.wx.createUDPSocket = () => {
      calls += 1;
      if (calls === 1) throw new Error("createUDPSocket:fail system error");
      return createUDPSocket();
    };
    const { codes, errors } = await run(sdk, { softAPInfo, wifiConfToken: token, autoRetry: true });
    expect(errors).toEqual([]);
    expect(codes).toContain("WIFI_CONF_AUTO_RETRY");
    expect(codes.filter((code) => code === "WIFI_CONF_START")).toHaveLength(1);
    expect(await devices()).toEqual([world.deviceId]);
  });
});
