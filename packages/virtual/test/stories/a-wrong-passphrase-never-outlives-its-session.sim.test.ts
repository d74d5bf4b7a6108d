import type { Failure } from "@softap/phone";
import { Secret } from "@softap/protocol";
import { describe, expect, test } from "vitest";
import { rightPassphrase, story, wrongPassphrase } from "./world.ts";

const secondRouter = { ssid: "Office", passphrase: Secret.of("office-1234"), joinMs: 300 };

describe.each([
  { radio: "a radio that does both", softApWhileStation: true },
  { radio: "a radio that does one thing at a time", softApWhileStation: false },
])("with $radio", ({ softApWhileStation }) => {
  const options = { radio: { capabilities: { softApWhileStation } } };

  test(
    "the previous network comes back when the passphrase of the next one is wrong",
    story({ ...options, begins: "bound" }, async (world) => {
      const { lamp, air } = world;
      const office = air.addRouter(secondRouter);
      await world.clock.complete(lamp.device.startSoftAp({ ssid: lamp.softApSsid }), 10_000);
      const verdict = await world.verdict({ network: { ssid: office.ssid, passphrase: wrongPassphrase } });
      expect(verdict).toMatchObject({ verdict: "failed", code: "WIFI_AUTH_FAILED", retry: "input" });
      expect(await lamp.keptSsid()).toBe("Home-WiFi");
      // A radio that does one thing returns when the session is over.
      await world.until(() => lamp.joinedSsid === "Home-WiFi", 400_000);
      await world.expectConnected();
    }),
  );

  test(
    "wrong, wrong and right are three attempts of one session with one token",
    story(options, async (world) => {
      const { lamp, cloud } = world;
      const asked: Failure[] = [];
      const verdict = await world.verdict({
        network: { ssid: "Home-WiFi", passphrase: wrongPassphrase },
        retry: async (failure) => {
          asked.push(failure);
          return { passphrase: asked.length === 1 ? Secret.of("still-wrong") : rightPassphrase };
        },
      });
      expect(verdict).toMatchObject({ verdict: "bound", attempts: 3 });
      expect(asked.map(({ code, attempt }) => [code, attempt])).toEqual([
        ["WIFI_AUTH_FAILED", 1],
        ["WIFI_AUTH_FAILED", 2],
      ]);
      const tokens = new Set(cloud.uplinks.map((line) => /"token":"(\w+)"/.exec(line)?.[1]));
      expect(tokens.size).toBe(1);
      expect(lamp.events.filter(({ type }) => type === "listening")).toHaveLength(1);
      await world.expectConnected();
    }),
  );

  test(
    "nothing is kept before it worked",
    story(options, async (world) => {
      const verdict = await world.verdict({ network: { ssid: "Home-WiFi", passphrase: wrongPassphrase } });
      expect(verdict).toMatchObject({ verdict: "failed", code: "WIFI_AUTH_FAILED" });
      expect(await world.lamp.keptSsid()).toBeUndefined();
      expect(await world.lamp.stored("softap.pending")).toBeUndefined();
    }),
  );
});

test(
  "a wrong passphrase is tried once, and the soft AP is there with the reason",
  story({}, async (world) => {
    const { lamp } = world;
    await world.verdict({ network: { ssid: "Home-WiFi", passphrase: wrongPassphrase } });
    expect(lamp.radio.history.filter(({ what }) => what === "joinStarted")).toHaveLength(1);
    expect(lamp.radio.softAp.isUp).toBe(true);
    expect(lamp.steps.find(({ name }) => name === "attemptFailed")).toMatchObject({
      code: "WIFI_AUTH_FAILED",
    });
  }),
);

test(
  "a new passphrase for the same network is a provisioning like any other",
  story({ begins: "bound" }, async (world) => {
    const { lamp, router } = world;
    const changed = Secret.of("changed-1234");
    router.passphrase = changed;
    router.switchOff();
    router.switchOn();
    // The refusals open the soft AP sooner than mere absence would.
    await world.until(() => lamp.radio.softAp.isUp, 60_000);
    const verdict = await world.verdict({ network: { ssid: router.ssid, passphrase: changed } });
    expect(verdict).toMatchObject({ verdict: "bound" });
    lamp.cutPower();
    await lamp.boot();
    await world.expectConnected();
  }),
);

test(
  "every attempt has all its tries",
  story({}, async (world) => {
    const { lamp } = world;
    const joins = (): number => lamp.radio.history.filter(({ what }) => what === "joinStarted").length;
    const counts: number[] = [];
    const provisioning = world.verdict({
      network: { ssid: "Nowhere", passphrase: rightPassphrase },
      retry: async () => {
        counts.push(joins());
        return counts.length < 3 ? { passphrase: rightPassphrase } : undefined;
      },
    });
    expect(await provisioning).toMatchObject({ verdict: "failed", code: "WIFI_NOT_FOUND" });
    expect(counts).toEqual([2, 4, 6]);
  }),
);

test(
  "a failed provisioning needs no restart: stop and start are enough, however often",
  story({}, async (world) => {
    const { lamp, clock } = world;
    await world.verdict({ network: { ssid: "Home-WiFi", passphrase: wrongPassphrase } });
    for (let round = 0; round < 3; round++) {
      await clock.complete(lamp.device.stop(), 10_000);
      await clock.complete(lamp.device.stop(), 10_000);
      await clock.complete(lamp.device.start(), 10_000);
      await clock.complete(lamp.device.start(), 10_000);
    }
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
    await world.expectConnected();
  }),
);

test(
  "an empty passphrase locks nobody out: a protected network refuses it",
  story({}, async (world) => {
    const verdict = await world.verdict({ network: { ssid: "Home-WiFi" } });
    expect(verdict).toMatchObject({ verdict: "failed", code: "WIFI_AUTH_FAILED" });
    expect(await world.lamp.keptSsid()).toBeUndefined();
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
  }),
);

test(
  "an open network needs no passphrase",
  story({ router: { security: "open" } }, async (world) => {
    expect(await world.verdict({ network: { ssid: "Home-WiFi" } })).toMatchObject({ verdict: "bound" });
    await world.expectConnected();
  }),
);

test(
  "factory reset forgets network and owner, and the device can be given away",
  story({ begins: "bound" }, async (world) => {
    const { lamp, clock } = world;
    const [family] = await clock.complete(world.phone.account.families(), 10_000);
    const gift = { familyId: family?.familyId ?? "", deviceId: lamp.deviceId };
    await clock.complete(world.phone.account.deleteDevice(gift), 10_000);
    await clock.complete(lamp.device.factoryReset(), 30_000);
    expect(await lamp.keptSsid()).toBeUndefined();
    const friend = await world.addPhone("friend");
    expect(await world.verdict({}, { phone: friend })).toMatchObject({ verdict: "bound" });
    expect(await world.devicesOf(friend)).toEqual([lamp.deviceId]);
    expect(await world.devicesOf()).toEqual([]);
  }),
);

test(
  "factory reset does not unbind: the owner gets the device back, a stranger does not",
  story({ begins: "bound" }, async (world) => {
    const { lamp, clock } = world;
    await clock.complete(lamp.device.factoryReset(), 30_000);
    const stranger = await world.addPhone("stranger");
    const taken = await world.verdict({}, { phone: stranger });
    expect(taken).toMatchObject({ verdict: "failed", code: "DEVICE_BOUND_ELSEWHERE" });
    expect(await lamp.keptSsid()).toBeUndefined();
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
    expect(await world.devicesOf()).toEqual([lamp.deviceId]);
  }),
);
