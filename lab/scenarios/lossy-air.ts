import { clearAir, loseFrames } from "../src/air.ts";
import type { Scenario } from "../src/scenario.ts";
import { home, meet, mustBind } from "../src/stories.ts";

/** Bad air. */
export const scenario: Scenario = {
  name: "30 % loss on the air in every direction: bound all the same",
  run: async (lab) => {
    await meet(lab);
    try {
      await loseFrames(30);
      await mustBind(lab, lab.phone.provision(home));
    } finally {
      await clearAir();
    }
  },
};
