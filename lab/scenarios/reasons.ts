import assert from "node:assert/strict";
import type { Scenario } from "../src/scenario.ts";
import { home, homeRouter, mustBeUsable, mustFail } from "../src/stories.ts";
import { softApPassphrase } from "../src/device.ts";

/** Everything that goes wrong before it goes well. */
export const scenario: Scenario = {
  name: "router absent, router without DHCP, then wrong, wrong and right passphrase in one session with one token: each reason is heard",
  run: async (lab) => {
    const { device, phone, router, cloud } = lab;
    await device.start();
    await phone.join(device.ssid, softApPassphrase);
    lab.figure(`absent router told after ${await mustFail(phone.provision(home), "WIFI_NOT_FOUND")} ms`);

    await router.open({ ...homeRouter, hasDhcp: false });
    lab.figure(`silent DHCP told after ${await mustFail(phone.provision(home), "WIFI_NO_ADDRESS")} ms`);
    router.serveDhcp();

    const tokens = cloud.tokenCount();
    const terminal = phone.provisionByHand({ ...home, passphrase: "first wrong" });
    // The sign of a question that waits for its answer.
    let printed = await terminal.prints("◆");
    assert.match(terminal.output, /refused the Wi-Fi passphrase \(SA2101\)/);
    terminal.type("second wrong");
    printed = await terminal.prints("◆", { from: printed });
    terminal.type(home.passphrase);
    assert.equal(await terminal.ended, 0, terminal.output.slice(printed));
    assert.equal(cloud.tokenCount(), tokens + 1);
    await mustBeUsable(lab);
  },
};
