import assert from "node:assert/strict";
import type { Scenario } from "../src/scenario.ts";
import { home, meet, mustBind } from "../src/stories.ts";

/** Most memory of a device that waits for its phone, kB. */
const mostRssKb = 70 * 1024;
/** Most processor time of it, part of one core. */
const mostIdleCpu = 0.005;

/** A device that waits for credentials. */
export const scenario: Scenario = {
  name: "a device with its soft AP up and a phone on it takes at most 70 MB and 0.5 % of a core while it waits",
  isQuiet: true,
  run: async (lab) => {
    const { device, phone } = lab;
    await meet(lab);
    const before = device.usage();
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    const { rssKb, cpuMs } = device.usage();
    const idle = (cpuMs - before.cpuMs) / 60_000;
    lab.figure(
      `device with its soft AP up and a phone on it: ${(rssKb / 1024).toFixed(1)} MB, ${(idle * 100).toFixed(2)} % of a core`,
    );
    assert.ok(rssKb <= mostRssKb, `${rssKb} kB`);
    assert.ok(idle <= mostIdleCpu, `${idle} of a core`);
    await mustBind(lab, phone.provision(home));
  },
};
