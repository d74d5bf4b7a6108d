import assert from "node:assert/strict";
import { nodeClock } from "@softap/node";
import { NetworkManagerPhoneWifi } from "@softap/node/linux";
import { encodeUtf8, Secret } from "@softap/protocol";
import { expectCode } from "../src/expect.ts";
import { deviceInterface } from "../src/open-radio.ts";
import type { Scenario } from "../src/scenario.ts";

const home = { ssid: encodeUtf8("Home-WiFi"), passphrase: Secret.of("abcd1234") };
const softAp = { ssid: encodeUtf8("softap-5678"), passphrase: Secret.of("12345678") };

/** A computer in the role of the phone. */
export const scenario: Scenario = {
  name: "a computer leaves its network for a soft AP, is told a wrong passphrase, joins, and goes back",
  backends: ["networkmanager"],
  run: async (lab) => {
    const signal = AbortSignal.timeout(220_000);
    await lab.router.open({ ssid: home.ssid, passphrase: home.passphrase.reveal() });
    await lab.neighbour.open({ ssid: softAp.ssid, passphrase: softAp.passphrase.reveal(), channel: 6 });
    const radio = await lab.openRadio();
    await radio.station.join(home, { timeoutMs: 60_000, signal });
    await radio.station.keep({ signal });

    const wifi = await NetworkManagerPhoneWifi.open({
      interfaceName: deviceInterface,
      clock: nodeClock,
      signal,
    });
    try {
      assert.deepEqual(await wifi.currentSsid({ signal }), home.ssid);
      const wrong = { ssid: softAp.ssid, passphrase: Secret.of("WRONGPASS") };
      await expectCode("WIFI_AUTH_FAILED", wifi.joinSoftAp(wrong, { signal }));
      await wifi.joinSoftAp(softAp, { signal });
      assert.deepEqual(await wifi.currentSsid({ signal }), softAp.ssid);
      await wifi.restore({ signal });
      assert.deepEqual(await wifi.currentSsid({ signal }), home.ssid);
      await wifi.restore({ signal });
    } finally {
      await wifi.close();
    }
  },
};
