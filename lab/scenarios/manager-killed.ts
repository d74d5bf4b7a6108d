import { softApPassphrase } from "../src/device.ts";
import type { Scenario } from "../src/scenario.ts";
import { isEvent, isStep, type Step } from "../src/softap.ts";
import { home, homeRouter, mustBind } from "../src/stories.ts";

/** When NetworkManager dies. */
const steps: readonly Step[] = [
  ["joinNetwork", "begun"],
  ["joinNetwork", "done"],
  ["connectCloud", "begun"],
  ["reportToken", "begun"],
  ["reportToken", "done"],
];

/** NetworkManager that dies beneath a device that goes on. */
export const scenario: Scenario = {
  name: "NetworkManager is killed with the soft AP up and at each step, and comes back: so does the soft AP, and the device is bound",
  only: "networkmanager",
  run: async (lab) => {
    const { device, phone, router, service } = lab;
    await router.open(homeRouter);
    await device.start();
    const kill = async (): Promise<number> => {
      const openedMs = await device.softApOpened();
      await service.killManager();
      return openedMs;
    };
    await device.softApReopens(await kill());
    for (const step of steps) {
      await phone.join(device.ssid, softApPassphrase);
      const from = device.softap.events.length;
      const provisioning = phone.provision(home);
      await device.softap.until(step.join(" "), isStep(...step), { from, limitMs: 120_000 });
      const openedMs = await kill();
      const { last } = await provisioning.finished();
      if (last?.verdict === "bound") await mustBind(lab, provisioning);
      else {
        await device.softApReopens(openedMs);
        await phone.join(device.ssid, softApPassphrase);
        await mustBind(lab, phone.provision(home));
      }
      // The button, for the next round.
      await device.softap.until("its session ends", isEvent("sessionEnded"), { from, limitMs: 120_000 });
      const asked = device.softap.events.length;
      device.softap.program.signal("SIGUSR1");
      await device.listening({ from: asked });
    }
  },
};
