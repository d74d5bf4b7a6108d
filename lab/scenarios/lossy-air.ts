import assert from "node:assert/strict";
import { clearAir, loseFrames } from "../src/air.ts";
import type { Scenario } from "../src/scenario.ts";
import { codeOf } from "../src/softap.ts";
import { home, meet, mustBind } from "../src/stories.ts";

/** How often a person tries. */
const mostTries = 3;

/** Bad air: packets get lost that the radios themselves have repeated already. */
export const scenario: Scenario = {
  name: "30 % loss on the air in every direction: bound all the same, where DHCP came through; else the reason is heard, and the next try binds",
  run: async (lab) => {
    await meet(lab);
    try {
      await loseFrames(30);
      let provisioning = lab.phone.provision(home);
      for (let tries = 1; tries < mostTries; tries++) {
        const { last } = await provisioning.finished();
        if (last?.verdict === "bound") break;
        // NetworkManager asks some four times within our limit, and each time four packets must come through.
        assert.equal(codeOf(last), "WIFI_NO_ADDRESS");
        provisioning = lab.phone.provision(home);
      }
      await mustBind(lab, provisioning);
    } finally {
      await clearAir();
    }
  },
};
