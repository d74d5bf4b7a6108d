import { describe, expect, test } from "vitest";
import { parseWifiQr } from "@softap/phone";
import { softApError } from "@softap/protocol";
import { AddDeviceScreen } from "../src/add/add-device-screen.ts";
import { NearbyNetworks } from "../src/add/nearby-networks.ts";
import { NetworkForm } from "../src/add/network-form.ts";
import { appConfig } from "../src/config.ts";
import { createServices } from "../src/services.ts";
import { heard } from "./simulator/phone-wx.ts";
import type { AppWx, SeenWifi, SeenWifiList } from "../src/app-wx.ts";

/** A form on a phone that hears networks. */
async function form(...nearby: readonly SeenWifi[]): Promise<{ screen: AddDeviceScreen; form: NetworkForm }> {
  let tell: (event: SeenWifiList) => void = () => {};
  const wx: Partial<AppWx> = {
    startWifi: ({ success }) => success({}),
    onGetWifiList: (listener) => void (tell = listener),
    offGetWifiList: () => {},
    getWifiList: () => tell({ wifiList: nearby }),
  };
  // The form uses no other members.
  const screen = new AddDeviceScreen(createServices(wx as AppWx, appConfig));
  const networks = new NearbyNetworks(screen);
  await networks.search();
  return { screen, form: new NetworkForm(screen, networks) };
}

describe("NetworkForm", () => {
  test("prefills a name that comes late without taking away what was said meanwhile, and only into an empty field", async () => {
    const { screen, form: network } = await form();
    screen.fail(softApError("LABEL_TYPO", "no"));
    network.prefill("Home");
    expect(screen.view.value).toMatchObject({ ssid: "Home", failure: { code: "LABEL_TYPO" } });
    network.prefill("Other");
    expect(screen.view.value.ssid).toBe("Home");
    network.enterPassphrase("abcd1234");
    expect(screen.view.value.failure).toBeNull();
  });

  test.each([
    ["nothing", [], "010241"],
    ["the digits", [heard("010241")], "010241"],
    ["the bytes", [heard("\u0001\u0002A")], "\u0001\u0002A"],
  ])("reads a name of hex digits as it is on the air: %s", async (_heard, nearby, expected) => {
    const { form: network } = await form(...nearby);
    expect(network.fillIn(parseWifiQr("WIFI:T:WPA;S:010241;P:abcd1234;;"))).toBe(true);
    expect(network.home.ssid).toBe(expected);
  });

  test("refuses a code whose name is no text, and keeps what was there", async () => {
    const { form: network } = await form();
    network.enterSsid("Home");
    const notText = "ff".repeat(20);
    expect(network.fillIn(parseWifiQr(`WIFI:T:WPA;S:${notText};P:abcd1234;;`))).toBe(false);
    expect(network.network).toEqual({ ssid: "Home" });
  });

  test("forgets what a code told of the security when another name is typed", async () => {
    const { screen, form: network } = await form();
    network.fillIn(parseWifiQr("WIFI:T:WPA2-EAP;S:Office;P:x;;"));
    expect(screen.view.value.doubts[0]?.isBlocking).toBe(true);
    network.enterSsid("Home");
    expect(screen.view.value.doubts).toEqual([]);
  });
});
