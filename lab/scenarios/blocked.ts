import { encodeUtf8, Secret } from "@softap/protocol";
import { expectCode } from "../src/expect.ts";
import { mustRunIn, runIn } from "../src/namespace.ts";
import type { Scenario } from "../src/scenario.ts";

const home = { ssid: encodeUtf8("Home-WiFi"), passphrase: Secret.of("abcd1234") };

/** A radio that a switch turns off and on again. */
export const scenario: Scenario = {
  name: "a radio that is switched off refuses to scan, join and open its soft AP, and works when it is on again",
  run: async (lab) => {
    const signal = AbortSignal.timeout(220_000);
    await lab.router.open({ ssid: home.ssid, passphrase: home.passphrase.reveal() });
    const radio = await lab.openRadio({ oneRoleAtATime: true });
    try {
      await mustRunIn("device", "rfkill", "block", "wifi");
      await expectCode("WIFI_BLOCKED", radio.station.scan({ signal }));
      await expectCode("WIFI_BLOCKED", radio.station.join(home, { timeoutMs: 40_000, signal }));
      await expectCode("WIFI_BLOCKED", radio.softAp.start({ ...home, channel: 6 }, { signal }));
    } finally {
      await runIn("device", "rfkill", "unblock", "wifi");
    }
    await radio.station.join(home, { timeoutMs: 60_000, signal });
  },
};
