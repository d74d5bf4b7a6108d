/**
 * What softap costs, beside what the vendor's parts cost. `npm run bench` prints a table and writes
 * bench/results/latest.json; `npm run bench -- --quick` takes fewer runs; `-- exchange` (or another name) one part.
 */
import { parseArgs } from "node:util";
import { measureBindTime } from "./bind-time.ts";
import { measureCloudCpu } from "./cloud-cpu.ts";
import { type ExchangeFigure, measureExchange } from "./exchange/exchange.ts";
import { measureHelp } from "./help.ts";
import { measureIdleDevice } from "./idle-device.ts";
import { type Figure, isMet, printFigures, printTable, writeResults } from "./report.ts";
import { measureSize } from "./size.ts";

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const { quick } = values;
const figures: Figure[] = [];
let exchange: ExchangeFigure[] = [];

const parts: Record<string, () => Promise<Figure[]> | Figure[]> = {
  "bind-time": () => measureBindTime(quick ? 5 : 30),
  cloud: () => measureCloudCpu(quick ? 50 : 200, quick ? 3 : 7),
  exchange: () => {
    exchange = measureExchange(quick ? 500 : 10_000, [0, 0.1, 0.3, 0.5], Number(values.seed));
    return exchangeMarks(exchange);
  },
  size: measureSize,
  help: () => measureHelp(quick ? 5 : 15),
  "idle-device": () => measureIdleDevice(quick ? 5_000 : 20_000),
};
const unknown = positionals.find((name) => !(name in parts));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}; choose from ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.error(`measuring ${name} …`);
  figures.push(...(await measure()));
}

if (exchange.length > 0) {
  console.log("\nPhone ↔ device exchange: time from the start to the first reply, loss each way");
  printExchange(exchange);
  console.log();
}
printFigures(figures);
console.log(`\nwritten to ${writeResults({ seed: Number(values.seed), quick, figures, exchange })}`);
process.exitCode = figures.every(isMet) ? 0 : 1;

/** The marks of the plan that ships, against the device that ships. */
function exchangeMarks(all: readonly ExchangeFigure[]): Figure[] {
  const ours = (loss: number): ExchangeFigure | undefined =>
    all.find((figure) => figure.device === "our device" && figure.plan === "ours" && figure.loss === loss);
  const name = "exchange, ours with our device";
  return [
    {
      name: `${name}, 30 % loss: p95`,
      value: ours(0.3)?.p95Ms ?? Number.POSITIVE_INFINITY,
      unit: "ms",
      mustBe: { atMost: 1000 },
      beside: "the other plans: table above",
    },
    {
      name: `${name}, 30 % loss: within 10 s`,
      value: ours(0.3)?.success ?? 0,
      unit: "share",
      mustBe: { atLeast: 0.999 },
    },
    {
      name: `${name}, 50 % loss: within 10 s`,
      value: ours(0.5)?.success ?? 0,
      unit: "share",
      mustBe: { atLeast: 0.99 },
    },
  ];
}

function printExchange(all: readonly ExchangeFigure[]): void {
  const ms = (value: number | null): string => (value === null ? "never" : `${Math.round(value)} ms`);
  printTable([
    ["device", "loss", "plan", "within 10 s", "p50", "p95", "p99", "sends"],
    ...all.map((figure) => [
      figure.device,
      `${figure.loss * 100} %`,
      figure.plan,
      `${(figure.success * 100).toFixed(2)} %`,
      ms(figure.p50Ms),
      ms(figure.p95Ms),
      ms(figure.p99Ms),
      figure.meanSends.toFixed(1),
    ]),
  ]);
}
