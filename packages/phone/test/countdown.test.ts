import {
  countdown,
  nextDeadlineMs,
  phoneLimits,
  type ProvisioningStep,
  type StepDetails,
} from "@softap/phone";
import { describe, expect, test } from "vitest";

const limits = {
  ...phoneLimits,
  prepareTimeoutMs: 1_000,
  softApTimeoutMs: 2_000,
  silentAfterMs: 3_000,
  verdictTimeoutMs: 20_000,
  restoreTimeoutMs: 4_000,
  silentAskMs: 5_000,
  bindTimeoutMs: 6_000,
};

function deadlines(...steps: readonly (readonly [atMs: number, details: StepDetails])[]): unknown[] {
  let deadlineMs: number | undefined;
  return steps.map(([atMs, details]) => {
    const step: ProvisioningStep = { atMs, ...details };
    deadlineMs = nextDeadlineMs(step, deadlineMs, limits);
    return deadlineMs;
  });
}

const sent = (sends: number, attempt = 1): StepDetails => ({
  number: 4,
  name: "sendCredentials",
  attempt,
  sends,
  trace: "00000000",
});
const answered: StepDetails = {
  number: 5,
  name: "deviceAnswered",
  attempt: 1,
  sends: 1,
  protoVersion: "2.0",
  productId: undefined,
  deviceName: undefined,
};
const bind = (attempt: number): StepDetails => ({ number: 9, name: "bindFamily", attempt, deviceId: "P/D" });

describe("nextDeadlineMs()", () => {
  test("follows a provisioning that goes well", () => {
    expect(
      deadlines(
        [0, { number: 1, name: "createToken" }],
        [100, { number: 3, name: "joinSoftAp" }],
        [1_500, sent(1)],
        [1_600, sent(2)],
        [1_700, answered],
        [1_800, { number: 6, name: "deviceProgress", attempt: 1, phase: "joining" }],
        [2_000, { number: 7, name: "restoreNetwork" }],
        [3_000, { number: 8, name: "askCloud", asked: 1, state: 2 }],
        [3_100, bind(1)],
        [3_600, bind(2)],
        [3_700, { number: 10, name: "verdict", verdict: "bound" }],
      ),
    ).toEqual([1_000, 1_000, 4_500, 4_500, 21_700, 21_700, 21_700, 21_700, 9_100, 9_100, undefined]);
  });

  test("gives a phone that goes home from a silent device the time for it", () => {
    expect(
      deadlines(
        [0, sent(1)],
        [3_000, { number: 7, name: "restoreNetwork" }],
        [7_500, { number: 8, name: "askCloud", asked: 1, code: "UNREACHABLE" }],
      ),
    ).toEqual([3_000, 7_000, 12_500]);
  });

  test("stands still while a person is asked, and begins again with the next attempt", () => {
    expect(
      deadlines(
        [0, answered],
        [500, { number: 6, name: "deviceFailed", attempt: 1, code: "WIFI_AUTH_FAILED", retry: "input" }],
        [60_000, sent(1, 2)],
        [60_100, { number: 5, name: "previousError", code: "WIFI_NOT_FOUND", log: "" }],
      ),
    ).toEqual([20_000, undefined, 63_000, 63_000]);
  });
});

describe("countdown()", () => {
  const steps: readonly ProvisioningStep[] = [
    { atMs: 0, number: 1, name: "createToken" },
    { atMs: 400, ...sent(1) },
    { atMs: 600, ...answered },
  ];

  test("gives whole seconds, rounded up, down to 0", () => {
    const at = (nowMs: number): number | undefined => countdown(steps, { nowMs, limits });
    expect([600, 601, 1_600, 20_599, 20_600, 99_000].map(at)).toEqual([20, 20, 19, 1, 0, 0]);
  });

  test("takes the usual limits where none are given", () => {
    expect(countdown(steps, { nowMs: 600 })).toBe(phoneLimits.verdictTimeoutMs / 1_000);
  });

  test("has nothing to count before the first step and after the verdict", () => {
    expect(countdown([], { nowMs: 0 })).toBeUndefined();
    const verdict = { atMs: 700, number: 10, name: "verdict", verdict: "bound" } as const;
    expect(countdown([...steps, verdict], { nowMs: 700 })).toBeUndefined();
  });
});
