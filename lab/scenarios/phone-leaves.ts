import type { Scenario } from "../src/scenario.ts";
import { isStep } from "../src/softap.ts";
import { home, meet, mustBind } from "../src/stories.ts";

/** A phone that is carried out of reach. */
export const scenario: Scenario = {
  name: "the phone has no mobile data, leaves while the device joins, and comes back: it hears the verdict",
  run: async (lab) => {
    const { device, phone } = lab;
    await meet(lab);
    const provisioning = phone.provision(home);
    await provisioning.until("credentials sent", isStep("sendCredentials", "done"));
    await phone.setMobileData(false);
    await phone.leave();
    await device.connected();
    // It goes home, as phones do; the cloud is heard from there.
    await phone.join(Buffer.from(home.ssid), home.passphrase);
    await mustBind(lab, provisioning);
  },
};
