import { describe, expect, test } from "vitest";
import { conditions } from "../field/conditions.ts";
import { type CellFigure, cells, isOurVerdict, measureCell, percentile } from "../field/matrix.ts";
import { formatPage } from "../field/page.ts";
import type { PhoneKind } from "../field/phones/field-phone.ts";
import { ourPhone } from "../field/phones/our-phone.ts";
import { type Cell, runOnce } from "../field/run-once.ts";

function cell(condition: string, device: string, phone: string): Cell {
  const found = cells.find(
    (one) => one.condition.name === condition && one.device.name === device && one.phone.name === phone,
  );
  if (found === undefined) throw new Error(`There is no cell ${condition}, ${device}, ${phone}`);
  return found;
}

describe("runOnce()", () => {
  const devices = ["ours", "ours, one radio", "ESP demo", "C SDK", "esp-qcloud"];

  test.each(devices)("binds %s with our phone where nothing is in the way", async (device) => {
    expect(await runOnce(cell("loss 0 %", device, "ours"), 2)).toMatchObject({
      verdict: "bound",
      contradiction: undefined,
    });
  });

  test("gives the same run for the same seed, and another for another", async () => {
    const lossy = cell("loss 30 %", "C SDK", "ours");
    const first = await runOnce(lossy, 5);
    expect(await runOnce(lossy, 5)).toEqual(first);
    expect((await runOnce(lossy, 6)).elapsedMs).not.toBe(first.elapsedMs);
  });

  test("catches a phone that says bound when nothing is", async () => {
    const liar: PhoneKind = {
      name: "liar",
      provision: () => Promise.resolve({ verdict: "bound", elapsedMs: 0, reason: "" }),
    };
    const run = await runOnce({ ...cell("loss 0 %", "ours", "ours"), phone: liar }, 1);
    expect(run.contradiction).toBe("told bound, is not");
  });

  test("catches a phone that says failed when the device gets through later", async () => {
    const pessimist: PhoneKind = {
      name: "pessimist",
      provision: async (world) => {
        void ourPhone.provision(world);
        return { verdict: "failed", elapsedMs: 0, reason: "in a bad mood" };
      },
    };
    const run = await runOnce({ ...cell("loss 0 %", "ESP demo", "ours"), phone: pessimist }, 1);
    expect(run.contradiction).toBe("told failed, device got through");
  });

  test("takes an honest failure for no contradiction", async () => {
    const run = await runOnce(cell("no request arrives", "C SDK", "iOS"), 1);
    expect(run).toMatchObject({ verdict: "failed", contradiction: undefined });
  });

  test.each(["no reply arrives", "phone to mobile data after the first request"])(
    "our phone does not call it failed: %s",
    async (condition) => {
      for (const device of devices)
        for (const seed of [1, 2, 3])
          expect((await runOnce(cell(condition, device, "ours"), seed)).contradiction).toBeUndefined();
    },
  );

  test.each(["after joining", "after the first request", "after the first reply", "on the way home"])(
    "our phone gets through although its system changes to mobile data %s",
    async (moment) => {
      for (const device of devices.slice(0, 4))
        for (const seed of [1, 2, 3])
          expect(await runOnce(cell(`phone to mobile data ${moment}`, device, "ours"), seed)).toMatchObject({
            verdict: "bound",
            contradiction: undefined,
          });
    },
  );
});

describe("measureCell()", () => {
  test("counts wrong verdicts and gives their seeds", async () => {
    const seeds: number[] = [];
    const figure = await measureCell(cell("no reply arrives", "C SDK", "Android"), {
      runs: 3,
      seed: 1,
      onWrong: (seed) => seeds.push(seed),
    });
    expect(figure).toMatchObject({ runs: 3, bound: 0, wrong: 3 });
    expect(new Set(seeds).size).toBe(3);
    expect(isOurVerdict(figure)).toBe(false);
  });
});

describe("percentile()", () => {
  test("is the smallest time that enough runs do not exceed", () => {
    const times = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(times, share))).toEqual([50, 95, 99, 100]);
    expect(percentile([7], 0.5)).toBe(7);
  });
});

describe("formatPage()", () => {
  test("has a table for every condition and a line for every cell", () => {
    const figures = cells.map(({ condition, device, phone }): CellFigure => ({
      condition: condition.name,
      device: device.name,
      phone: phone.name,
      runs: 8,
      bound: 7,
      unknown: 1,
      wrong: 0,
      p50Ms: 1_250,
      p95Ms: 2_000,
      p99Ms: 3_000,
    }));
    const page = formatPage(figures, 3);
    expect(page).toContain("seed 3, 8 runs per line");
    expect(page.match(/\| 87\.5 % +\| 12\.5 % +\| 0 /g)).toHaveLength(cells.length);
    for (const { name } of conditions) expect(page.toLowerCase()).toContain(`## ${name.toLowerCase()}\n`);
  });
});
