import type { Scenario } from "../src/scenario.ts";
import { home, meet, mustBind } from "../src/stories.ts";

/** The plain way, with soft AP and station at once and the router on another channel. */
export const scenario: Scenario = {
  name: "the device finds out what manages its radio; soft AP, phone joins, credentials, router on another channel, bound; the device tells the phone over the soft AP",
  run: async (lab) => {
    await meet(lab, { wifi: "auto" });
    const provisioning = lab.phone.provision(home);
    await provisioning.until(
      "the device tells of its network",
      ({ actor, step, state }) => actor === "device" && step === "joinNetwork" && state === "done",
    );
    await mustBind(lab, provisioning);
  },
};
