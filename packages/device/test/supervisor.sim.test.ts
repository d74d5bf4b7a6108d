import { describe, expect, test } from "vitest";
import { neverCanceled } from "@softap/ports";
import { Secret } from "@softap/protocol";
import { World, type WorldOptions } from "./world.ts";

const minute = 60_000;

/** A device that is bound and runs by itself; its phone has gone home. */
async function bound(options: WorldOptions = {}): Promise<World> {
  const world = new World(options);
  await world.clock.complete(world.device.start(), 1_000);
  const phone = await world.phone();
  await phone.sendNetwork({});
  await world.until(() => world.device.isProvisioningSuccessful());
  phone.close();
  await world.clock.complete(world.phoneWifi.restore({ signal: neverCanceled }), minute);
  await world.clock.advance(15_000);
  expect(world.radio.softAp.isUp).toBe(false);
  return world;
}

describe.each([true, false])("a bound device whose radio does both: %s", (softApWhileStation) => {
  const radio = { capabilities: { softApWhileStation } };

  test("joins its network at the next start and opens no soft AP", async () => {
    const world = await bound({ radio });
    await world.restart();
    await world.clock.complete(world.device.start(), 1_000);
    await world.until(() => world.device.mqtt.isConnected);
    await world.clock.advance(10 * minute);
    expect(world.radio.history.some(({ what }) => what === "softApUp")).toBe(false);
    expect(world.device.isProvisioningSuccessful()).toBe(true);
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("is back soon after a short outage, without a soft AP", async () => {
    const world = await bound({ radio });
    world.router.switchOff();
    await world.clock.advance(minute);
    expect(world.device.mqtt.isConnected).toBe(false);
    expect(world.radio.softAp.isUp).toBe(false);
    world.router.switchOn();
    await world.until(() => world.device.mqtt.isConnected, 20_000);
    await world.end();
  });

  test("opens its soft AP in a long outage, keeps trying, and closes it when the router is back, every time", async () => {
    const world = await bound({ radio });
    for (let outage = 1; outage <= 3; outage++) {
      world.router.switchOff();
      await world.until(() => world.radio.softAp.isUp, 4 * minute);
      await world.clock.advance(minute);
      world.router.switchOn();
      await world.until(() => world.device.mqtt.isConnected, 10 * minute);
      await world.clock.advance(1_000);
      expect(world.radio.softAp.isUp).toBe(false);
    }
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });
});

describe("a bound device", () => {
  test("searches at most twice a minute while a phone is on its soft AP, and returns when the router is back", async () => {
    const world = await bound();
    world.router.switchOff();
    await world.until(() => world.radio.softAp.isUp, 4 * minute);
    const phone = await world.phone();
    const from = world.clock.monotonicMs();
    await world.clock.advance(4 * minute);
    const searches = world.radio.history.filter(
      ({ what, atMs }) => (what === "joinStarted" || what === "scanStarted") && atMs > from,
    );
    const joins = searches.filter(({ what }) => what === "joinStarted").map(({ atMs }) => atMs);
    expect(joins.length).toBeGreaterThan(1);
    for (const [index, atMs] of joins.slice(1).entries())
      expect(atMs - (joins[index] ?? 0)).toBeGreaterThanOrEqual(0.5 * minute);
    world.router.switchOn();
    await world.until(() => world.device.mqtt.isConnected, 2 * minute);
    phone.close();
    await world.end();
  });

  test("opens its soft AP at once when the router refuses the kept passphrase, and asks it seldom", async () => {
    const world = await bound();
    world.router.passphrase = Secret.of("changed-by-owner");
    world.router.switchOff();
    world.router.switchOn();
    await world.until(() => world.radio.softAp.isUp, minute);
    const from = world.clock.monotonicMs();
    await world.clock.advance(10 * minute);
    const joins = world.radio.history.filter(({ what, atMs }) => what === "joinStarted" && atMs > from);
    expect(joins.length).toBeGreaterThan(0);
    expect(joins.length).toBeLessThan(5);
    const phone = await world.phone();
    await phone.sendNetwork({ passphrase: "changed-by-owner", token: "again" });
    await world.until(() => world.cloud.tokens.includes("again") && world.device.isProvisioningSuccessful());
    await world.end();
  });

  test.each(["button", "never"] as const)(
    "with policy %s opens nothing by itself and keeps trying",
    async (policy) => {
      const world = await bound();
      await world.restart({ supervisor: { policy } });
      await world.clock.complete(world.device.start(), 1_000);
      await world.until(() => world.device.mqtt.isConnected);
      world.router.switchOff();
      await world.clock.advance(60 * minute);
      expect(world.radio.softAp.isUp).toBe(false);
      world.router.switchOn();
      await world.until(() => world.device.mqtt.isConnected, minute);
      await world.end();
    },
  );

  test("with policy never refuses to open a soft AP", async () => {
    const world = new World({ device: { supervisor: { policy: "never" } } });
    await world.clock.complete(world.device.start(), 1_000);
    await expect(world.device.startSoftAp({ ssid: "lamp" })).rejects.toMatchObject({ code: "USAGE" });
    await expect(world.device.startLogSoftAp()).rejects.toMatchObject({ code: "USAGE" });
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("connects again with growing pauses of at least 5 s, and asks whether it is bound", async () => {
    const world = await bound();
    expect(world.cloud.usernames).toHaveLength(1);
    const from = world.clock.monotonicMs();
    world.cloud.broker.outage = "refused";
    world.cloud.broker.dropAll();
    await world.clock.advance(minute);
    world.cloud.broker.outage = undefined;
    await world.until(() => world.device.mqtt.isConnected, 2 * minute);
    expect(world.clock.monotonicMs() - from).toBeGreaterThanOrEqual(5_000);
    await world.until(() => world.events.some((event) => event.type === "bound" && event.isConfirmed));
    expect(world.cloud.received.filter(({ method }) => method === "bind_device_query")).toHaveLength(1);
    expect(await world.stored("softap.binding")).toBe("bound");
    world.cloud.broker.dropAll();
    await world.clock.advance(1_000);
    await world.until(() => world.device.mqtt.isConnected, 2 * minute);
    await world.clock.advance(1_000);
    expect(world.cloud.received.filter(({ method }) => method === "bind_device_query")).toHaveLength(1);
    await world.end();
  });

  test("learns of bind_device and unbind_device", async () => {
    const world = await bound();
    world.cloud.send({ method: "bind_device", clientToken: "c" });
    world.cloud.send({ method: "bind_device", clientToken: "c" });
    await world.until(() => world.events.some((event) => event.type === "bound" && event.isConfirmed));
    world.cloud.send({ method: "unbind_device", clientToken: "c" });
    await world.until(() => world.events.some(({ type }) => type === "unbound"));
    await world.clock.settle();
    expect(await world.stored("softap.binding")).toBeUndefined();
    expect(world.events.filter((event) => event.type === "bound" && event.isConfirmed)).toHaveLength(1);
    expect(world.device.isProvisioningSuccessful()).toBe(false);
    expect(world.device.mqtt.isConnected).toBe(true);
    await world.end();
  });

  test("unbind() asks the cloud, and says when it refuses or is silent", async () => {
    const world = await bound();
    world.cloud.unbindCode = 7;
    await expect(world.clock.complete(world.device.unbind(), minute)).rejects.toMatchObject({
      code: "BIND_REFUSED",
    });
    world.cloud.unbindCode = 0;
    await world.clock.complete(world.device.unbind(), minute);
    expect(await world.stored("softap.binding")).toBeUndefined();
    world.cloud.broker.dropAll();
    await world.clock.advance(100);
    await expect(world.device.unbind()).rejects.toMatchObject({ code: "MQTT_LOST" });
    await world.end();
  });

  test("hands its MQTT session to the application, on every later session too", async () => {
    const world = await bound();
    const heard: string[] = [];
    const subscription = await world.clock.complete(
      world.device.mqtt.subscribe("L4WG9V9M2M/lamp-1/+", (payload, topic) =>
        heard.push(`${topic} ${Buffer.from(payload).toString()}`),
      ),
      1_000,
    );
    world.cloud.broker.publish("L4WG9V9M2M/lamp-1/control", Buffer.from("on"));
    await world.clock.advance(100);
    world.cloud.broker.dropAll();
    await world.clock.advance(100);
    await world.until(() => world.device.mqtt.isConnected);
    await world.clock.advance(100);
    world.cloud.broker.publish("L4WG9V9M2M/lamp-1/control", Buffer.from("off"));
    await world.clock.advance(100);
    subscription.close();
    world.cloud.broker.publish("L4WG9V9M2M/lamp-1/control", Buffer.from("ignored"));
    await world.clock.advance(100);
    expect(heard).toEqual(["L4WG9V9M2M/lamp-1/control on", "L4WG9V9M2M/lamp-1/control off"]);
    await world.clock.complete(
      world.device.mqtt.publish("L4WG9V9M2M/lamp-1/data", Buffer.from("hi"), { qos: 1 }),
      1_000,
    );
    await world.end();
  });

  test("factoryReset() forgets network and owner and opens the soft AP", async () => {
    const world = await bound();
    await world.clock.complete(world.device.factoryReset(), minute);
    expect(await world.radio.station.keptSsid({ signal: neverCanceled })).toBeUndefined();
    expect(await world.stored("softap.binding")).toBeUndefined();
    expect(world.radio.softAp.isUp).toBe(true);
    expect(world.device.isProvisioningSuccessful()).toBe(false);
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("shows where it stands by its light", async () => {
    const world = new World();
    await world.clock.complete(world.device.start(), 1_000);
    const phone = await world.phone();
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    world.router.switchOff();
    await world.clock.advance(100);
    expect(world.led.shown.map(({ onMs, offMs }) => `${onMs}/${offMs}`)).toMatchInlineSnapshot(`
      [
        "0/1000",
        "200/200",
        "500/500",
        "1000/0",
        "1900/100",
        "100/1900",
      ]
    `);
    await world.end();
  });
});
