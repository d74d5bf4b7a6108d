import { afterEach, describe, expect, test } from "vitest";
import { AppClient } from "@softap/phone";
import { Secret } from "@softap/protocol";
import { provision, wechatPorts } from "@softap/wechat";
import { home } from "./stand-in/bare.ts";
import { deviceName, softAp, World } from "./stand-in/world.ts";

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

describe("wechatPorts()", () => {
  test("provision() with the ports of a mini program is bound, asks again for a passphrase, and is back home", async () => {
    const world = await World.start();
    worlds.push(world);
    await world.openSoftAp();
    const passphrase = Secret.of(home.passphrase);
    const ports = wechatPorts(world.wx, { home: { ssid: home.ssid, passphrase } });
    const { Token } = await world.accessToken();
    const cloud = new AppClient({
      baseUrl: "https://iot.cloud.tencent.com",
      ...ports,
      accessToken: Secret.of(Token),
    });
    const provisioning = provision({
      cloud,
      network: { ssid: home.ssid, passphrase: Secret.of("not the one") },
      softAp: { ssid: softAp.ssid, passphrase: Secret.of(softAp.passphrase) },
      retry: async () => ({ passphrase }),
      ports,
    });
    const verdict = await provisioning.result;
    expect(verdict).toMatchObject({
      verdict: "bound",
      attempts: 2,
      deviceId: `${world.productId}/${deviceName}`,
    });
    expect(await world.phone.ssid()).toBe(home.ssid);
    expect(world.wx.udp.open.size).toBe(0);
  });
});
