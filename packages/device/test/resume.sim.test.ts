import { describe, expect, test } from "vitest";
import { neverCanceled } from "@softap/ports";
import { displayBytes, softApError } from "@softap/protocol";
import { failEach } from "@softap/virtual";
import { World } from "./world.ts";

const trace = "0a1b2c3d";

async function keptName(world: World): Promise<string> {
  const kept = await world.radio.station.keptSsid({ signal: neverCanceled });
  return kept === undefined ? "" : displayBytes(kept);
}

describe("a power cut", () => {
  test("while joining is survived with the same token, and the soft AP is up meanwhile", async () => {
    const world = new World({ joinMs: 5_000 });
    const phone = await world.open();
    await phone.sendNetwork({ trace });
    await world.clock.advance(1_000);
    await world.restart();
    await world.clock.complete(world.device.start(), 5_000);
    expect(world.radio.softAp.isUp).toBe(true);
    const again = await world.phone();
    await again.sendNetwork({ trace });
    await world.until(() => again.infos.length > 0);
    expect(again.infos[0]?.status).toMatchObject({ phase: "joining", attempt: 1 });
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(world.cloud.tokens).toEqual(["t".repeat(32)]);
    expect(await keptName(world)).toBe("Home-WiFi");
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("with a radio that cannot do both goes on without soft AP", async () => {
    const world = new World({ joinMs: 5_000, radio: { capabilities: { softApWhileStation: false } } });
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.clock.advance(4_000);
    await world.restart();
    await world.clock.complete(world.device.start(), 5_000);
    expect(world.radio.softAp.isUp).toBe(false);
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("at any moment leaves a device that resumes, has its network, or opens its soft AP", async () => {
    for (let cutMs = 0; cutMs <= 400; cutMs += 5) {
      const world = new World();
      const phone = await world.open();
      await phone.sendNetwork({});
      await world.clock.advance(cutMs);
      await world.restart();
      await world.clock.complete(world.device.start(), 5_000);
      await world.until(
        () =>
          world.device.mqtt.isConnected || (world.radio.softAp.isUp && world.device.localPort !== undefined),
        60_000,
      );
      if (cutMs >= 5) await world.until(() => world.device.isProvisioningSuccessful(), 60_000);
      expect(new Set(world.cloud.tokens).size).toBeLessThanOrEqual(1);
      expect(await world.end()).toEqual({ timers: [], sessions: 0 });
    }
  });

  test("in every resume is given up after three, with an error for the next phone", async () => {
    const world = new World({ joinMs: 5_000 });
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.clock.advance(1_000);
    for (let resume = 1; resume <= 3; resume++) {
      await world.restart();
      await world.clock.complete(world.device.start(), 5_000);
      await world.clock.advance(1_000);
      expect(world.radio.station.status.state).toBe("joining");
    }
    await world.restart();
    await world.clock.complete(world.device.start(), 5_000);
    await world.clock.advance(1_000);
    expect(world.radio.station.status.state).toBe("idle");
    expect(await world.stored("softap.pending")).toBeUndefined();
    const next = await world.phone();
    await next.sendNetwork({});
    await world.until(() => next.errors.length > 0);
    expect(next.errors[0]).toMatchObject({ isCurrent: false, code: "SESSION_EXPIRED" });
    await world.end();
  });

  test("keeps the previous network until the new one has its token accepted", async () => {
    const world = new World();
    const first = await world.open();
    await first.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    await world.clock.advance(15_000);
    world.air.addRouter({ ssid: "New", joinMs: 500 });
    const phone = await world.open();
    world.cloud.answers = ["silent"];
    await phone.sendNetwork({ ssid: "New", passphrase: "", token: "two" });
    await world.until(() => world.cloud.tokens.includes("two"));
    expect(await keptName(world)).toBe("Home-WiFi");
    await world.restart();
    expect(await keptName(world)).toBe("Home-WiFi");
    world.cloud.answers = [0];
    await world.clock.complete(world.device.start(), 5_000);
    await world.until(() => world.device.isProvisioningSuccessful() && world.steps.includes("bound"));
    await world.clock.advance(1_000);
    expect(await keptName(world)).toBe("New");
    await world.end();
  });
});

describe("a store that fails", () => {
  test.each(["before", "after"] as const)(
    "in any one write (%s it is done) does not keep the device from binding",
    async (moment) => {
      const count = await failEach<World["store"]>(
        "apply",
        () => softApError("STORE_WRITE_FAILED", "The disk is full"),
        async (wrap) => {
          const world = new World({ wrapStore: wrap });
          const phone = await world.open();
          await phone.sendNetwork({});
          await world.until(() => world.device.isProvisioningSuccessful());
          await world.clock.advance(30_000);
          expect(world.cloud.tokens).toEqual(["t".repeat(32)]);
          expect(await keptName(world)).toBe("Home-WiFi");
          expect(await world.end()).toEqual({ timers: [], sessions: 0 });
        },
        moment,
      );
      expect(count).toBeGreaterThanOrEqual(3);
    },
  );
});
