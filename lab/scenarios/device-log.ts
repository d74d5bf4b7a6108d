import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { productSecretFile } from "../src/cloud.ts";
import { softApPassphrase } from "../src/device.ts";
import type { Scenario } from "../src/scenario.ts";
import { home, meet, mustBind, mustFail } from "../src/stories.ts";

const wrong = "WRONGPASS";

/** What the device remembers of a failure. */
export const scenario: Scenario = {
  name: "after a failure the log soft AP opens, the phone reads the log over it, no secret is in it, and provisioning works afterwards",
  run: async (lab) => {
    const { device, phone } = lab;
    await meet(lab);
    await mustFail(phone.provision({ ...home, passphrase: wrong }), "WIFI_AUTH_FAILED");
    device.softap.program.signal("SIGUSR2");
    const isLogMode = ({ event }: { event: string }): boolean => event === "logMode";
    const { softApSsid, passphrase } = await device.softap.until("log mode", isLogMode);
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
