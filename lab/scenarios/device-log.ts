import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { productSecretFile } from "../src/cloud.ts";
import { softApPassphrase } from "../src/device.ts";
import { waitUntil } from "../src/namespace.ts";
import type { Scenario } from "../src/scenario.ts";
import { isEvent } from "../src/softap.ts";
import { home, meet, mustBind, mustFail } from "../src/stories.ts";

const wrong = "WRONGPASS";

/** What the device remembers of a failure. */
export const scenario: Scenario = {
  name: "after a failure the log soft AP opens, the phone reads the log over it, no secret is in it, and provisioning works afterwards",
  run: async (lab) => {
    const { device, phone } = lab;
    await meet(lab);
    await mustFail(phone.provision({ ...home, passphrase: wrong }), "WIFI_AUTH_FAILED");
    // Right after the verdict the session still has something to say; a person presses once more.
    const { softApSsid, passphrase } = await waitUntil("log mode", 60_000, async () => {
      device.softap.program.signal("SIGUSR2");
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return device.softap.events.find(isEvent("logMode"));
    });
    await phone.join(Buffer.from(String(softApSsid)), String(passphrase));
    const logs = phone.run("logs", "--log-mode");
    assert.equal((await logs.finished()).exit, 0);
    assert.match(logs.program.output, /WIFI_AUTH_FAILED|2101/);
    const secrets = [
      wrong,
      softApPassphrase,
      String(passphrase),
      readFileSync(productSecretFile, "utf8").trim(),
    ];
    for (const secret of secrets) assert.ok(!logs.program.output.includes(secret), "no secret is in the log");
    await device.stop();

    await device.start();
    await phone.join(device.ssid, softApPassphrase);
    await mustBind(lab, phone.provision(home));
  },
};
