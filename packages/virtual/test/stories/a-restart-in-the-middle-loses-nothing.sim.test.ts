import type { DeviceStep } from "@softap/device";
import { describe, expect, test } from "vitest";
import { story, wrongPassphrase } from "./world.ts";

const moments = [
  "credentialsReceived",
  "joiningNetwork",
  "networkJoined",
  "registering",
  "connecting",
  "reportingToken",
  "tokenAccepted",
  "bound",
] satisfies DeviceStep["name"][];

describe.each([
  { radio: "a radio that does both", softApWhileStation: true },
  { radio: "a radio that does one thing at a time", softApWhileStation: false },
])("with $radio", ({ softApWhileStation }) => {
  for (const moment of moments)
    test(
      `a device that loses its power at "${moment}" takes up the same attempt with the same token`,
      story({ secret: "product secret", radio: { capabilities: { softApWhileStation } } }, async (world) => {
        const { lamp } = world;
        const running = world.provision();
        await world.until(() => lamp.count(moment) === 1);
        lamp.cutPower();
        await lamp.boot();
        const verdict = await world.clock.complete(running.result, 300_000);
        expect(verdict).toMatchObject({ verdict: "bound", deviceId: lamp.deviceId });
        await world.expectConnected();
        expect(await lamp.keptSsid()).toBe("Home-WiFi");
        expect(await lamp.stored("softap.pending")).toBeUndefined();
        expect(await world.devicesOf()).toEqual([lamp.deviceId]);
      }),
    );
});

test(
  "a device that crashes again and again gives the attempt up, and says so",
  story({}, async (world) => {
    const { lamp, cloud } = world;
    cloud.broker.outage = "silent";
    const running = world.provision();
    await world.until(() => lamp.count("connecting") === 1);
    running.cancel();
    await world.clock.complete(running.result, 60_000);
    for (let crash = 2; crash <= 4; crash++) {
      lamp.cutPower();
      await lamp.boot();
      await world.until(() => lamp.count("connecting") === crash);
    }
    lamp.cutPower();
    await lamp.boot();
    cloud.broker.outage = undefined;
    await world.clock.advance(60_000);
    expect(lamp.count("connecting")).toBe(4);
    const verdict = await world.verdict();
    expect(verdict).toMatchObject({ verdict: "bound" });
    expect(verdict.previousErrors.map(({ code }) => code)).toEqual(["SESSION_EXPIRED"]);
  }),
);

test(
  "a restart in the middle of a wrong passphrase ends where it would have ended",
  story({}, async (world) => {
    const { lamp } = world;
    const running = world.provision({ network: { ssid: "Home-WiFi", passphrase: wrongPassphrase } });
    await world.until(() => lamp.count("joiningNetwork") === 1);
    lamp.cutPower();
    await lamp.boot();
    await world.until(() => lamp.count("attemptFailed") === 1);
    expect(lamp.radio.softAp.isUp).toBe(true);
    expect(await lamp.keptSsid()).toBeUndefined();
    await world.clock.complete(running.result, 300_000);
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
  }),
);

test(
  "a phone that gives up in the middle harms neither the device nor the next phone",
  story({}, async (world) => {
    const { lamp } = world;
    for (const moment of ["credentialsReceived", "joiningNetwork"] as const) {
      const before = lamp.count(moment);
      const running = world.provision({ network: { ssid: "Home-WiFi", passphrase: wrongPassphrase } });
      await world.until(() => lamp.count(moment) > before);
      running.cancel("the person left the page");
      const verdict = await world.clock.complete(running.result, 60_000);
      expect(verdict).toMatchObject({ verdict: "failed", code: "CANCELED" });
      expect(world.phone.wifi.isOnSoftAp).toBe(false);
      await world.clock.advance(2_000);
    }
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
    await world.expectConnected();
  }),
);

test(
  "a binding that nobody confirmed is asked for at the next connection",
  story({}, async (world) => {
    const { lamp, cloud } = world;
    const running = world.provision();
    await world.until(() => lamp.count("bound") === 1);
    // The push is lost: the device has no power when the phone ties it to the family.
    lamp.cutPower();
    expect(await world.clock.complete(running.result, 300_000)).toMatchObject({ verdict: "bound" });
    expect(await lamp.stored("softap.binding")).toBe("accepted");
    await lamp.boot();
    await world.until(() => lamp.events.some((event) => event.type === "bound" && event.isConfirmed));
    await world.until(() => cloud.uplinks.some((line) => line.includes("bind_device_query")));
    expect(await lamp.stored("softap.binding")).toBe("bound");
  }),
);

test(
  "a dozen restarts later the device is still its owner's",
  story({ begins: "bound" }, async (world) => {
    const { lamp } = world;
    for (let restart = 0; restart < 12; restart++) {
      lamp.cutPower();
      await lamp.boot();
      await world.expectConnected();
    }
    expect(await world.devicesOf()).toEqual([lamp.deviceId]);
  }),
);
