import assert from "node:assert/strict";
import { softApPassphrase } from "../src/device.ts";
import type { Scenario } from "../src/scenario.ts";
import { isEvent } from "../src/softap.ts";
import { home, homeRouter, meet, mustBind } from "../src/stories.ts";

/** How long the router must be away until the soft AP opens, ms: the default of the policy. */
const openAfterMs = 180_000;

/** What happens to a bound device. */
export const scenario: Scenario = {
  name: "router off for 3 min: the soft AP opens by policy, and the device returns by itself, with and without a phone; a reboot opens none",
  run: async (lab) => {
    const { device, phone, router, service } = lab;
    await meet(lab);
    await mustBind(lab, phone.provision(home));
    for (const hasPhone of [true, false]) {
      await device.softApIsGone();
      await phone.leave();
      const from = device.softap.events.length;
      const startMs = performance.now();
      await router.close();
      await device.listening({ from, limitMs: 2 * openAfterMs });
      const waitedMs = performance.now() - startMs;
      assert.ok(waitedMs >= openAfterMs - 1_000, `the soft AP opened after ${waitedMs} ms`);
      if (hasPhone) await phone.join(device.ssid, softApPassphrase);
      await router.open(homeRouter);
      await device.connected({ from, limitMs: 180_000 });
      await device.exchange();
    }
    await device.softApIsGone();

    await service.cutPower();
    await service.start();
    device.launch();
    await device.connected();
    await device.exchange();
    assert.ok(!device.softap.events.some(isEvent("listening")), "no soft AP was opened");
    assert.equal(await device.isSoftApUp(), false);
  },
};
