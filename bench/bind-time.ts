import { nodeClock, NodeDatagramSockets, nodeRandom } from "@softap/node";
import { provision } from "@softap/phone";
import type { DeviceStep } from "@softap/device";
import { CloudFixture } from "./cloud-fixture.ts";
import { benchNetwork, bindTimeMs, startBenchDevice } from "./device-fixture.ts";
import { type Figure, median } from "./report.ts";

/** What the vendor's parts need for the same, by measurement or by the waits written into them. Source: docs/protocol.md, "Timing". */
const vendor = {
  device: "vendor's C SDK 6.1 s measured; ESP demo 4.0 s forced",
  phone: "mini program ≥ 7 s by its constants",
};

/** From `cmdType 1` to the handled token reply on the device, and from `provision()` to *bound* on the phone. */
export async function measureBindTime(runs: number): Promise<Figure[]> {
  const fixture = await CloudFixture.start();
  const deviceMs: number[] = [];
  const phoneMs: number[] = [];
  try {
    // The first run loads code and does not count.
    for (let run = 0; run <= runs; run++) {
      const known = await fixture.createDevice(`bind-${run}`);
      const { device, port } = await startBenchDevice(known, fixture.server.ready.mqttsPort);
      const steps: DeviceStep[] = [];
      device.onEvent((event) => {
        if (event.type === "step") steps.push(event.step);
      });
      const fromMs = performance.now();
      const verdict = await provision({
        cloud: fixture.app,
        network: benchNetwork,
        device: { address: "127.0.0.1", port },
        ports: { clock: nodeClock, random: nodeRandom, datagrams: new NodeDatagramSockets() },
      }).result;
      const tookMs = performance.now() - fromMs;
      await device.stop();
      if (verdict.verdict !== "bound")
        throw new Error(`run ${run} ended ${verdict.verdict}`, {
          cause: "error" in verdict ? verdict.error : verdict,
        });
      if (run === 0) continue;
      phoneMs.push(tookMs);
      deviceMs.push(bindTimeMs(steps));
    }
  } finally {
    await fixture.server.stop();
  }
  return [
    {
      name: "device: cmdType 1 → token reply handled, median",
      value: median(deviceMs),
      unit: "ms",
      mustBe: { atMost: 80 },
      beside: vendor.device,
    },
    {
      name: "phone: provision() → bound, median",
      value: median(phoneMs),
      unit: "ms",
      mustBe: { atMost: 250 },
      beside: vendor.phone,
    },
  ];
}
