import { randomFraction } from "@softap/ports";
import { SeededRandom, VirtualClock } from "@softap/virtual";
import { type DeviceKind, deviceKinds } from "./devices.ts";
import { type PhonePlan, phonePlans } from "./plans.ts";

/** What many runs of one plan against one device at one loss came to. */
export interface ExchangeFigure {
  readonly device: string;
  readonly plan: string;
  /** Loss in each direction, 0–1. */
  readonly loss: number;
  readonly runs: number;
  /** Share of runs in which the phone heard the device within 10 s. */
  readonly success: number;
  /** Milliseconds from the start to the first reply, of all runs; `null` when that share of runs never heard one. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Datagrams that the phone sent, on average. */
  readonly meanSends: number;
}

/** The guide's budget: five sends, 2 s apart. */
const budgetMs = 10_000;
/** One way over the air, without queueing. */
const airMs = 3;
const sliceMs = 250;

/** Milliseconds from the start to the first reply, and the sends it took; `undefined` when none came in time. */
function runOnce(
  plan: PhonePlan,
  kind: DeviceKind,
  loss: number,
  random: SeededRandom,
): [number | undefined, number] {
  const clock = new VirtualClock();
  let heardMs: number | undefined;
  let sends = 0;
  const isLost = (): boolean => randomFraction(random) < loss;
  const device = kind.create(clock, () => {
    if (!isLost())
      clock.after("reply", airMs, () => {
        heardMs ??= clock.monotonicMs();
      });
  });
  for (const atMs of plan.sendsMs(random))
    clock.after("send", atMs, () => {
      if (heardMs !== undefined) return;
      sends += 1;
      if (!isLost()) clock.after("request", airMs, () => device.onDatagram());
    });
  // In slices, so that a run whose answer came early costs no more than it needs.
  const isOver = (): boolean => heardMs !== undefined || clock.monotonicMs() >= budgetMs;
  while (!isOver()) clock.advanceSync(sliceMs);
  return [heardMs, sends];
}

/** Value below which a share of the sorted runs lies; runs that never heard anything count as infinitely late. */
function percentile(sortedMs: readonly number[], runs: number, share: number): number | null {
  return sortedMs[Math.ceil(runs * share) - 1] ?? null;
}

/** Every plan against every device at every loss. @param runs - Per figure. */
export function measureExchange(runs: number, losses: readonly number[], seed: number): ExchangeFigure[] {
  const figures: ExchangeFigure[] = [];
  for (const kind of deviceKinds)
    for (const loss of losses)
      for (const plan of phonePlans) {
        const times: number[] = [];
        let sends = 0;
        const source = new SeededRandom(seed).child(`${kind.name} ${plan.name} ${loss}`);
        for (let run = 0; run < runs; run++) {
          const [heardMs, count] = runOnce(plan, kind, loss, source.child(String(run)));
          sends += count;
          if (heardMs !== undefined) times.push(heardMs);
        }
        times.sort((a, b) => a - b);
        figures.push({
          device: kind.name,
          plan: plan.name,
          loss,
          runs,
          success: times.length / runs,
          p50Ms: percentile(times, runs, 0.5),
          p95Ms: percentile(times, runs, 0.95),
          p99Ms: percentile(times, runs, 0.99),
          meanSends: sends / runs,
        });
      }
  return figures;
}
