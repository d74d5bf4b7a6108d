import { Secret } from "@softap/protocol";
import { expect, test } from "vitest";
import { RawPhone } from "./raw-phone.ts";
import { rightPassphrase, story } from "./world.ts";

test(
  "a phone that is thrown off by the change of channel still learns that it worked",
  story({ radio: { dropsPhonesOnChannelSwitch: true } }, async (world) => {
    const { lamp, phone } = world;
    const running = world.provision();
    await world.until(() => lamp.radio.history.some(({ what }) => what === "phoneLeft"));
    expect(phone.wifi.isOnSoftAp).toBe(false);
    expect(await world.clock.complete(running.result, 120_000)).toMatchObject({ verdict: "bound" });
    expect(await world.devicesOf()).toEqual([lamp.deviceId]);
    await world.expectConnected();
  }),
);

test(
  "a device with one radio leaves its soft AP, and the phone hears of it from the cloud",
  story({ radio: { capabilities: { softApWhileStation: false } } }, async (world) => {
    const { lamp } = world;
    const verdict = await world.verdict();
    expect(verdict).toMatchObject({ verdict: "bound" });
    const [up, down] = ["softApUp", "softApDown"].map((what) =>
      lamp.radio.history.findIndex((entry) => entry.what === what),
    );
    expect(up).toBeLessThan(down ?? 0);
    await world.expectConnected();
  }),
);

test(
  "the answer leaves before the radio changes",
  story({ radio: { dropsPhonesOnChannelSwitch: true } }, async (world) => {
    const { lamp } = world;
    const sentAt: number[] = [];
    world.network.onTrace = ({ atMs, from }) => {
      if (from.address === "192.168.4.1") sentAt.push(atMs);
    };
    const running = world.provision();
    await world.clock.complete(running.result, 120_000);
    const joinAt = lamp.radio.history.find(({ what }) => what === "joined")?.atMs;
    expect(sentAt[0]).toBeLessThan(joinAt ?? 0);
  }),
);

test(
  "when every answer is lost, the cloud decides",
  story({}, async (world) => {
    const { lamp, phone } = world;
    const softAp = lamp.radio.softAp.segment;
    softAp?.link(lamp.host, phone.host).impair({ isUp: false });
    const verdict = await world.verdict();
    expect(verdict).toMatchObject({ verdict: "bound", deviceId: lamp.deviceId });
    expect(await world.devicesOf()).toEqual([lamp.deviceId]);
  }),
);

test(
  "credentials that were only sent are no success",
  story({}, async (world) => {
    const { lamp, phone } = world;
    lamp.radio.softAp.segment?.link(phone.host, lamp.host).impair({ isUp: false });
    const verdict = await world.verdict();
    expect(verdict).toMatchObject({ verdict: "failed", code: "DEVICE_SILENT" });
    expect(lamp.count("credentialsReceived")).toBe(0);
    expect(await world.devicesOf()).toEqual([]);
  }),
);

test(
  "credentials that were only delivered are no success",
  story({}, async (world) => {
    const { cloud, lamp } = world;
    cloud.broker.outage = "silent";
    const verdict = await world.verdict();
    expect(verdict).not.toMatchObject({ verdict: "bound" });
    expect(lamp.count("credentialsReceived")).toBe(1);
    expect(await lamp.keptSsid()).toBeUndefined();
  }),
);

test(
  "what nobody knows is called unknown, and the same device can be asked for again",
  story({}, async (world) => {
    const { cloud, lamp, phone } = world;
    const running = world.provision();
    await world.until(() => lamp.count("credentialsReceived") === 1);
    // The phone loses the device and the cloud: nobody is left to ask.
    lamp.radio.softAp.segment?.link(lamp.host, phone.host).impair({ isUp: false });
    cloud.server.outage = "unreachable";
    const verdict = await world.clock.complete(running.result, 400_000);
    expect(verdict).toMatchObject({
      verdict: "unknown",
      code: "VERDICT_UNKNOWN",
      lastStep: { name: expect.stringMatching(/^(askCloud|joinSoftAp)$/) },
    });
    cloud.server.outage = undefined;
    await world.expectConnected();
    await world.clock.complete(lamp.device.startSoftAp({ ssid: lamp.softApSsid }), 10_000);
    lamp.radio.softAp.segment?.link(lamp.host, phone.host).impair(undefined);
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
  }),
);

test(
  "the second provisioning works like the first",
  story({ begins: "bound" }, async (world) => {
    const { lamp } = world;
    for (let round = 0; round < 5; round++) {
      await world.clock.complete(lamp.device.startSoftAp({ ssid: lamp.softApSsid }), 10_000);
      expect(await world.verdict()).toMatchObject({ verdict: "bound", attempts: 1 });
      const sessions = round + 2;
      await world.until(() => lamp.events.filter(({ type }) => type === "sessionEnded").length === sessions);
    }
    expect(await world.devicesOf()).toEqual([lamp.deviceId]);
    await world.expectConnected();
  }),
);

test(
  "the device's status has the number of its attempt, and its age",
  story({}, async (world) => {
    world.router.joinMs = 5_000;
    const raw = await RawPhone.join(world, world.phone);
    const token = Secret.of("t".repeat(32));
    for (let second = 0; second < 4; second++) {
      await raw.sendNetwork({ passphrase: rightPassphrase, token, trace: "0123abcd" });
      await world.clock.advance(1_000);
    }
    const statuses = raw.replies.flatMap((reply) => (reply.type === "info" ? [reply.status] : []));
    expect(statuses.at(-1)).toMatchObject({ phase: "joining", attempt: 1 });
    const ages = statuses.map((status) => status?.ageMs ?? -1);
    expect(ages).toEqual(ages.toSorted((a, b) => a - b));
    expect(ages.at(-1)).toBeGreaterThan(2_000);
    raw.close();
  }),
);

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8])
  test(
    `air that loses every third datagram, twins and shuffles them costs time, not the device (seed ${seed})`,
    story({ seed, air: { loss: 0.33, duplication: 0.2, reordering: 0.2, jitterMs: 30 } }, async (world) => {
      const verdict = await world.verdict();
      expect(verdict).toMatchObject({ verdict: "bound" });
      expect(world.lamp.radio.history.filter(({ what }) => what === "joinStarted")).toHaveLength(1);
      await world.expectConnected();
    }),
  );
