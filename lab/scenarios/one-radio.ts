import assert from "node:assert/strict";
import type { Scenario } from "../src/scenario.ts";
import { home, meet, mustBind, mustFail } from "../src/stories.ts";

/** Longest time without a soft AP after a join that failed, ms. */
const mostAwayMs = 5_000;

/** A radio that does one thing at a time. */
export const scenario: Scenario = {
  name: "one role at a time: the soft AP is back within 5 s of a failed join, the phone hears why, and the right passphrase works",
  run: async (lab) => {
    const { device, phone } = lab;
    await meet(lab, { oneRoleAtATime: true });
    await mustFail(phone.provision({ ...home, passphrase: "WRONGPASS" }), "WIFI_AUTH_FAILED");
    const failedMs = device.toldMs("attemptFailed");
    const awayMs = device.toldMs("soft AP is up", { after: device.toldMs("joiningNetwork") }) - failedMs;
    lab.figure(`soft AP back ${Math.max(0, awayMs)} ms after the join had failed`);
    assert.ok(awayMs <= mostAwayMs, `${awayMs} ms`);
    await mustBind(lab, phone.provision(home));
  },
};
