import { cpSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Cloud } from "./cloud.ts";
import { Device } from "./device.ts";
import { Phone } from "./phone.ts";
import { clockOf, namesIn, type Plan, planFor } from "./plan.ts";
import { Router } from "./router.ts";
import { type Backend, backendOf, type Lab, type Scenario } from "./scenario.ts";
import { WifiService } from "./service.ts";
import { runSuite } from "./suite.ts";
import { passes } from "./tries.ts";

/** Longest scenario, ms of the machine's clock. */
const scenarioLimitMs = 900_000;
/** Junk datagrams that somebody sends to the device during every story, a second. */
const noisePerSecond = 20;

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
      // A device that has never run: the cloud knows those of former tries.
      const run = (tries: number): Promise<unknown> =>
        runOne(scenario, {
          ...parts,
          device: new Device({ backend, name: `${name}-${tries}`, logs: out, cloud }),
        });
      const isPassed = await passes(`${backend}/${name}: ${scenario.name}`, run, () =>
        cpSync(out, "/mnt/out", { recursive: true }),
      );
      if (isPassed) passed += 1;
      else failed += 1;
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
    if (scenario.isQuiet !== true) phone.makeNoise(noisePerSecond);
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
    // With wpa, forgetting takes the power from everything that runs there.
    if (backend === "networkmanager") await device.stop();
    await router.close();
    await neighbour.close();
    await service.forgetNetworks();
  }
}
