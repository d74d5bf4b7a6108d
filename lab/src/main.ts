import { readdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Radio } from "@softap/ports";
import { nodeClock } from "@softap/node";
import { runContract } from "./contract.ts";
import { openRadio } from "./open-radio.ts";
import { Phone } from "./phone.ts";
import { Router } from "./router.ts";
import { type Backend, backends, type Lab, type Scenario } from "./scenario.ts";
import { WifiService } from "./service.ts";

/** Longest scenario, ms. */
const scenarioLimitMs = 240_000;

const { values, positionals } = parseArgs({
  options: { out: { type: "string" }, list: { type: "boolean" } },
  allowPositionals: true,
});

interface Planned {
  readonly backend: Backend;
  readonly file: string;
  readonly scenario: Scenario;
}

// `contract`, or `wpa/contract=forget`, asks for the port contract; it takes longer than everything else together.
const isContract = (word: string): boolean => /^(\w+\/)?contract(=|$)/.test(word);
const words = positionals.filter((word) => word !== "");
const contracts = words.filter(isContract);
const names = words.filter((word) => !isContract(word));
const plan = contracts.length > 0 && names.length === 0 ? [] : await readPlan(names);
if (values.list === true) for (const { backend, file } of plan) console.log(`${backend}/${file}`);
else process.exitCode = (await runAll(plan, values.out ?? ".")) ? 0 : 1;
process.exit();

async function readPlan(words: readonly string[]): Promise<readonly Planned[]> {
  const folder = new URL("../scenarios/", import.meta.url);
  const planned: Planned[] = [];
  for (const backend of backends) {
    for (const name of readdirSync(folder).toSorted()) {
      const file = name.replace(/\.ts$/, "");
      if (words.length > 0 && !words.some((word) => `${backend}/${file}`.includes(word))) continue;
      // Every file in the folder exports one scenario by this name.
      const { scenario } = (await import(new URL(name, folder).href)) as { scenario: Scenario };
      if (scenario.backends?.includes(backend) ?? true) planned.push({ backend, file, scenario });
    }
  }
  return planned;
}

async function runAll(all: readonly Planned[], out: string): Promise<boolean> {
  let failed = 0;
  let passed = 0;
  const figures: string[] = [];
  const router = new Router(out, "first");
  const neighbour = new Router(out, "second");
  const phone = new Phone(out);
  for (const backend of backends) {
    const own = all.filter((planned) => planned.backend === backend);
    const contract = contracts.find((word) => !word.includes("/") || word.startsWith(backend));
    if (contract !== undefined) {
      const filter = contract.split("=")[1];
      const outcome = await runContract(backend, { out, filter, print: (line) => console.log(line) });
      passed += outcome.passed;
      failed += outcome.failed;
    }
    if (own.length === 0) continue;
    const service = new WifiService(backend, out);
    await service.start();
    for (const { file, scenario } of own) {
      const startMs = performance.now();
      const error = await runOne(scenario, { backend, router, neighbour, phone, service, figures });
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      console.log(
        `${error === undefined ? "ok    " : "FAILED"} ${backend}/${file}: ${scenario.name} (${seconds} s)`,
      );
      if (error === undefined) passed += 1;
      else {
        failed += 1;
        console.log(`       ${error instanceof Error ? error.message : JSON.stringify(error)}`);
        console.error(`${backend}/${file}:`, error);
      }
    }
    await service.stop();
  }
  for (const figure of figures) console.log(`figure ${figure}`);
  writeFileSync(`${out}/result`, `${passed} passed, ${failed} failed, 0 skipped\n`);
  return failed === 0;
}

async function runOne(
  scenario: Scenario,
  parts: {
    backend: Backend;
    router: Router;
    neighbour: Router;
    phone: Phone;
    service: WifiService;
    figures: string[];
  },
): Promise<unknown> {
  const { backend, router, neighbour, phone, service, figures } = parts;
  const radios: (Radio & { close(): Promise<void> })[] = [];
  const lab: Lab = {
    backend,
    router,
    neighbour,
    phone,
    openRadio: async (options) => {
      const radio = await openRadio(backend, options ?? {});
      radios.push(radio);
      return radio;
    },
    restartService: async () => {
      await service.stop("SIGKILL");
      await service.start();
    },
    figure: (name, valueMs) => figures.push(`${backend} ${name}: ${Math.round(valueMs)} ms`),
  };
  let limit: { cancel(): void } | undefined;
  try {
    await Promise.race([
      scenario.run(lab),
      new Promise((_resolve, reject) => {
        const tooLong = new Error(`took more than ${scenarioLimitMs} ms`);
        limit = nodeClock.after("scenario", scenarioLimitMs, () => reject(tooLong));
      }),
    ]);
    return undefined;
  } catch (error) {
    return error ?? new Error("unknown");
  } finally {
    limit?.cancel();
    for (const radio of radios) {
      await radio.station.forget({ signal: AbortSignal.timeout(20_000) }).catch(() => {});
      await radio.close().catch(() => {});
    }
    await phone.leave();
    await router.close();
    await neighbour.close();
  }
}
