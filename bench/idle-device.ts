import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildCommand } from "./built-command.ts";
import { IdleProcess } from "./idle-process.ts";
import type { Figure } from "./report.ts";

/** How long a started process may still be busy with its start, ms. */
const settleMs = 3_000;

const bareNode = ["-e", "console.log('ready'); setInterval(() => {}, 2 ** 30)"];

/**
 * Memory and CPU of the built `softap device` that waits for a phone, soft AP and portal up, beside a Node process that only waits.
 * The radio is virtual: what NetworkManager, hostapd or dnsmasq need is theirs. Needs Linux.
 *
 * @param watchMs - How long the CPU is watched, at least 5000.
 */
export async function measureIdleDevice(watchMs: number): Promise<Figure[]> {
  if (process.platform !== "linux") {
    console.error("  left out: it reads /proc, which only Linux has");
    return [];
  }
  const command = buildCommand();
  const folder = mkdtempSync(join(tmpdir(), "softap-bench-"));
  const started: IdleProcess[] = [];
  try {
    const bare = await IdleProcess.start(bareNode);
    started.push(bare);
    const identity = [
      "--product-id",
      "BENCHBENCH",
      "--device-name",
      "idle",
      "--state",
      join(folder, "state"),
    ];
    const server = ["--port", "0", "--portal", "on", "--portal-port", "0"];
    const device = await IdleProcess.start([command, "device", ...identity, ...server], {
      SOFTAP_PRODUCT_SECRET: "a product secret of the bench",
      XDG_CACHE_HOME: folder,
    });
    started.push(device);
    await sleep(settleMs);
    const fromS = device.cpuS();
    const bareFromS = bare.cpuS();
    const fromMs = performance.now();
    await sleep(watchMs);
    const tookS = (performance.now() - fromMs) / 1000;
    const share = (device.cpuS() - fromS) / tookS;
    const bareShare = (bare.cpuS() - bareFromS) / tookS;
    const memory = device.memory();
    const bareMemory = bare.memory();
    return [
      {
        name: "softap device, soft AP up, idle: memory",
        value: memory.total,
        unit: "MB",
        mustBe: { atMost: 70 },
        beside: `${memory.ofFiles.toFixed(1)} MB of it files; bare node ${bareMemory.total.toFixed(1)} MB, ${bareMemory.ofFiles.toFixed(1)} MB of it files`,
      },
      {
        name: "softap device, soft AP up, idle: CPU of one core",
        value: share,
        unit: "share",
        mustBe: { atMost: 0.005 },
        beside: `bare node ${(bareShare * 100).toFixed(1)} %`,
      },
    ];
  } finally {
    for (const process of started) await process.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
