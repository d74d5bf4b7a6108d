import { existsSync, readFileSync } from "node:fs";
import type { CancelSignal } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { runCommand } from "./command.ts";

/** Longest name of an interface, characters. @see IFNAMSIZ in linux/if.h, less the terminator */
const maxNameLength = 15;

/** Name of the interface that carries the soft AP beside a station. */
export function softApInterfaceName(stationInterface: string): string {
  return `${stationInterface.slice(0, maxNameLength - 2)}ap`;
}

/**
 * Adds the interface for the soft AP; one that a former run left is taken over.
 *
 * @throws {WifiError} `SOFTAP_START_FAILED`
 */
export async function addSoftApInterface(
  stationInterface: string,
  options: { signal: CancelSignal },
): Promise<string> {
  const name = softApInterfaceName(stationInterface);
  if (existsSync(`/sys/class/net/${name}`)) return name;
  const own = readFileSync(`/sys/class/net/${stationInterface}/address`, "utf8").trim();
  const args = [
    "dev",
    stationInterface,
    "interface",
    "add",
    name,
    "type",
    "__ap",
    "addr",
    siblingAddress(own),
  ];
  const { exitCode, stderr } = await runCommand("iw", args, options);
  if (exitCode !== 0) {
    throw softApError("SOFTAP_START_FAILED", `The kernel adds no interface beside ${stationInterface}`, {
      cause: new Error(stderr.trim()),
    });
  }
  return name;
}

/** Removes the interface for the soft AP. One that is gone is fine. */
export async function removeSoftApInterface(
  stationInterface: string,
  options: { signal: CancelSignal },
): Promise<void> {
  const name = softApInterfaceName(stationInterface);
  if (existsSync(`/sys/class/net/${name}`)) await runCommand("iw", ["dev", name, "del"], options);
}

/** The same MAC address with the other value of the "locally administered" bit: unique beside the first, and stable. */
export function siblingAddress(address: string): string {
  const [first = "00", ...rest] = address.split(":");
  const flipped = Number.parseInt(first, 16) ^ 0x02;
  return [flipped.toString(16).padStart(2, "0"), ...rest].join(":");
}
