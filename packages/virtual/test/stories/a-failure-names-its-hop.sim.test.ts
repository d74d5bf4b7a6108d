import { type ErrorCode, Secret } from "@softap/protocol";
import { describe, expect, test } from "vitest";
import { RawPhone } from "./raw-phone.ts";
import { rightPassphrase, story, type World, wrongPassphrase } from "./world.ts";

interface Cause {
  readonly cause: string;
  readonly code: ErrorCode;
  readonly arrange: (world: World) => void | Promise<void>;
}

/** What can go wrong while the phone itself is fine. */
const causes: readonly Cause[] = [
  {
    cause: "the router has another passphrase",
    code: "WIFI_AUTH_FAILED",
    arrange: ({ router }) => {
      router.passphrase = wrongPassphrase;
    },
  },
  {
    cause: "the network is too far away",
    code: "WIFI_TOO_WEAK",
    arrange: ({ router }) => {
      router.rssiDbm = -90;
    },
  },
  {
    cause: "the router is out of reach of the device",
    code: "WIFI_NOT_FOUND",
    arrange: ({ router }) => {
      router.rssiDbm = -120;
    },
  },
  {
    cause: "the router sends the device away",
    code: "WIFI_REFUSED",
    arrange: ({ router }) => {
      router.isRefusing = true;
    },
  },
  {
    cause: "DHCP stays silent",
    code: "WIFI_NO_ADDRESS",
    arrange: ({ router }) => {
      router.dhcp = "silent";
    },
  },
  {
    cause: "the router is slower than anybody waits",
    code: "WIFI_JOIN_TIMEOUT",
    arrange: ({ router }) => {
      router.joinMs = 600_000;
    },
  },
  {
    cause: "nobody listens at the broker",
    code: "CLOUD_UNREACHABLE",
    arrange: ({ cloud }) => {
      cloud.broker.outage = "refused";
    },
  },
  {
    cause: "the broker says nothing",
    code: "CLOUD_UNREACHABLE",
    arrange: ({ cloud }) => {
      cloud.broker.outage = "silent";
    },
  },
  {
    cause: "the broker speaks no TLS",
    code: "TLS_FAILED",
    arrange: ({ cloud }) => {
      cloud.broker.outage = "tls";
    },
  },
  {
    cause: "the cloud has another secret for the device",
    code: "MQTT_REFUSED",
    arrange: async ({ cloud, lamp }) => {
      const [productId = "", deviceName = ""] = lamp.deviceId.split("/");
      await cloud.core.rules.devices.reset({ productId, deviceName });
    },
  },
];

describe.each(causes)("$cause", ({ code, arrange }) => {
  test(
    `the person is told ${code}, with the phone back on the soft AP`,
    story({}, async (world) => {
      await arrange(world);
      let isOnSoftAp: boolean | undefined;
      const verdict = await world.verdict({
        retry: async () => {
          isOnSoftAp = world.phone.wifi.isOnSoftAp;
          return undefined;
        },
      });
      expect(verdict).toMatchObject({ verdict: "failed", code, attempts: 1 });
      // Where nothing can be tried again, nobody is asked.
      if (verdict.verdict === "failed" && verdict.retry !== "no") expect(isOnSoftAp).toBe(true);
      expect(world.lamp.steps.find(({ name }) => name === "attemptFailed")).toMatchObject({ code });
      expect(await world.lamp.keptSsid()).toBeUndefined();
    }),
  );
});

test(
  "a cloud that takes the token and says nothing is told as that",
  story({}, async (world) => {
    const { lamp, cloud } = world;
    cloud.losesPushes = true;
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
    await world.until(() => lamp.count("attemptFailed") === 1);
    expect(lamp.steps.find(({ name }) => name === "attemptFailed")).toMatchObject({
      code: "BIND_REPLY_TIMEOUT",
    });
    expect(await lamp.keptSsid()).toBeUndefined();
    cloud.losesPushes = false;
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
    await world.expectConnected();
  }),
);

const registrations: readonly Cause[] = [
  {
    cause: "the product has no dynamic registration",
    code: "REGISTRATION_DISABLED",
    arrange: async ({ cloud, lamp }) => {
      const [productId = ""] = lamp.deviceId.split("/");
      await cloud.core.rules.products.update(productId, { registrationMode: "off" });
    },
  },
  {
    cause: "the device was not created in advance",
    code: "REGISTRATION_NOT_CREATED",
    arrange: async ({ cloud, lamp }) => {
      const [productId = ""] = lamp.deviceId.split("/");
      await cloud.core.rules.products.update(productId, { registrationMode: "pre-created" });
    },
  },
  {
    cause: "the product has all its devices",
    code: "REGISTRATION_LIMIT",
    arrange: async ({ cloud, lamp }) => {
      const [productId = ""] = lamp.deviceId.split("/");
      await cloud.core.rules.products.update(productId, { deviceLimit: 0 });
    },
  },
];

describe.each(registrations)("$cause", ({ code, arrange }) => {
  test(
    `a registration that is refused is told as ${code}`,
    story({ secret: "product secret" }, async (world) => {
      await arrange(world);
      expect(await world.verdict()).toMatchObject({ verdict: "failed", code });
      expect(await world.lamp.stored("softap.credentials")).toBeUndefined();
      expect(await world.lamp.keptSsid()).toBeUndefined();
    }),
  );
});

test(
  "a device registers, stores its secret, and only then uses it",
  story({ secret: "product secret" }, async (world) => {
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
    expect(await world.lamp.stored("softap.credentials")).toMatch(/deviceSecret/);
    world.lamp.cutPower();
    await world.lamp.boot();
    await world.expectConnected();
  }),
);

test(
  "a token of another region is refused before anything is tried",
  story({}, async (world) => {
    const verdict = await world.verdict({ region: "na-ashburn" });
    expect(verdict).toMatchObject({ verdict: "failed", code: "REGION_MISMATCH" });
    expect(world.lamp.radio.history.filter(({ what }) => what === "joinStarted")).toHaveLength(0);
    expect(await world.verdict({ region: "ap-guangzhou" })).toMatchObject({ verdict: "bound" });
  }),
);

test(
  "an old phone reads the reason in the text that it knows",
  story({}, async (world) => {
    const raw = await RawPhone.join(world, world.phone);
    await raw.sendNetwork({ passphrase: wrongPassphrase, token: Secret.of("t".repeat(32)) });
    await world.until(() => raw.errors.length > 0);
    const error = raw.replies.find((reply) => reply.type === "error");
    expect(error).toMatchObject({ isCurrent: true, log: expect.stringMatching(/^.+ \(\d+, -?\d+\)$/) });
    raw.close();
  }),
);

test(
  "silence of the router is not a wrong passphrase",
  story({}, async (world) => {
    world.router.joinMs = 600_000;
    const verdict = await world.verdict();
    expect(verdict).toMatchObject({ verdict: "failed", retry: "yes" });
    expect(verdict).not.toMatchObject({ code: "WIFI_AUTH_FAILED" });
  }),
);

test(
  "what a phone could not be told is told to the next one, once",
  story({}, async (world) => {
    const { lamp, cloud } = world;
    cloud.broker.outage = "refused";
    const running = world.provision();
    await world.until(() => lamp.count("networkJoined") === 1);
    running.cancel();
    await world.clock.complete(running.result, 60_000);
    await world.until(() => lamp.count("attemptFailed") === 1, 120_000);
    cloud.broker.outage = undefined;
    const verdict = await world.verdict();
    expect(verdict).toMatchObject({ verdict: "bound" });
    expect(verdict.previousErrors.map(({ code }) => code)).toEqual([]);
    expect(await lamp.stored("softap.errors")).toContain("CLOUD_UNREACHABLE");
    await world.until(() => lamp.events.some(({ type }) => type === "sessionEnded"));
    await world.clock.complete(lamp.device.startSoftAp({ ssid: lamp.softApSsid }), 10_000);
    const next = await world.verdict({ network: { ssid: "Home-WiFi", passphrase: rightPassphrase } });
    expect(next.previousErrors.map(({ code }) => code)).toEqual(["CLOUD_UNREACHABLE"]);
    expect(await lamp.stored("softap.errors")).toBeUndefined();
  }),
);
