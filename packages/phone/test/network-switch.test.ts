import { provision } from "@softap/phone";
import { describe, expect, test } from "vitest";
import { OurDevice, World } from "./world.ts";

const softAp = { ssid: "lamp" };

describe("provision() with a Wi-Fi that another one uses", () => {
  test("fails with PROVISIONING_ACTIVE before it asks the cloud for anything, and leaves the first alone", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const wifi = world.wifi();
    const options = world.options({ softAp });
    const ports = { ...options.ports, wifi };
    const first = provision({ ...options, ports });
    const second = await world.clock.complete(provision({ ...options, ports }).result, 1_000);
    expect(second).toMatchObject({ verdict: "failed", code: "PROVISIONING_ACTIVE", attempts: 0 });
    expect(await world.clock.complete(first.result, 60_000)).toMatchObject({ verdict: "bound" });
    expect(world.cloud.count("createBindToken")).toBe(1);
    expect(wifi.calls).toEqual(["join", "restore"]);
  });

  test("goes on where there is no soft AP to join: nothing is taken from the first", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const options = world.options();
    const runs = [provision(options), provision(options)];
    const verdicts = await world.clock.complete(Promise.all(runs.map(({ result }) => result)), 200_000);
    expect(verdicts.filter(({ verdict }) => verdict === "bound").length).toBeGreaterThan(0);
    expect(verdicts.flatMap((one) => (one.verdict === "bound" ? [] : one.code))).not.toContain(
      "PROVISIONING_ACTIVE",
    );
  });
});
