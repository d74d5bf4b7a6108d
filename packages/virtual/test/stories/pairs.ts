import assert from "node:assert/strict";
import type { FaultGate } from "./fault-gate.ts";
import type { StoryDevice } from "./story-device.ts";
import { type Phone, World } from "./world.ts";

/** The two kinds of radio. */
export const radios = [
  { radio: "a radio that does both", softApWhileStation: true },
  { radio: "a radio that does one thing at a time", softApWhileStation: false },
] as const;

/** One world for many runs: each has a device and a person of its own, and leaves nothing behind. */
export class Pairs {
  readonly world: World;
  #runs = 0;

  private constructor(world: World) {
    this.world = world;
  }

  /** @param options.softApWhileStation - Whether the devices' radios do both at once. */
  static async open(options: { softApWhileStation: boolean }): Promise<Pairs> {
    return new Pairs(
      await World.open({ radio: { capabilities: { softApWhileStation: options.softApWhileStation } } }),
    );
  }

  /** A device that has its product's secret only, switched off, and a phone at home. */
  async next(gate?: FaultGate): Promise<{ lamp: StoryDevice; phone: Phone }> {
    this.#runs += 1;
    return {
      lamp: await this.world.addLamp(`lamp-${this.#runs + 1}`, "product secret"),
      phone: await this.world.addPhone(`person ${this.#runs}`, { gate }),
    };
  }

  /** Whether the cloud took the device's token. */
  isAccepted(lamp: StoryDevice): boolean {
    return this.world.cloud.log.entries.some(
      ({ text, fields }) => text === "bind token accepted" && fields["deviceId"] === lamp.deviceId,
    );
  }

  /** Ends a run: the device is its owner's, connected, on a network that it keeps, and nothing of the run goes on. */
  async leave(lamp: StoryDevice, phone: Phone): Promise<void> {
    const { world } = this;
    assert.deepEqual(await world.devicesOf(phone), [lamp.deviceId]);
    await world.expectConnected(lamp);
    // The phone may know it sooner than the device.
    const { store } = lamp;
    await world.until(() => store.keys.includes("wifi.kept") && !store.keys.includes("softap.pending"));
    await world.clock.complete(lamp.device.stop(), 30_000);
    lamp.cutPower();
    phone.wifi.close();
    await world.clock.advance(100);
    assert.deepEqual(world.clock.pending, ["sweep expired tokens"]);
    assert.equal(lamp.host.openCount + phone.host.openCount, 0, "open sockets");
  }
}
