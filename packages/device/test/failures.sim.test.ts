import { describe, expect, test } from "vitest";
import { neverCanceled } from "@softap/ports";
import { displayBytes, Secret } from "@softap/protocol";
import { World, type WorldOptions } from "./world.ts";

const trace = "0a1b2c3d";

/** What can be wrong with the router, and what phones of both kinds are told. */
const networkFailures: readonly {
  name: string;
  spoil: (world: World) => void;
  passphrase?: string;
  code: string;
  log: string;
}[] = [
  {
    name: "a wrong passphrase",
    spoil: () => undefined,
    passphrase: "wrong-passphrase",
    code: "WIFI_AUTH_FAILED",
    log: "WIFI connect error! (10, 202)",
  },
  {
    name: "a router that is off",
    spoil: (world) => world.router.switchOff(),
    code: "WIFI_NOT_FOUND",
    log: "WIFI connect error! (10, 201)",
  },
  {
    name: "a router that is far away",
    spoil: (world) => {
      world.router.rssiDbm = -92;
    },
    code: "WIFI_TOO_WEAK",
    log: "WIFI connect error! (10, 200)",
  },
  {
    name: "a router that refuses",
    spoil: (world) => {
      world.router.isRefusing = true;
    },
    code: "WIFI_REFUSED",
    log: "WIFI connect error! (10, 203)",
  },
  {
    name: "a router whose DHCP is silent",
    spoil: (world) => {
      world.router.dhcp = "silent";
    },
    code: "WIFI_NO_ADDRESS",
    log: "WIFI connect error! (10, 205)",
  },
];

describe("joining", () => {
  test.each(networkFailures)("$name is named, and the soft AP stays", async (failure) => {
    const world = new World();
    failure.spoil(world);
    const phone = await world.open();
    const { passphrase = "abcd1234" } = failure;
    await phone.sendNetwork({ trace, passphrase });
    await world.until(() => phone.errors.length > 0, 120_000);
    expect(phone.errors).toHaveLength(1);
    expect(phone.errors[0]).toMatchObject({
      isCurrent: true,
      code: failure.code,
      log: failure.log,
      attempt: 1,
    });
    expect(world.radio.softAp.isUp).toBe(true);
    expect(await world.stored("softap.pending")).toBeUndefined();
    expect(await world.radio.station.keptSsid({ signal: neverCanceled })).toBeUndefined();
    expect(world.stepList.at(-1)).toMatchObject({ name: "attemptFailed", code: failure.code });
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("a network that a slow first scan misses is looked for again", async () => {
    const world = new World();
    world.router.switchOff();
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.clock.advance(500);
    world.router.switchOn();
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(phone.errors).toEqual([]);
    await world.end();
  });

  test("wrong, wrong and right in one session with one token end bound", async () => {
    const world = new World();
    const phone = await world.open();
    for (const [index, passphrase] of ["wrong-one", "wrong-two"].entries()) {
      await phone.sendNetwork({ passphrase });
      await world.until(() => phone.errors.length === index + 1);
      expect(phone.errors[index]).toMatchObject({ code: "WIFI_AUTH_FAILED", retry: "input" });
    }
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(world.cloud.tokens).toEqual(["t".repeat(32)]);
    expect(world.steps.filter((name) => name === "softApStarted")).toHaveLength(1);
    await world.end();
  });

  test("a repetition after a failure is answered with the error and starts nothing", async () => {
    const world = new World();
    const phone = await world.open();
    await phone.sendNetwork({ trace, passphrase: "wrong-one" });
    await world.until(() => phone.errors.length === 1);
    const joins = world.radio.history.filter(({ what }) => what === "joinStarted").length;
    await world.clock.advance(60_000);
    await phone.sendNetwork({ trace, passphrase: "wrong-one" });
    await world.clock.advance(100);
    expect(phone.errors).toHaveLength(2);
    expect(phone.infos.at(-1)?.status).toMatchObject({ phase: "failed", attempt: 1 });
    expect(world.radio.history.filter(({ what }) => what === "joinStarted")).toHaveLength(joins);
    await world.end();
  });

  test("an old phone that sends the same values after a pause tries again", async () => {
    const world = new World();
    world.router.switchOff();
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => phone.errors.length === 1);
    world.router.switchOn();
    await world.clock.advance(6_000);
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    await world.end();
  });

  test("newer values win while joining and are refused once joined", async () => {
    const world = new World({ joinMs: 2_000 });
    const phone = await world.open();
    await phone.sendNetwork({ passphrase: "wrong-one" });
    await world.clock.advance(200);
    await phone.sendNetwork({ token: "right" });
    world.cloud.answers = ["silent", 0];
    await world.until(() => world.steps.includes("reportingToken"));
    await phone.sendNetwork({ token: "too-late" });
    await world.clock.advance(50);
    expect(phone.errors).toHaveLength(1);
    expect(phone.errors[0]).toMatchObject({ code: "PROVISIONING_ACTIVE" });
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(new Set(world.cloud.tokens)).toEqual(new Set(["right"]));
    await world.end();
  });
});

describe("the previous network", () => {
  async function provisioned(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    await world.clock.advance(15_000);
    phone.close();
    return world;
  }

  test.each([true, false])(
    "comes back when a new one fails, soft AP beside it: %s",
    async (softApWhileStation) => {
      const world = await provisioned({ radio: { capabilities: { softApWhileStation } } });
      const phone = await world.open();
      await phone.sendNetwork({ ssid: "Other", passphrase: "abcd1234", token: "two" });
      await world.until(() => world.stepList.some(({ code }) => code === "WIFI_NOT_FOUND"), 120_000);
      const kept = await world.radio.station.keptSsid({ signal: neverCanceled });
      expect(displayBytes(kept ?? new Uint8Array(0))).toBe("Home-WiFi");
      await world.until(
        () => world.radio.station.status.state === "joined" && world.device.mqtt.isConnected,
        600_000,
      );
      await world.end();
    },
  );
});

describe("a radio that cannot do both", () => {
  const radio = { capabilities: { softApWhileStation: false } };

  test("ends bound: it answers, leaves its soft AP, joins", async () => {
    const world = new World({ radio });
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(phone.infos).toHaveLength(3);
    expect(world.radio.softAp.isUp).toBe(false);
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("brings its soft AP back after a failure and tells the phone when it asks", async () => {
    const world = new World({ radio });
    const phone = await world.open();
    await phone.sendNetwork({ passphrase: "wrong-one", trace });
    await world.until(() => world.steps.includes("attemptFailed"));
    await world.until(() => world.radio.softAp.isUp);
    const again = await world.phone();
    await again.sendNetwork({ passphrase: "wrong-one", trace });
    await world.until(() => again.errors.length > 0);
    expect(again.errors[0]).toMatchObject({ code: "WIFI_AUTH_FAILED", attempt: 1 });
    await again.sendNetwork({ trace: "00000001" });
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });
});

describe("the way to the cloud", () => {
  const cases: readonly {
    name: string;
    spoil: (world: World) => void;
    device?: WorldOptions["device"];
    code: string;
    cause?: string;
    log: string;
  }[] = [
    {
      name: "no internet behind the router",
      spoil: (world) => world.router.setInternet(false),
      code: "CLOUD_UNREACHABLE",
      cause: "HOST_NOT_FOUND",
      log: "MQTT connect error! (1, -602)",
    },
    {
      name: "nobody listens",
      spoil: (world) => {
        world.cloud.broker.outage = "refused";
      },
      code: "CLOUD_UNREACHABLE",
      cause: "CONNECTION_REFUSED",
      log: "MQTT connect error! (1, -603)",
    },
    {
      name: "a cloud that hangs",
      spoil: (world) => {
        world.cloud.broker.outage = "silent";
      },
      code: "CLOUD_UNREACHABLE",
      cause: "TIMEOUT",
      log: "MQTT connect error! (1, -603)",
    },
    {
      name: "a wrong key",
      spoil: (world) => {
        world.cloud.broker.outage = "tls";
      },
      code: "TLS_FAILED",
      log: "MQTT connect error! (1, -703)",
    },
    {
      name: "a login that is refused",
      spoil: (world) => {
        world.cloud.connectCode = 5;
      },
      code: "MQTT_REFUSED",
      log: "MQTT connect error! (1, -117)",
    },
    {
      name: "a topic that is refused",
      spoil: (world) => {
        world.cloud.maySubscribe = false;
        world.cloud.answers = ["silent"];
      },
      code: "MQTT_SUBSCRIBE_REFUSED",
      log: "MQTT connect error! (1, -108)",
    },
    {
      name: "an unknown token",
      spoil: (world) => {
        world.cloud.answers = [5001];
      },
      code: "BIND_TOKEN_UNKNOWN",
      log: "MQTT Token reply error! (24, 5001)",
    },
    {
      name: "an expired token",
      spoil: (world) => {
        world.cloud.answers = [5002];
      },
      code: "BIND_TOKEN_EXPIRED",
      log: "MQTT Token reply error! (24, 5002)",
    },
    {
      name: "a code that nobody knows",
      spoil: (world) => {
        world.cloud.answers = [77];
      },
      code: "BIND_REFUSED",
      log: "MQTT Token reply error! (24, 77)",
    },
    {
      name: "a cloud that never answers",
      spoil: (world) => {
        world.cloud.answers = ["silent"];
      },
      code: "BIND_REPLY_TIMEOUT",
      log: "MQTT Token recv timeout! (25, -1002)",
    },
  ];

  test.each(cases)("$name is named", async ({ spoil, code, cause, log }) => {
    const world = new World();
    spoil(world);
    const phone = await world.open();
    await phone.sendNetwork({ trace });
    await world.until(() => phone.errors.length > 0, 120_000);
    expect(phone.errors[0]).toMatchObject({ isCurrent: true, code, log });
    const failed = world.stepList.find(({ name }) => name === "attemptFailed");
    expect(failed).toMatchObject(cause === undefined ? { code } : { code, cause });
    expect(await world.radio.station.keptSsid({ signal: neverCanceled })).toBeUndefined();
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("an outage that passes does not fail the attempt", async () => {
    const world = new World();
    world.cloud.broker.outage = "refused";
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.clock.advance(4_000);
    world.cloud.broker.outage = undefined;
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(phone.errors).toEqual([]);
    await world.end();
  });

  test("a binding that the cloud announces stands for the reply that was lost", async () => {
    const world = new World();
    world.cloud.answers = ["silent"];
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.stepList.some(({ name }) => name === "reportingToken"));
    await world.clock.advance(100);
    world.cloud.send({ method: "bind_device", clientToken: "" });
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(phone.errors).toEqual([]);
    expect(await world.radio.station.keptSsid({ signal: neverCanceled })).toBeDefined();
    await world.end();
  });

  test("a reply that was lost is asked for again on the same session", async () => {
    const world = new World();
    world.cloud.answers = ["silent", "silent", 0];
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(world.cloud.tokens).toHaveLength(3);
    expect(world.cloud.usernames).toHaveLength(1);
    await world.end();
  });

  test("grace mode takes the cloud's PUBACK for success", async () => {
    const world = new World({ device: { bindMode: "puback" } });
    world.cloud.answers = ["silent"];
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful(), 3_000);
    expect(world.cloud.tokens).toHaveLength(1);
    await world.end();
  });

  test("a password device proves itself with a signature under a fresh user name", async () => {
    const world = new World({
      device: {
        credentials: { kind: "password", deviceSecret: Secret.of("bYKGpzuVosjl0WPGBaBvdA==") },
      },
    });
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    world.cloud.broker.dropAll();
    await world.until(() => world.cloud.usernames.length === 2);
    expect(new Set(world.cloud.usernames).size).toBe(2);
    await world.end();
  });

  test("a network that is lost while binding is joined again", async () => {
    const world = new World();
    world.cloud.answers = ["silent", 0];
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.steps.includes("reportingToken"));
    world.router.switchOff();
    world.router.switchOn();
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(world.steps.filter((name) => name === "networkJoined")).toHaveLength(2);
    await world.end();
  });
});
