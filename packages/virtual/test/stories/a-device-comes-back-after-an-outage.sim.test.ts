import { Secret } from "@softap/protocol";
import { describe, expect, test } from "vitest";
import { RawPhone } from "./raw-phone.ts";
import { story, type World } from "./world.ts";

const openAfterMs = 180_000;

/** The power of the whole house goes, and the device is back before the router. */
async function outage(world: World): Promise<void> {
  world.router.switchOff();
  world.lamp.cutPower();
  await world.lamp.boot();
}

describe.each([
  { radio: "a radio that does both", softApWhileStation: true },
  { radio: "a radio that does one thing at a time", softApWhileStation: false },
])("with $radio", ({ softApWhileStation }) => {
  const options = { begins: "bound", radio: { capabilities: { softApWhileStation } } } as const;

  test(
    "a device that boots faster than its router waits for it, and needs nobody",
    story(options, async (world) => {
      const { lamp, router } = world;
      await outage(world);
      await world.clock.advance(60_000);
      expect(lamp.radio.softAp.isUp).toBe(false);
      router.switchOn();
      const onAtMs = world.clock.monotonicMs();
      await world.expectConnected();
      expect(world.clock.monotonicMs() - onAtMs).toBeLessThan(20_000);
    }),
  );

  test(
    "the soft AP opens as often as there is an outage, also within one boot",
    story(options, async (world) => {
      const { lamp, router } = world;
      for (let round = 0; round < 3; round++) {
        router.switchOff();
        await world.until(() => lamp.radio.softAp.isUp, openAfterMs + 60_000);
        router.switchOn();
        // A radio that carries the soft AP cannot look around; it gets its turn when the session ends.
        await world.until(() => lamp.joinedSsid === "Home-WiFi", 400_000);
        await world.expectConnected();
        await world.until(() => !lamp.radio.softAp.isUp, 60_000);
      }
    }),
  );
});

test(
  "behind the open soft AP the device keeps trying its network",
  story({ begins: "bound" }, async (world) => {
    const { lamp, router } = world;
    await outage(world);
    await world.until(() => lamp.radio.softAp.isUp, openAfterMs + 60_000);
    router.switchOn();
    const onAtMs = world.clock.monotonicMs();
    await world.expectConnected();
    expect(world.clock.monotonicMs() - onAtMs).toBeLessThan(20_000);
    await world.until(() => !lamp.radio.softAp.isUp, 60_000);
  }),
);

test(
  "a phone that stays on the soft AP is disturbed seldom, and does not keep the device from its router",
  story({ begins: "bound" }, async (world) => {
    const { lamp } = world;
    await outage(world);
    await world.until(() => lamp.radio.softAp.isUp, openAfterMs + 60_000);
    const raw = await RawPhone.join(world, world.phone);
    await world.clock.advance(200_000);
    const joins = lamp.radio.history.filter(({ what, phones }) => phones > 0 && what === "joinStarted");
    expect(joins.length).toBeGreaterThan(1);
    for (const [index, { atMs }] of joins.slice(1).entries())
      expect(atMs - (joins[index]?.atMs ?? 0)).toBeGreaterThanOrEqual(30_000);
    world.router.switchOn();
    await world.expectConnected();
    raw.close();
  }),
);

test(
  "a neighbour who finds the soft AP of an outage does not get the device, and its network stays kept",
  story({ begins: "bound" }, async (world) => {
    const { lamp, router, air } = world;
    const theirs = air.addRouter({ ssid: "Neighbour", passphrase: Secret.of("neighbour-1") });
    const neighbour = await world.addPhone("neighbour", { home: theirs });
    await outage(world);
    await world.until(() => lamp.radio.softAp.isUp, openAfterMs + 60_000);
    const network = { ssid: theirs.ssid, passphrase: Secret.of("neighbour-1") };
    const verdict = await world.verdict({ network }, { phone: neighbour });
    expect(verdict).toMatchObject({ verdict: "failed", code: "DEVICE_BOUND_ELSEWHERE" });
    expect(await world.devicesOf(neighbour)).toEqual([]);
    router.switchOn();
    await world.expectConnected();
    expect(await lamp.keptSsid()).toBe("Home-WiFi");
    expect(lamp.joinedSsid).toBe("Home-WiFi");
  }),
);

test(
  "a device that is on its network opens no soft AP",
  story({ begins: "bound" }, async (world) => {
    const { lamp } = world;
    lamp.cutPower();
    await lamp.boot();
    await world.expectConnected();
    await world.clock.advance(openAfterMs * 2);
    expect(lamp.radio.history.some(({ what }) => what === "softApUp")).toBe(false);
  }),
);

test(
  "a slow first look is not taken for an absent network",
  story({ begins: "off" }, async (world) => {
    const { lamp, router } = world;
    await lamp.boot();
    router.rssiDbm = -120;
    const running = world.provision();
    await world.until(() => lamp.radio.history.some(({ what }) => what === "joinFailed"));
    router.rssiDbm = -50;
    const verdict = await world.clock.complete(running.result, 120_000);
    expect(verdict).toMatchObject({ verdict: "bound", attempts: 1 });
  }),
);

test(
  "a router that refuses the passphrase is asked seldom, an absent one often",
  story({ begins: "bound" }, async (world) => {
    const { lamp, router } = world;
    const joinsWithin = async (spanMs: number): Promise<number> => {
      const fromMs = world.clock.monotonicMs();
      await world.clock.advance(spanMs);
      return lamp.radio.history.filter(({ what, atMs }) => what === "joinStarted" && atMs > fromMs).length;
    };
    router.switchOff();
    const absent = await joinsWithin(600_000);
    router.passphrase = Secret.of("changed-1234");
    router.switchOn();
    await world.clock.advance(60_000);
    const refused = await joinsWithin(600_000);
    expect(refused).toBeGreaterThan(0);
    expect(absent).toBeGreaterThan(refused * 5);
  }),
);

test(
  "a passphrase that was changed back is enough: nothing was forgotten",
  story({ begins: "bound" }, async (world) => {
    const { lamp, router } = world;
    const { passphrase } = router;
    router.passphrase = Secret.of("changed-1234");
    router.switchOff();
    router.switchOn();
    await world.until(() => lamp.radio.softAp.isUp, 60_000);
    router.passphrase = passphrase;
    await world.until(() => lamp.joinedSsid === "Home-WiFi", 900_000);
    await world.expectConnected();
  }),
);

describe("whoever wants no soft AP without asking says so", () => {
  for (const policy of ["button", "never"] as const)
    test(
      `policy "${policy}" opens none in an outage`,
      story({ begins: "off", device: { supervisor: { policy } } }, async (world) => {
        const { lamp, clock, router } = world;
        await lamp.boot({ device: { supervisor: { policy: "auto" } } });
        expect(await world.verdict()).toMatchObject({ verdict: "bound" });
        await outage(world);
        await clock.advance(openAfterMs * 3);
        expect(lamp.radio.history.some(({ what }) => what === "softApUp")).toBe(false);
        const pressed = lamp.device.startSoftAp({ ssid: lamp.softApSsid });
        if (policy === "never") await expect(pressed).rejects.toMatchObject({ code: "USAGE" });
        else await clock.complete(pressed, 10_000);
        expect(lamp.radio.softAp.isUp).toBe(policy === "button");
        router.switchOn();
        await world.expectConnected();
      }),
    );
});

test(
  "the connection to the cloud comes back by itself, and with patience",
  story({ begins: "bound" }, async (world) => {
    const { cloud, lamp } = world;
    cloud.broker.outage = "refused";
    cloud.broker.dropAll();
    await world.clock.advance(600_000);
    cloud.broker.outage = undefined;
    await world.expectConnected();
    expect(lamp.joinedSsid).toBe("Home-WiFi");
    expect(lamp.events.filter(({ type }) => type === "connected").length).toBe(2);
  }),
);

test(
  "the way to the internet may break while the network stays",
  story({ begins: "bound" }, async (world) => {
    const { router, lamp } = world;
    router.setInternet(false);
    await world.until(() => !lamp.device.mqtt.isConnected);
    await world.clock.advance(openAfterMs * 2);
    expect(lamp.radio.softAp.isUp).toBe(false);
    router.setInternet(true);
    await world.expectConnected();
  }),
);
