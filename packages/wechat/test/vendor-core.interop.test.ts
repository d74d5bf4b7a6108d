import { afterEach, describe, expect, test, vi } from "vitest";
import { WifiConfStepCode } from "@softap/wechat";
import { vendorCore, vendorSdk } from "./stand-in/vendor.ts";
import { home } from "./stand-in/bare.ts";
import { softAp, World, type WorldOptions } from "./stand-in/world.ts";

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
  vi.restoreAllMocks();
});

async function setUp(options: WorldOptions = {}) {
  const world = await World.start(options);
  worlds.push(world);
  await world.openSoftAp();
  const core = vendorCore(world);
  return { world, core };
}

const deviceAt = { address: "192.168.4.1", port: 8266 };
const softAPInfo = { SSID: softAp.ssid, password: softAp.passphrase };
const targetWifiInfo = { SSID: home.ssid, password: home.passphrase };
/** What the vendor's soft-AP plugin asks of its core. */
const retries = { retryTime: 10, retryWhenFail: true };

describe("the vendor's provisioning core against our device", () => {
  test("its whole way in the order of its soft-AP plugin ends with a bound device", async () => {
    // It waits until the phone leaves the soft AP, which reference devices take down after 3 s.
    const { world, core } = await setUp({ lingerMs: 1_000 });
    const { connectWifi, reconnectWifi, UdpServer } = core.utils;
    const sdk = vendorSdk(world);
    await sdk.init({});
    const { Token: token } = await sdk.requestApi("AppCreateDeviceBindToken");
    const codes: string[] = [];
    const onProgress = ({ code }: { code: string }): void => void codes.push(code);

    await connectWifi(softAPInfo, { onProgress });
    const udp = new UdpServer({ ...deviceAt, ...retries, sdk });
    const { ssid, passphrase: password } = home;
    const info = await udp.send({ cmdType: 1, ssid, password, token }, {});
    udp.destroy();
    expect(info).toMatchObject({
      cmdType: 2,
      productId: world.productId,
      deviceName: "lamp-1",
      protoVersion: "2.0",
    });
    await reconnectWifi(targetWifiInfo, { onProgress, ignoreError: true, useTargetWifi: false });
    const { productId, deviceName } = info as { productId: string; deviceName: string };
    const familyId = "default";
    await core.queryTokenStateAndBind({ token, productId, deviceName, familyId, onProgress, sdk });

    expect(codes).toEqual([
      "CONNECT_WIFI_START",
      "CONNECT_WIFI_SUCCESS",
      "SOFTAP_RECONNECT_TARGET_WIFI_START",
      "SOFTAP_RECONNECT_TARGET_WIFI_SUCCESS",
      "BUSINESS_QUERY_TOKEN_STATE_START",
      "BUSINESS_QUERY_TOKEN_STATE_SUCCESS",
      "BUSINESS_ADD_DEVICE_START",
      "BUSINESS_ADD_DEVICE_SUCCESS",
    ]);
    expect(world.wx.modals).toEqual([]);
    expect(await sdk.requestApi("AppGetFamilyDeviceList", { FamilyId: "default" })).toMatchObject({
      DeviceList: [{ DeviceId: world.deviceId }],
    });
  });

  test("its UDP client takes our reply although the first datagram was lost", async () => {
    const { world, core } = await setUp();
    await world.phone.joinByHand(softAp.ssid, softAp.passphrase);
    let sends = 0;
    world.wx.udp.onSend = () => (sends += 1) > 1;
    const udp = new core.utils.UdpServer({ ...deviceAt, ...retries, retryGap: 50 });
    const request = { cmdType: 1, ssid: home.ssid, password: home.passphrase, token: "t".repeat(32) };
    expect(await udp.send(request, {})).toMatchObject({ cmdType: 2 });
    udp.destroy();
    expect(sends).toBe(2);
  });

  test("its UDP client reads our Current_Error for a request that lacks a field", async () => {
    const { world, core } = await setUp();
    await world.phone.joinByHand(softAp.ssid, softAp.passphrase);
    const udp = new core.utils.UdpServer({ ...deviceAt, ...retries });
    const failed = new Promise((resolve) => udp.onProgressError(resolve));
    udp.send({ cmdType: 1, ssid: home.ssid }, {}).catch(() => {});
    expect(await failed).toMatchObject({
      code: "BUSINESS_DEVICE_ERROR",
      detail: { cmdType: 2, deviceReply: "Current_Error", log: "APP command error! (2, 204)" },
    });
    udp.abort();
    udp.destroy();
  });

  test("its UDP client hears of a wrong passphrase before it gives the soft AP up", async () => {
    const { world, core } = await setUp();
    await world.phone.joinByHand(softAp.ssid, softAp.passphrase);
    const udp = new core.utils.UdpServer({ ...deviceAt, ...retries });
    const failed = new Promise((resolve) => udp.onProgressError(resolve));
    const request = { cmdType: 1, ssid: home.ssid, password: "not the one", token: "t".repeat(32) };
    await udp.send(request, {});
    expect(await failed).toMatchObject({
      detail: { deviceReply: "Current_Error", error: { code: "WIFI_AUTH_FAILED" } },
    });
    udp.destroy();
  });

  test("its log collector reads the log of our device in log mode", async () => {
    const { world, core } = await setUp();
    await world.device.stop();
    await world.device.startLogSoftAp({ hasVendorPassphrase: true });
    const info = vi.fn();
    const error = vi.fn();
    expect(await core.utils.collectModuleLog({ reporter: { info, error }, sdk: undefined })).toBe(true);
    expect(error).not.toHaveBeenCalled();
    const [, told] = info.mock.calls.find(([code]) => code === "MODULE_REPORT_COMMUNICATE_AP_SUCCESS") ?? [];
    expect(told?.moudleDetail).toMatch(/\|/);
  });
});

test("our step codes are the vendor's, by name, value and order", async () => {
  const world = await World.start();
  worlds.push(world);
  const { WifiConfStepCode: theirs } = vendorCore(world).constants;
  expect(Object.entries(WifiConfStepCode)).toEqual(Object.entries(theirs));
});
