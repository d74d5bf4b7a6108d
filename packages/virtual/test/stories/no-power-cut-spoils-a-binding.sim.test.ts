import type { Provisioning } from "@softap/phone";
import { Secret } from "@softap/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Pairs, radios } from "./pairs.ts";
import type { CutMoment, Power } from "./power.ts";
import type { StoryDevice } from "./story-device.ts";
import { type Phone, rightPassphrase, type World } from "./world.ts";

const office = { ssid: "Office", passphrase: Secret.of("office-1234") };
/** More calls than any binding makes. */
const maxCuts = 200;

let pairs: Pairs;
let world: World;

/** Name of the network that survives a restart, read past the radio. */
async function keptOf(lamp: StoryDevice): Promise<string | undefined> {
  const [hex = ""] = ((await lamp.stored("wifi.kept")) ?? "").split("\n");
  return hex === "" ? undefined : Buffer.from(hex, "hex").toString();
}

/** Waits for the cut, or for the verdict and everything that the device does after it. */
async function isCutDuring({ result }: Provisioning, power: Power): Promise<boolean> {
  let isDone = false;
  void result.finally(() => {
    isDone = true;
  });
  await world.until(() => isDone || !power.isOn, 400_000);
  if (power.isOn) await world.clock.advance(15_000);
  const wasCut = !power.isOn;
  power.keepOn();
  return wasCut;
}

/** After the power is back the device does something that a person can build on, at once. */
async function expectAlive(lamp: StoryDevice): Promise<void> {
  await lamp.boot();
  await world.until(() => lamp.radio.softAp.isUp || lamp.radio.station.status.state !== "idle", 10_000);
}

/** Waits for the verdict, then tries again until the device is bound; every try must end. */
async function expectBound(
  lamp: StoryDevice,
  phone: Phone,
  network: { ssid: string; passphrase: Secret },
): Promise<void> {
  if (!lamp.radio.softAp.isUp) {
    // The attempt may be under way still, or the device at home already.
    await world.clock.advance(60_000);
    await world.clock.complete(lamp.device.startSoftAp({ ssid: lamp.softApSsid }), 10_000);
  }
  expect(await world.verdict({ network }, { lamp, phone })).toMatchObject({ verdict: "bound" });
}

/** Repeats a run with a cut at its first call, its second, and so on, until a run ends without its cut. */
async function atEveryCall(run: (call: number) => Promise<{ wasCut: boolean }>): Promise<number> {
  for (let call = 1; call <= maxCuts; call++) if (!(await run(call)).wasCut) return call - 1;
  throw new Error(`a binding makes more than ${maxCuts} calls`);
}

describe.each(radios)("with $radio", (radio) => {
  beforeAll(async () => {
    pairs = await Pairs.open(radio);
    ({ world } = pairs);
    world.air.addRouter({ ...office, joinMs: 300 });
  });

  afterAll(() => world.end());

  describe.each<{ moment: CutMoment }>([{ moment: "before" }, { moment: "after" }])(
    "the power goes $moment a call took effect",
    ({ moment }) => {
      test("a first binding: the device resumes or waits on its soft AP, and becomes bound", async () => {
        const home = { ssid: "Home-WiFi", passphrase: rightPassphrase };
        const cuts = await atEveryCall(async (call) => {
          const { lamp, phone } = await pairs.next();
          lamp.make();
          const { power } = lamp;
          power.cutAt(call, moment);
          // A start that the power cut interrupts never returns.
          void lamp.device.start();
          await world.until(() => !power.isOn || lamp.radio.softAp.isUp, 10_000);
          const running = world.provision({ network: home }, { lamp, phone });
          const wasCut = await isCutDuring(running, power);
          if (wasCut) {
            if ((await keptOf(lamp)) !== undefined) expect(pairs.isAccepted(lamp)).toBe(true);
            await expectAlive(lamp);
          }
          const verdict = await world.clock.complete(running.result, 400_000);
          expect(["bound", "failed", "unknown"]).toContain(verdict.verdict);
          if (verdict.verdict !== "bound") await expectBound(lamp, phone, home);
          await world.until(() => lamp.store.keys.includes("wifi.kept"));
          expect(await keptOf(lamp)).toBe("Home-WiFi");
          await pairs.leave(lamp, phone);
          return { wasCut };
        });
        expect(cuts).toBeGreaterThan(20);
      });

      test("a move to another network: the device is on the old one or on the new one, never on none", async () => {
        const cuts = await atEveryCall(async (call) => {
          const { lamp, phone } = await pairs.next();
          await lamp.boot();
          expect(await world.verdict({}, { lamp, phone })).toMatchObject({ verdict: "bound" });
          const ended = (): boolean => lamp.events.some(({ type }) => type === "sessionEnded");
          await world.until(ended);
          const { power } = lamp;
          power.cutAt(power.calls + call, moment);
          void lamp.device.startSoftAp({ ssid: lamp.softApSsid });
          await world.until(() => !power.isOn || lamp.radio.softAp.isUp, 10_000);
          const running = world.provision({ network: office }, { lamp, phone });
          const wasCut = await isCutDuring(running, power);
          if (wasCut) {
            expect(["Home-WiFi", "Office"]).toContain(await keptOf(lamp));
            await expectAlive(lamp);
          }
          const verdict = await world.clock.complete(running.result, 400_000);
          expect(["bound", "failed", "unknown"]).toContain(verdict.verdict);
          await world.expectConnected(lamp);
          await world.until(() => !lamp.store.keys.includes("softap.pending"));
          const kept = await keptOf(lamp);
          expect(["Home-WiFi", "Office"]).toContain(kept);
          expect(lamp.joinedSsid).toBe(kept);
          if (verdict.verdict === "bound" && !wasCut) expect(kept).toBe("Office");
          await pairs.leave(lamp, phone);
          return { wasCut };
        });
        expect(cuts).toBeGreaterThan(10);
      });
    },
  );
});
