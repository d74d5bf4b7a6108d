import { SeededRandom } from "@softap/virtual";
import { conditions } from "./conditions.ts";
import { cSdk } from "./devices/c-sdk.ts";
import { espDemo } from "./devices/esp-demo.ts";
import { espQcloud } from "./devices/esp-qcloud.ts";
import { ourDevices } from "./devices/our-device.ts";
import { ourPhone } from "./phones/our-phone.ts";
import { vendorPhones } from "./phones/vendor-phone.ts";
import { type Cell, type Run, runOnce } from "./run-once.ts";

/** Many runs of one cell. */
export interface CellFigure {
  readonly condition: string;
  readonly device: string;
  readonly phone: string;
  readonly runs: number;
  readonly bound: number;
  readonly unknown: number;
  /** Runs in which the person was told what was not, or did not stay, true. */
  readonly wrong: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

const devices = [...ourDevices, espDemo, cSdk, espQcloud];
const phones = [ourPhone, ...vendorPhones];

/** Every cell, condition by condition. */
export const cells: readonly Cell[] = conditions.flatMap((condition) =>
  devices.flatMap((device) => phones.map((phone) => ({ condition, device, phone }))),
);

/** Seed of one run: the chances of a condition are the same for every device and phone. */
function seedOf({ condition }: Cell, run: number, seed: number): number {
  return new SeededRandom(seed).child(condition.name).child(String(run)).seed;
}

/** Runs a cell. @param onWrong - Called with the seed of every run with a wrong verdict. */
export async function measureCell(
  cell: Cell,
  options: {
    readonly runs: number;
    readonly seed: number;
    readonly onWrong: (seed: number, run: Run) => void;
  },
): Promise<CellFigure> {
  const times: number[] = [];
  let [bound, unknown, wrong] = [0, 0, 0];
  for (let run = 0; run < options.runs; run++) {
    const seed = seedOf(cell, run, options.seed);
    const result = await runOnce(cell, seed);
    times.push(result.elapsedMs);
    if (result.verdict === "bound") bound += 1;
    if (result.verdict === "unknown") unknown += 1;
    if (result.contradiction !== undefined) {
      wrong += 1;
      options.onWrong(seed, result);
    }
  }
  times.sort((a, b) => a - b);
  const { condition, device, phone } = cell;
  return {
    condition: condition.name,
    device: device.name,
    phone: phone.name,
    runs: times.length,
    bound,
    unknown,
    wrong,
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    p99Ms: percentile(times, 0.99),
  };
}

/** Smallest time that is not below a share of the sorted times. */
export function percentile(sortedMs: readonly number[], share: number): number {
  return sortedMs[Math.max(0, Math.ceil(sortedMs.length * share) - 1)] ?? Number.NaN;
}

/** Whether softap answers for the verdict. */
export function isOurVerdict({ phone }: { readonly phone: string }): boolean {
  return phone === ourPhone.name;
}
