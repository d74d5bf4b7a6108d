import { isSoftApError } from "@softap/protocol";
import type { Condition } from "./conditions.ts";
import type { DeviceKind } from "./devices/field-device.ts";
import { FieldWorld } from "./field-world.ts";
import type { PhoneKind } from "./phones/field-phone.ts";

/** One device, one phone and what they meet. */
export interface Cell {
  readonly condition: Condition;
  readonly device: DeviceKind;
  readonly phone: PhoneKind;
}

/** What one run came to. */
export interface Run {
  readonly verdict: "bound" | "failed" | "unknown";
  /** From the person's tap, milliseconds. */
  readonly elapsedMs: number;
  /** What the cloud knew, then or later, is not what the person was told; `undefined` where it is. */
  readonly contradiction: string | undefined;
  readonly reason: string;
}

/** Longer than any phone takes. */
const verdictLimitMs = 900_000;
/** Longer than any device goes on with what it was told: a session of 312 s and its end. */
const afterwardsMs = 400_000;

/** Provisions once. The same cell and seed give the same run. */
export async function runOnce({ condition, device: kind, phone }: Cell, seed: number): Promise<Run> {
  const world = new FieldWorld(condition, seed);
  const { clock, cloud, air } = world;
  const device = kind.create(world);
  device.boot();
  await clock.advanceUntil(() => [...air.softAps].length > 0, 10_000);
  condition.prepare?.(world, device);
  const { verdict, elapsedMs, reason } = await clock.complete(phone.provision(world), verdictLimitMs);
  const contradictionNow = verdict === "bound" && !cloud.isBound ? "told bound, is not" : undefined;
  if (verdict === "failed") {
    // A device that reports the token after the person was told of a failure makes that wrong, too.
    await clock
      .advanceUntil(() => cloud.isReported || cloud.isBound || device.isOver, afterwardsMs)
      .catch((error: unknown) => {
        // A device that never comes to an end has had its time.
        if (!isSoftApError(error, "TIMEOUT")) throw error;
      });
  }
  const isThere = cloud.isReported || cloud.isBound;
  const contradiction =
    verdict === "failed" && isThere ? "told failed, device got through" : contradictionNow;
  return { verdict, elapsedMs, reason, contradiction };
}
