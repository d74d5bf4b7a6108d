import { nodeClock } from "@softap/node";
import { NetworkManagerRadio, WpaRadio } from "@softap/node/linux";
import type { Radio } from "@softap/ports";
import { deviceInterface } from "../src/device.ts";
import type { Backend } from "../src/scenario.ts";

/** Longest wait for one thing, ms. */
export const untilMs = 120_000;

/** Opens the device's radio. */
export function openRadio(backend: Backend): Promise<Radio & { close(): Promise<void> }> {
  const options = { interfaceName: deviceInterface, clock: nodeClock, signal: AbortSignal.timeout(untilMs) };
  return backend === "wpa" ? WpaRadio.open(options) : NetworkManagerRadio.open(options);
}
