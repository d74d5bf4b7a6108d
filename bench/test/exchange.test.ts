import { VirtualClock } from "@softap/virtual";
import { describe, expect, test } from "vitest";
import { World } from "../../packages/device/test/world.ts";
import { deviceKinds } from "../exchange/devices.ts";

/** When a phone sends, in milliseconds from the first send. */
const scripts = [[0], [0, 80, 200], [0, 1500], [0, 900, 1700, 5000], [0, 600, 1200, 1800, 2400]];
const watchedMs = 8000;

/** Times at which the model answers, milliseconds from the first send. */
function modelTimes(sendsMs: readonly number[]): number[] {
  const [ours] = deviceKinds;
  if (ours?.name !== "our device") throw new Error("the first model is not ours");
  const clock = new VirtualClock();
  const times: number[] = [];
  const device = ours.create(clock, () => times.push(clock.monotonicMs()));
  for (const atMs of sendsMs) clock.after("send", atMs, () => device.onDatagram());
  clock.advanceSync(watchedMs);
  return times;
}

/** The same of the device that ships; it is busy joining all the while, so nothing but replies is heard. */
async function deviceTimes(sendsMs: readonly number[]): Promise<number[]> {
  const world = new World({ joinMs: 2 * watchedMs });
  const phone = await world.open();
  const fromMs = world.clock.monotonicMs();
  for (const atMs of sendsMs) {
    await world.clock.advance(fromMs + atMs - world.clock.monotonicMs());
    await phone.sendNetwork({});
  }
  await world.clock.advance(fromMs + watchedMs - world.clock.monotonicMs());
  expect(phone.errors).toEqual([]);
  const times = phone.heard.map((heard) => heard.atMs - fromMs);
  await world.end();
  return times;
}

describe("the model of our device", () => {
  test.each(scripts.map((sendsMs) => ({ sendsMs })))(
    "answers sends at $sendsMs as the device does",
    async ({ sendsMs }) => {
      const air = await deviceTimes([0]);
      // The way over the virtual air, there and back; the model has none.
      const [delayMs = Number.NaN] = air;
      const shipped = (await deviceTimes(sendsMs)).map((atMs) => atMs - delayMs);
      expect(shipped).toEqual(modelTimes(sendsMs));
    },
  );
});
