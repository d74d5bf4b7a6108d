/**
 * Runs in a network namespace of its own: serves a phone at the other end of a wire and prints what it was told, as
 * udhcpc's variables.
 */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { neverCanceled } from "@softap/ports";
import { nodeClock } from "@softap/node";
import { runCommand } from "../../src/linux/command.ts";
import { startDhcpServer } from "../../src/linux/dhcp-server.ts";

const [folder = "", softAp = "{}"] = process.argv.slice(2);
const call = { signal: neverCanceled };
for (const args of [
  ["link", "add", "ap0", "type", "veth", "peer", "name", "phone0"],
  ["addr", "add", "192.168.4.1/24", "dev", "ap0"],
  ["link", "set", "ap0", "up"],
  ["link", "set", "phone0", "up"],
])
  if ((await runCommand("ip", args, call)).exitCode !== 0) throw new Error(`ip ${args.join(" ")}`);
const plan = { interfaceName: "ap0", address: "192.168.4.1", stationInterface: "test-phone" };
// The caller wrote the options as JSON of that type.
const told = JSON.parse(softAp) as { portalUrl?: string; answersNames?: boolean };
const server = await startDhcpServer({ ...plan, softAp: told }, { ...call, clock: nodeClock });
const script = join(folder, "script");
writeFileSync(script, '#!/bin/sh\n[ "$1" != bound ] || env\n');
chmodSync(script, 0o755);
const client = ["-f", "-q", "-n", "-t", "5", "-T", "1", "-i", "phone0", "-s", script, "-O", "114"];
const { stdout } = await runCommand("udhcpc", client, call);
await server.stop(nodeClock);
process.stdout.write(stdout);
