import { cpSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Cloud } from "./cloud.ts";
import { Device, deviceInterface } from "./device.ts";
import { runIn } from "./namespace.ts";
import { Phone } from "./phone.ts";
import { clockOf, namesIn, type Plan, planFor } from "./plan.ts";
import { Router } from "./router.ts";
import { type Backend, backendOf, type Lab, type Scenario } from "./scenario.ts";
import { WifiService } from "./service.ts";
import { runSuite } from "./suite.ts";

/** Longest scenario, ms of the machine's clock. */
const scenarioLimitMs = 900_000;

const { values, positionals } = parseArgs({
  options: {
    backend: { type: "string" },
    clock: { type: "string" },
    out: { type: "string" },
    list: { type: "boolean" },
  },
  allowPositionals: true,
});

const backend = backendOf(values.backend);
const plan = planFor(
  backend,
  clockOf(values.clock),
  positionals.filter((word) => word !== ""),
);
if (values.list === true) for (const name of namesIn(backend, plan)) console.log(name);
else await runAll(backend, plan, values.out ?? ".");
process.exit();

async function runAll(backend: Backend, { scenarios, suite }: Plan, out: string): Promise<void> {
  let failed = 0;
  let passed = 0;
  const figures: string[] = [];
  if (scenarios.length > 0) {
    const cloud = await Cloud.open(out);
    const parts = {
      backend,
      cloud,
      logs: out,
      router: new Router(out, "first"),
      neighbour: new Router(out, "second"),
      phone: new Phone(out),
      service: new WifiService(backend, out),
      figure: (text: string) => void figures.push(`${backend}: ${text}`),
    };
    await parts.service.start();
    for (const [name, scenario] of scenarios) {
      const startMs = performance.now();
      const device = new Device({ backend, name, logs: out, cloud });
      const error = await runOne(scenario, { ...parts, device });
      const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
      const word = error === undefined ? "ok    " : "FAILED";
      console.log(`${word} ${backend}/${name}: ${scenario.name} (${seconds} s of its clock)`);
      if (error === undefined) passed += 1;
      else {
        failed += 1;
        console.log(`       ${error instanceof Error ? error.message : JSON.stringify(error)}`);
        console.error(`${backend}/${name}:`, error);
        cpSync(out, "/mnt/out", { recursive: true });
      }
    }
    await parts.service.stop();
    await cloud.close();
  }
  if (suite !== undefined) {
    const { name, text } = suite;
    const outcome = await runSuite(name, { backend, out, text, print: (line) => console.log(line) });
    passed += outcome.passed;
    failed += outcome.failed;
  }
  for (const figure of figures) console.log(`figure ${figure}`);
  writeFileSync(`${out}/result`, `${passed} ${failed}\n`);
}

async function runOne(scenario: Scenario, lab: Lab): Promise<unknown> {
  const { backend, device, phone, router, neighbour, service } = lab;
  let limit: ReturnType<typeof setTimeout> | undefined;
  try {
    await phone.setMobileData(true);
    const tooLong = new Promise((_resolve, reject) => {
      limit = setTimeout(() => reject(new Error(`took more than ${scenarioLimitMs} ms`)), scenarioLimitMs);
    });
    await Promise.race([scenario.run(lab), tooLong]);
    return undefined;
  } catch (error) {
    return error ?? new Error("unknown");
  } finally {
    clearTimeout(limit);
    await phone.close();
    await (backend === "wpa" ? service.cutPower() : device.stop());
    await router.close();
    await neighbour.close();
    await forgetNetworks(lab);
  }
}

/** What the next scenario's device must not know. */
async function forgetNetworks({ backend, service }: Lab): Promise<void> {
  if (backend === "networkmanager") {
    const { output } = await runIn("device", "nmcli", "-t", "-f", "UUID,TYPE", "connection", "show");
    const kept = output
      .split("\n")
      .flatMap((line) => (line.endsWith("wireless") ? [line.split(":")[0] ?? ""] : []));
    if (kept.length > 0) await runIn("device", "nmcli", "connection", "delete", ...kept);
    return;
  }
  rmSync(`/etc/wpa_supplicant/wpa_supplicant-${deviceInterface}.conf`, { force: true });
  await service.start();
}
