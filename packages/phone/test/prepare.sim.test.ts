import { describe, expect, test } from "vitest";
import { type BindCloud, prepare, type PrepareOptions, provision, softApNameRule } from "@softap/phone";
import { CancelSource, neverCanceled, type PhoneWifi, sleep } from "@softap/ports";
import { Secret, softApError } from "@softap/protocol";
import { planText } from "@softap/phone/texts";
import { OurDevice, World } from "./world.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const softAp = { ssid: bytes("softap-dev_01"), passphrase: Secret.of("canary-softap") };

function wifiOn(world: World, currentSsid: PhoneWifi["currentSsid"]): PhoneWifi {
  const wifi = world.wifi();
  return {
    currentSsid,
    joinSoftAp: (network, options) => wifi.joinSoftAp(network, options),
    restore: (options) => wifi.restore(options),
  };
}

function optionsOf(world: World, more: Partial<PrepareOptions> = {}): PrepareOptions {
  return { cloud: world.cloud, ports: { clock: world.clock }, ...more };
}

describe("prepare()", () => {
  test("gets token, family and the phone's network at the same time, and provision() asks for none of them again", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const wifi = wifiOn(world, async () => bytes("Home-WiFi"));
    const ports = { ...world.options().ports, wifi };
    const prepared = await world.clock.complete(
      prepare(optionsOf(world, { ports, softAp, region: "ap-guangzhou" })),
      1_000,
    );
    expect(prepared).toMatchObject({
      options: { familyId: "family-1", region: "ap-guangzhou", softAp },
      homeSsid: bytes("Home-WiFi"),
      plan: { switchedBy: "app", softApName: "softap-dev_01", homeName: "Home-WiFi" },
    });
    const { network } = world.options();
    const run = provision({ ...prepared.options, network, ports });
    expect(await world.clock.complete(run.result, 60_000)).toMatchObject({ verdict: "bound" });
    expect(world.cloud.count("createBindToken")).toBe(1);
    expect(world.cloud.count("families")).toBe(1);
    expect(world.clock.pending).toEqual([]);
  });

  test("keeps the token and the family of an earlier try", async () => {
    const world = new World();
    const token = Secret.of("canary-token-0123456789abcdef012");
    const prepared = await prepare(optionsOf(world, { token, familyId: "family-7" }));
    expect(prepared.options).toMatchObject({ token, familyId: "family-7" });
    expect(world.cloud.calls).toEqual([]);
  });

  test.each<[string, Partial<PrepareOptions>]>([
    ["by the product's rule", { softApNames: softApNameRule("softap-") }],
    ["by the label's name", { softAp }],
  ])("does not offer the soft AP as the network to join, known %s", async (_name, more) => {
    const world = new World();
    const wifi = wifiOn(world, async () => softAp.ssid);
    const preparing = prepare(optionsOf(world, { ...more, ports: { clock: world.clock, wifi } }));
    expect((await world.clock.complete(preparing, 1_000)).homeSsid).toBeUndefined();
  });

  test("goes without the phone's network when it may not be told, or is told too late", async () => {
    for (const currentSsid of [
      () => Promise.reject(softApError("PERMISSION_DENIED", "No location permission")),
      (world: World, signal: CancelSource["signal"]) =>
        sleep(world.clock, { name: "never", delayMs: 99_000, signal }).then(() => bytes("Home-WiFi")),
    ]) {
      const world = new World();
      const wifi = wifiOn(world, ({ signal }) => currentSsid(world, signal));
      const preparing = prepare(optionsOf(world, { ports: { clock: world.clock, wifi } }));
      const prepared = await world.clock.complete(preparing, 2_100);
      expect(prepared.homeSsid).toBeUndefined();
      expect(prepared.plan.homeName).toBeUndefined();
      expect(world.clock.pending).toEqual([]);
    }
  });

  test("fails with the cloud's reason, at its limit, and when it is canceled, and leaves nothing running", async () => {
    const cases: readonly [code: string, change: (world: World, source: CancelSource) => void][] = [
      ["UNREACHABLE", (world) => (world.cloud.isReachable = false)],
      ["TIMEOUT", (world) => (world.cloud.latencyMs = 60_000)],
      ["CANCELED", (world, source) => world.clock.after("person leaves", 2, () => source.cancel())],
    ];
    for (const [code, change] of cases) {
      const world = new World();
      const source = new CancelSource();
      change(world, source);
      const preparing = prepare(
        optionsOf(world, { limits: { prepareTimeoutMs: 3_000 }, signal: source.signal }),
      );
      await expect(world.clock.complete(preparing, 4_000)).rejects.toMatchObject({ code });
      expect(world.clock.pending).toEqual([]);
    }
  });

  test.each([
    ["createBindToken", "families"],
    ["families", "createBindToken"],
  ] as const)(
    "when %s fails first, %s is waited for: nothing is asked behind the caller's back",
    async (fast, slow) => {
      const world = new World();
      const { clock } = world;
      const asked: string[] = [];
      const call = async (name: string): Promise<void> => {
        // A cloud that does not care for signals.
        await sleep(clock, { name, delayMs: name === slow ? 500 : 5, signal: neverCanceled });
        asked.push(name);
        if (name === fast) throw softApError("APP_ACCESS_TOKEN_INVALID", "Expired");
      };
      const cloud: BindCloud = Object.assign(world.cloud, {
        createBindToken: async () => {
          await call("createBindToken");
          return Secret.of("canary-token-0123456789abcdef012");
        },
        families: async () => {
          await call("families");
          return [];
        },
        createFamily: async () => {
          await call("createFamily");
          return "family-1";
        },
      });
      const preparing = prepare(optionsOf(world, { cloud })).finally(() => asked.push("ended"));
      await expect(clock.complete(preparing, 1_000)).rejects.toMatchObject({
        code: "APP_ACCESS_TOKEN_INVALID",
      });
      expect(asked).toEqual(
        slow === "families" ? [fast, slow, "createFamily", "ended"] : [fast, slow, "ended"],
      );
      expect(clock.pending).toEqual([]);
    },
  );

  test("says in plain words what will happen to the phone's network", async () => {
    const world = new World();
    const softApNames = softApNameRule("Lamp-");
    const { plan } = await world.clock.complete(prepare(optionsOf(world, { softApNames })), 1_000);
    expect(plan.switchedBy).toBe("person");
    expect(planText(plan, "en")).toContain("join the device's network, whose name begins with “Lamp-”");
    expect(planText(plan, "zh")).toContain("名称以“Lamp-”开头的设备热点");
    const known = { ...plan, switchedBy: "app", softApName: "Lamp-7", homeName: "Home" } as const;
    expect(planText(known, "en")).toMatch(
      /leave its Wi-Fi and join the device's network “Lamp-7”.*go back to “Home”\./,
    );
    expect(planText(known, "zh")).toMatch(/连接设备热点“Lamp-7”.*回到“Home”。/);
  });
});
