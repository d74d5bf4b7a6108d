import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { neverCanceled } from "@softap/ports";
import { decodeUtf8, encodeUtf8, Secret } from "@softap/protocol";
import { VirtualRadio } from "@softap/virtual";
import { WechatClock, WechatPhoneWifi, type WechatWifiCalls } from "@softap/wechat";
import { bareWx, home } from "./stand-in/bare.ts";

const signal = neverCanceled;
const ssid = encodeUtf8("softap 📶");
const passphrase = Secret.of("12345678");
const clock = new WechatClock();
let world: ReturnType<typeof bareWx>;

beforeEach(async () => {
  world = bareWx();
  await new VirtualRadio({ air: world.air }).softAp.start({ ssid, passphrase }, { signal });
});
afterEach(() => world.wx.close());

/** The phone's `wx` with a network name as some systems tell it. */
function telling(name: (real: string) => string): WechatWifiCalls {
  const { wx } = world;
  return {
    startWifi: wx.startWifi,
    connectWifi: wx.connectWifi,
    getConnectedWifi: ({ success, fail }) =>
      wx.getConnectedWifi({ success: ({ wifi }) => success({ wifi: { SSID: name(wifi.SSID) } }), fail }),
    onWifiConnected: wx.onWifiConnected,
    offWifiConnected: wx.offWifiConnected,
    getNetworkType: wx.getNetworkType,
    onNetworkStatusChange: wx.onNetworkStatusChange,
    offNetworkStatusChange: wx.offNetworkStatusChange,
  };
}

describe("WechatPhoneWifi", () => {
  test("joins a network that the phone is on already without asking the person", async () => {
    const wifi = new WechatPhoneWifi({ wx: world.wx, clock });
    await wifi.joinSoftAp({ ssid, passphrase }, { signal });
    await wifi.joinSoftAp({ ssid, passphrase }, { signal });
    expect(world.phone.joins).toHaveLength(1);
  });

  test("reads the names of old Androids, which stand in quotation marks", async () => {
    const wifi = new WechatPhoneWifi({ wx: telling((name) => `"${name}"`), clock });
    expect(await wifi.currentSsid({ signal })).toEqual(encodeUtf8(home.ssid));
    await wifi.joinSoftAp({ ssid, passphrase }, { signal });
    expect(world.phone.isOnSoftAp).toBe(true);
  });

  test("trusts connectWifi where the system does not tell the network's name", async () => {
    const wifi = new WechatPhoneWifi({ wx: telling(() => ""), clock });
    await wifi.joinSoftAp({ ssid, passphrase }, { signal });
    expect(world.phone.isOnSoftAp).toBe(true);
    expect(await wifi.currentSsid({ signal })).toBeUndefined();
  });

  test.each([
    [12002, "WIFI_AUTH_FAILED"],
    [12003, "WIFI_JOIN_TIMEOUT"],
    [12005, "WIFI_BLOCKED"],
    [12006, "PERMISSION_DENIED"],
    [12007, "PERMISSION_DENIED"],
    [12008, "WIFI_NOT_FOUND"],
    [12011, "WIFI_REFUSED"],
    [12013, "WIFI_AUTH_FAILED"],
    [12999, "WIFI_REFUSED"],
  ])("tells error %i of wx as %s, with its number", async (wxCode, code) => {
    world.phone.joinFailures.push(wxCode);
    const joining = new WechatPhoneWifi({ wx: world.wx, clock }).joinSoftAp({ ssid, passphrase }, { signal });
    await expect(joining).rejects.toMatchObject({ code, context: { wxCode } });
  });

  test("refuses a name that WeChat cannot say", async () => {
    const wifi = new WechatPhoneWifi({ wx: world.wx, clock });
    const network = { ssid: Uint8Array.of(0xff), passphrase: undefined };
    expect(decodeUtf8(network.ssid)).toBeUndefined();
    await expect(wifi.joinSoftAp(network, { signal })).rejects.toMatchObject({ code: "USAGE" });
  });

  test("restore() brings a phone home that does not leave the soft AP by itself", async () => {
    const known = { ssid: home.ssid, passphrase: Secret.of(home.passphrase) };
    const wifi = new WechatPhoneWifi({ wx: world.wx, clock, home: known });
    await wifi.joinSoftAp({ ssid, passphrase }, { signal });
    await wifi.restore({ signal });
    expect(await world.phone.ssid()).toBe(home.ssid);
    expect([world.phone.wifiConnected.size, world.phone.networkStatus.size]).toEqual([0, 0]);
  });

  test("restore() says so when the home network refuses the phone", async () => {
    const known = { ssid: home.ssid, passphrase: Secret.of("not the one") };
    const wifi = new WechatPhoneWifi({ wx: world.wx, clock, home: known });
    await wifi.joinSoftAp({ ssid, passphrase }, { signal });
    await expect(wifi.restore({ signal })).rejects.toMatchObject({ code: "WIFI_AUTH_FAILED" });
  });
});
