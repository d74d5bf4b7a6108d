import assert from "node:assert/strict";
import type { Scenario } from "../src/scenario.ts";
import { home, meet, mustBind, mustFail } from "../src/stories.ts";

/** Most memory after the flood, kB. */
const mostRssKb = 110 * 1024;

/** Somebody who sends what nobody asked for. */
export const scenario: Scenario = {
  name: "100 junk datagrams a second and junk connections on 8266 all the time: wrong is told, right is bound",
  run: async (lab) => {
    const { device, phone } = lab;
    await meet(lab);
    phone.makeNoise(100);
    await mustFail(phone.provision({ ...home, passphrase: "WRONGPASS" }), "WIFI_AUTH_FAILED");
    await mustBind(lab, phone.provision(home));
    const { rssKb } = device.usage();
    assert.ok(rssKb <= mostRssKb, `${rssKb} kB after the flood`);
  },
};
