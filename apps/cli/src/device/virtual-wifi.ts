import { nodeClock } from "@softap/node";
import type { KeyValueStore } from "@softap/ports";
import { airFromJson, type AirPlan, defaultAirPlan, VirtualAir, VirtualRadio } from "@softap/virtual";
import { readTextFile } from "../config/files.ts";

/** The routers that a virtual radio sees. @throws {SoftApError} `FILE_NOT_FOUND`, `CONFIG_INVALID` with the field */
export async function readAir(path: string | undefined): Promise<AirPlan> {
  return path === undefined ? defaultAirPlan : airFromJson(await readTextFile(path, "air"));
}

/**
 * A radio in an air of its own, in real time.
 *
 * @param store - Where the network that the device keeps survives a restart.
 */
export function virtualRadio(plan: AirPlan, store: KeyValueStore): VirtualRadio {
  const air = new VirtualAir({ clock: nodeClock, routers: plan.routers });
  return new VirtualRadio({ air, store, capabilities: plan.capabilities });
}
