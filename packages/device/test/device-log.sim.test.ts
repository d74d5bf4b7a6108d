import { describe, expect, test } from "vitest";
import { neverCanceled } from "@softap/ports";
import { encodeUtf8, Secret } from "@softap/protocol";
import { DeviceLog } from "../src/log/device-log.ts";
import { deviceSecretText } from "./fake-cloud.ts";
import { FakePhone } from "./fake-phone.ts";
import { World } from "./world.ts";

async function onLogAp(world: World, passphrase: Secret): Promise<FakePhone> {
  const join = world.phoneWifi.joinSoftAp(
    { ssid: encodeUtf8("ESP-LOG-QUERY"), passphrase },
    { signal: neverCanceled },
  );
  await world.clock.complete(join, 10_000);
  return FakePhone.open(world.phoneHost, () => world.clock.monotonicMs(), { port: 9876 });
}

describe("the device log", () => {
  test("is served by cmdType 3 during provisioning, and reading does not empty it", async () => {
    const world = new World();
    const phone = await world.open();
    await phone.sendNetwork({ passphrase: "wrong-one" });
    await world.until(() => phone.errors.length === 1);
    await phone.send('{"cmdType":3}');
    await world.clock.advance(50);
    const first = phone.texts.join("");
    expect(first).toMatch(/^\d+\|device: ready\r\n/);
    expect(first).toContain("WIFI_AUTH_FAILED");
    expect(first.split("\r\n").length).toBeGreaterThan(5);
    await phone.send('{"cmdType":3}');
    await world.clock.advance(50);
    expect(phone.texts.join("")).toBe(first + first);
    await world.end();
  });

  test("keeps the reason of a failure while somebody floods the port", async () => {
    const world = new World();
    const phone = await world.open();
    await phone.sendNetwork({ passphrase: "wrong-one" });
    await world.until(() => phone.errors.length === 1);
    for (let sent = 0; sent < 1_000; sent++) {
      await phone.send("junk");
      await world.clock.advance(10);
    }
    await phone.send('{"cmdType":3}');
    await world.clock.advance(50);
    const log = phone.texts.join("");
    expect(log).toContain("WIFI_AUTH_FAILED");
    expect(log.match(/DATAGRAM_NOT_JSON/g)?.length).toBeLessThanOrEqual(10);
    expect(log).toMatch(/DATAGRAM_NOT_JSON count=512/);
    await world.end();
  });

  test("is served in log mode for 6 minutes under a passphrase of this device", async () => {
    const world = new World();
    const passphrase = await world.clock.complete(world.device.startLogSoftAp(), 1_000);
    expect(passphrase.reveal()).toMatch(/^[0-9a-f]{12}$/);
    expect(world.device.localLogPort).toBe(9876);
    const phone = await onLogAp(world, passphrase);
    for (let query = 1; query <= 3; query++) {
      await phone.send('{"cmdType":3}');
      await world.clock.advance(100_000);
    }
    await phone.send("anything else");
    await world.clock.advance(1_000);
    expect(phone.texts).toHaveLength(3);
    expect(phone.heard).toEqual([]);
    await world.clock.advance(60_000);
    expect(world.radio.softAp.isUp).toBe(false);
    expect(world.events.at(-1)).toEqual({ type: "logModeEnded" });
    const again = await world.clock.complete(world.device.startLogSoftAp(), 1_000);
    expect(again.equals(passphrase)).toBe(true);
    await expect(world.device.startSoftAp({ ssid: "lamp" })).rejects.toMatchObject({
      code: "PROVISIONING_ACTIVE",
    });
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("can use the vendor's passphrase for old apps", async () => {
    const world = new World();
    const passphrase = await world.clock.complete(
      world.device.startLogSoftAp({ hasVendorPassphrase: true }),
      1_000,
    );
    expect(passphrase.reveal()).toBe("86013388");
    const phone = await onLogAp(world, passphrase);
    await phone.send('{"cmdType":3}');
    await world.clock.advance(50);
    expect(phone.texts).toHaveLength(1);
    await world.end();
  });

  test("of a device that has to register first has a passphrase that is remembered", async () => {
    const device = {
      credentials: { kind: "psk", productSecret: Secret.of("0123456789abcdef") },
      cloud: { mqttHost: "m", mqttPort: 1, registration: { url: "https://r.example", form: 1 } },
    } as const;
    const world = new World({ device });
    const passphrase = await world.clock.complete(world.device.startLogSoftAp(), 1_000);
    await world.restart();
    const again = await world.clock.complete(world.device.startLogSoftAp(), 1_000);
    expect(again.equals(passphrase)).toBe(true);
    await world.end();
  });

  test("cuts lines between characters, and datagrams of at most 1 200 bytes between lines", async () => {
    const world = new World();
    const deviceLog = new DeviceLog(world.clock, world.log, { logLines: 64, logLineBytes: 128 });
    const log = deviceLog.named("test");
    for (let line = 0; line < 200; line++) log.info("配网".repeat(40), { line });
    const datagrams = deviceLog.datagrams();
    expect(datagrams.length).toBeGreaterThan(5);
    for (const datagram of datagrams) {
      expect(datagram.length).toBeLessThanOrEqual(1_200);
      expect(Buffer.from(datagram).toString()).toMatch(/^(0\|test: [配网]+\r\n)+$/);
    }
    const lines = Buffer.concat(datagrams).toString().split("\r\n");
    expect(lines).toHaveLength(65);
    for (const line of lines) expect(encodeUtf8(line).length).toBeLessThanOrEqual(126);
    await world.end();
  });

  test("never holds a secret, nor does anything else that leaves the device but the radio and the cloud", async () => {
    const passphrase = "canary-passphrase";
    const token = "canary-token";
    const world = new World();
    world.router.passphrase = Secret.of(passphrase);
    const phone = await world.open();
    await phone.sendNetwork({ passphrase: "canary-wrong-passphrase", token });
    await world.until(() => phone.errors.length === 1);
    await phone.sendNetwork({ passphrase, token });
    await world.until(() => world.device.isProvisioningSuccessful());
    await phone.send('{"cmdType":3}');
    await world.clock.advance(50);
    const said = JSON.stringify([phone.heard, phone.texts, world.log.lines, world.events]);
    expect(said).toContain("token accepted");
    expect(said).not.toContain("canary");
    expect(said).not.toContain(deviceSecretText);
    await world.clock.advance(20_000);
    const stored = await Promise.all(
      world.store.keys.filter((key) => key.startsWith("softap.")).map((key) => world.stored(key)),
    );
    expect(stored.join()).not.toContain("canary");
    await world.end();
  });
});
