import { neverCanceled } from "@softap/ports";
import { decodeUtf8, Secret } from "@softap/protocol";
import { describe, expect, test } from "vitest";
import { rightPassphrase, story, type World, wrongPassphrase } from "./world.ts";

async function phoneSsid({ phone }: World): Promise<string | undefined> {
  const ssid = await phone.wifi.currentSsid({ signal: neverCanceled });
  return ssid === undefined ? undefined : decodeUtf8(ssid);
}

test(
  "the token is fetched before the phone goes offline",
  story({}, async (world) => {
    const running = world.provision();
    const verdict = await world.clock.complete(running.result, 60_000);
    expect(verdict).toMatchObject({ verdict: "bound" });
    const names: string[] = [];
    for await (const { name } of running) if (!names.includes(name)) names.push(name);
    expect(names.slice(0, 3)).toEqual(["createToken", "joinSoftAp", "sendCredentials"]);
    expect(names.at(-1)).toBe("verdict");
  }),
);

test(
  "a phone without internet fails before it disturbs anybody",
  story({}, async (world) => {
    world.router.setInternet(false);
    const verdict = await world.verdict();
    expect(verdict).toMatchObject({ verdict: "failed", attempts: 0 });
    expect(world.lamp.count("phoneJoined")).toBe(0);
    expect(await phoneSsid(world)).toBe("Home-WiFi");
  }),
);

test(
  "a cloud that says nothing keeps nobody waiting for ever",
  story({}, async (world) => {
    world.cloud.server.outage = "silent";
    const verdict = await world.verdict();
    expect(verdict).toMatchObject({ verdict: "failed", attempts: 0 });
    expect(verdict.elapsedMs).toBeLessThanOrEqual(15_000);
  }),
);

test(
  "a device that says nothing keeps nobody waiting for ever",
  story({}, async (world) => {
    const { lamp } = world;
    await world.clock.complete(lamp.device.stop(), 10_000);
    await lamp.radio.softAp.start(
      { ssid: Buffer.from(lamp.softApSsid), passphrase: undefined },
      { signal: neverCanceled },
    );
    const verdict = await world.verdict();
    expect(verdict).toMatchObject({ verdict: "failed", code: "DEVICE_SILENT" });
    expect(verdict.elapsedMs).toBeLessThan(35_000);
    await lamp.radio.softAp.stop({ signal: neverCanceled });
  }),
);

test(
  "a wrong passphrase of the soft AP is no success of the phone's system",
  story(
    { device: { softAp: { ssid: "softap-lamp-1", passphrase: Secret.of("soft-ap-1234") } } },
    async (world) => {
      const softAp = { ssid: "softap-lamp-1", passphrase: wrongPassphrase };
      const verdict = await world.verdict({ softAp });
      expect(verdict).toMatchObject({ verdict: "failed", code: "WIFI_AUTH_FAILED", attempts: 0 });
      expect(await phoneSsid(world)).toBe("Home-WiFi");
      const right = { ...softAp, passphrase: Secret.of("soft-ap-1234") };
      expect(await world.verdict({ softAp: right })).toMatchObject({ verdict: "bound" });
    },
  ),
);

test(
  "a soft AP that is not there is named",
  story({}, async (world) => {
    const verdict = await world.verdict({ softAp: { ssid: "softap-other" } });
    expect(verdict).toMatchObject({ verdict: "failed", code: "WIFI_NOT_FOUND", attempts: 0 });
  }),
);

test(
  "a person who does not allow the change of network is told what is missing",
  story({ phone: { isAllowed: false } }, async (world) => {
    expect(await world.verdict()).toMatchObject({
      verdict: "failed",
      code: "PERMISSION_DENIED",
      attempts: 0,
    });
    expect(await phoneSsid(world)).toBe("Home-WiFi");
  }),
);

test(
  "a phone with mobile data asks the cloud while it is on the soft AP",
  story({ phone: { hasMobileData: true } }, async (world) => {
    world.cloud.broker.latencyMs = 600;
    const verdict = await world.verdict();
    expect(verdict).toMatchObject({ verdict: "bound" });
    await world.expectConnected();
  }),
);

describe("whatever the verdict, the phone is back on its own network", () => {
  const endings: Record<string, (world: World) => Promise<unknown>> = {
    bound: (world) => world.verdict(),
    failed: (world) => world.verdict({ network: { ssid: "Home-WiFi", passphrase: wrongPassphrase } }),
    "nobody there": async (world) => {
      world.lamp.cutPower();
      return world.verdict();
    },
    "given up": async (world) => {
      const running = world.provision();
      await world.until(() => world.phone.wifi.isOnSoftAp);
      running.cancel();
      return world.clock.complete(running.result, 60_000);
    },
    "given up at once": async (world) => {
      const running = world.provision();
      running.cancel();
      return world.clock.complete(running.result, 60_000);
    },
  };
  for (const [ending, run] of Object.entries(endings))
    test(
      `the ending: ${ending}`,
      story({}, async (world) => {
        await run(world);
        expect(await phoneSsid(world)).toBe("Home-WiFi");
        expect(world.phone.host.isOnline).toBe(true);
      }),
    );
});

test(
  "a person who thinks for long loses nothing",
  story({}, async (world) => {
    const { clock } = world;
    const verdict = await world.verdict({
      network: { ssid: "Home-WiFi", passphrase: wrongPassphrase },
      retry: () =>
        new Promise((resolve) => {
          clock.after("person thinks", 120_000, () => resolve({ passphrase: rightPassphrase }));
        }),
    });
    expect(verdict).toMatchObject({ verdict: "bound", attempts: 2 });
  }),
);

test(
  "a passphrase that cannot be right is asked for again before it is sent",
  story({}, async (world) => {
    const asked: string[] = [];
    const verdict = await world.verdict({
      network: { ssid: "Home-WiFi", passphrase: wrongPassphrase },
      retry: async ({ code }) => {
        asked.push(code);
        return { passphrase: asked.length === 1 ? Secret.of("short") : rightPassphrase };
      },
    });
    expect(asked).toEqual(["WIFI_AUTH_FAILED", "PASSPHRASE_LENGTH"]);
    expect(verdict).toMatchObject({ verdict: "bound", attempts: 2 });
  }),
);

test(
  "two phones at once: one binds the device, the other is told",
  story({}, async (world) => {
    const { clock, lamp } = world;
    const other = await world.addPhone("other");
    const first = world.provision();
    const second = world.provision({}, { phone: other });
    const verdicts = await clock.complete(Promise.all([first.result, second.result]), 400_000);
    const bound = verdicts.filter(({ verdict }) => verdict === "bound");
    expect(bound).toHaveLength(1);
    const owners = [await world.devicesOf(), await world.devicesOf(other)].flat();
    expect(owners).toEqual([lamp.deviceId]);
    await world.expectConnected();
  }),
);
