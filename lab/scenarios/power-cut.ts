import type { Scenario } from "../src/scenario.ts";
import { softApPassphrase } from "../src/device.ts";
import { isStep } from "../src/softap.ts";
import { home, homeRouter, mustBind } from "../src/stories.ts";

/** When the power goes, and whether from everything or from our process alone; a device takes one attempt up three times. */
const cuts = [
  [
    { step: "joinNetwork", state: "begun", isTotal: true },
    { step: "register", state: "begun", isTotal: false },
    { step: "connectCloud", state: "begun", isTotal: true },
  ],
  [
    { step: "joinNetwork", state: "done", isTotal: false },
    { step: "reportToken", state: "begun", isTotal: true },
    { step: "reportToken", state: "done", isTotal: false },
  ],
] as const;

/** Power that goes again and again. */
export const scenario: Scenario = {
  name: "power cut with the soft AP up and at each step of two provisionings: the device takes them up each time, and is bound",
  run: async (lab) => {
    const { device, phone, service, router } = lab;
    await router.open(homeRouter);
    await device.start();
    for (const some of cuts) {
      await service.cutPower();
      await service.start();
      await device.start({ args: ["--open-soft-ap"] });
      await phone.join(device.ssid, softApPassphrase);
      const provisioning = phone.provision(home, "--deadline", "600");
      for (const { step, state, isTotal } of some) {
        await device.softap.until(`${step} ${state}`, isStep(step, state), { limitMs: 120_000 });
        await device.kill();
        if (isTotal) {
          await service.cutPower();
          await service.start();
        }
        device.launch();
      }
      await mustBind(lab, provisioning);
    }
  },
};
