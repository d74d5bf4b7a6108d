import { describe, expect, test } from "vitest";
import fc from "fast-check";
import type { ProvisioningStep } from "@softap/phone";
import { formatSeconds } from "../src/add/countdown.ts";
import { noProgress, progressAfter, progressRows, stages } from "../src/add/progress.ts";
import { en } from "../src/texts/en.ts";

const attempt = 1;
const send = { atMs: 0, number: 4, name: "sendCredentials", attempt, sends: 1, trace: "00000000" } as const;
const answered = {
  atMs: 0,
  number: 5,
  name: "deviceAnswered",
  attempt,
  sends: 1,
  protoVersion: "2.0",
  productId: "P",
  deviceName: "d",
} as const;
const at = (phase: "joining" | "joined" | "registering" | "bound" | "failed"): ProvisioningStep => ({
  atMs: 0,
  number: 6,
  name: "deviceProgress",
  attempt,
  phase,
});
const failed = {
  atMs: 0,
  number: 6,
  name: "deviceFailed",
  attempt,
  code: "WIFI_AUTH_FAILED",
  retry: "input",
} as const;
const restoring = { atMs: 0, number: 7, name: "restoreNetwork" } as const;
const asked = (state: number): ProvisioningStep => ({
  atMs: 0,
  number: 8,
  name: "askCloud",
  asked: 1,
  state,
});
const binding = { atMs: 0, number: 9, name: "bindFamily", attempt, deviceId: "P/d" } as const;
const verdict = (verdict: "bound" | "failed" | "unknown"): ProvisioningStep => ({
  atMs: 0,
  number: 10,
  name: "verdict",
  verdict,
});

function states(steps: readonly ProvisioningStep[]): string {
  const progress = steps.reduce(progressAfter, noProgress);
  return progressRows(progress, en.add.progress)
    .map(({ state }) => state)
    .join(" ");
}

describe("progressAfter()", () => {
  test.each([
    ["nothing yet", [], "active todo todo todo todo"],
    ["credentials on their way", [send], "done active todo todo todo"],
    ["a device that answered", [send, answered], "done done active todo todo"],
    ["a device that tells its phases", [send, answered, at("joining")], "done done active todo todo"],
    [
      "a device on the network",
      [send, answered, at("joined"), at("registering")],
      "done done done active todo",
    ],
    [
      "a phase that comes late",
      [send, answered, at("registering"), at("joining")],
      "done done done active todo",
    ],
    [
      "an old device, told by the cloud alone",
      [send, answered, restoring, asked(1), asked(2)],
      "done done done done active",
    ],
    ["a bound device", [send, answered, binding, verdict("bound")], "done done done done done"],
    ["a device that failed", [send, answered, failed, verdict("failed")], "done done failed todo todo"],
    ["nothing known", [send, answered, at("joined"), verdict("unknown")], "done done done waiting todo"],
    ["a second attempt", [send, answered, failed, { ...send, attempt: 2 }], "done active todo todo todo"],
  ])("shows %s", (_name, steps, expected) => {
    expect(states(steps)).toBe(expected);
  });

  test("says that the phone goes back until the next step", () => {
    expect(progressAfter(noProgress, restoring).isGoingBack).toBe(true);
    expect([send, answered, restoring, binding].reduce(progressAfter, noProgress).isGoingBack).toBe(false);
  });

  test("never goes back within an attempt", () => {
    const step = fc.constantFrom(
      answered,
      at("joining"),
      at("joined"),
      at("bound"),
      at("failed"),
      restoring,
      asked(1),
      asked(2),
      binding,
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let progress = progressAfter(noProgress, send);
        for (const next of steps) {
          const after = progressAfter(progress, next);
          expect(stages.indexOf(after.stage)).toBeGreaterThanOrEqual(stages.indexOf(progress.stage));
          progress = after;
        }
      }),
    );
  });
});

describe("formatSeconds()", () => {
  test.each([
    [120, "2:00"],
    [61, "1:01"],
    [9, "0:09"],
  ])("writes %i seconds", (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});
