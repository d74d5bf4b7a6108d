import { Device, softApPassphrase } from "../src/device.ts";
import type { Lab, Scenario } from "../src/scenario.ts";
import { isStep, type Step } from "../src/softap.ts";
import { home, homeRouter, mustBind } from "../src/stories.ts";

/** When the power goes; a device takes one attempt up three times. */
const cuts: readonly (readonly Step[])[] = [
  [
    ["joinNetwork", "begun"],
    ["register", "begun"],
    ["connectCloud", "begun"],
  ],
  [
    ["joinNetwork", "done"],
    ["reportToken", "begun"],
    ["reportToken", "done"],
  ],
];

/** Power that goes again and again. */
export const scenario: Scenario = {
  name: "power cut, of everything or of the device's process alone, with the soft AP up and at each step: the device takes the attempt up each time, and is bound",
  run: async (lab) => {
    await lab.router.open(homeRouter);
    await lab.device.start();
    for (const steps of cuts) await bindThrough(lab, steps, true);
    await lab.device.stop();
    await lab.service.forgetNetworks();
    const device = new Device({ ...lab, name: `${lab.device.name}-killed` });
    try {
      for (const steps of cuts) await bindThrough({ ...lab, device }, steps, false);
    } finally {
      await device.stop();
    }
  },
};

async function bindThrough(lab: Lab, steps: readonly Step[], isTotal: boolean): Promise<void> {
  const { device, phone, service } = lab;
  await service.cutPower();
  await service.start();
  await device.start({ args: ["--open-soft-ap"] });
  await phone.join(device.ssid, softApPassphrase);
  const provisioning = phone.provision(home, "--deadline", "600");
  for (const step of steps) {
    const reached = device.softap.until(step.join(" "), isStep(...step), { limitMs: 120_000 });
    const isReached = reached.then(
      () => true,
      () => false,
    );
    // Steps that take no time may all be over before the power goes: then there is nothing left to cut.
    if (!(await Promise.race([isReached, provisioning.finished().then(() => false)]))) break;
    await device.kill();
    if (isTotal) {
      await service.cutPower();
      await service.start();
    }
    device.launch();
  }
  await mustBind(lab, provisioning);
}
