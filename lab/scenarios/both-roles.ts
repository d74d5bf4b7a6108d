import assert from "node:assert/strict";
import { encodeUtf8, Secret } from "@softap/protocol";
import { expectCode } from "../src/expect.ts";
import { waitUntil } from "../src/namespace.ts";
import type { Scenario } from "../src/scenario.ts";

const home = encodeUtf8("Home-WiFi");
const softAp = { ssid: encodeUtf8("softap-both"), passphrase: Secret.of("12345678"), channel: 6 };

/** Soft AP and station at once, with the router on another channel. */
export const scenario: Scenario = {
  name: "the soft AP stays while joining, and follows the router to its channel",
  run: async (lab) => {
    const signal = AbortSignal.timeout(220_000);
    await lab.router.open({ ssid: home, passphrase: "abcd1234", channel: 1 });
    const radio = await lab.openRadio();
    assert.equal(radio.capabilities.softApWhileStation, true);
    await radio.softAp.start(softAp, { signal });
    await lab.phone.join(softAp.ssid, "12345678");
    await waitUntil("the phone is counted", 15_000, async () => radio.softAp.stationCount === 1);

    const wrong = { ssid: home, passphrase: Secret.of("WRONGPASS") };
    await expectCode("WIFI_AUTH_FAILED", radio.station.join(wrong, { timeoutMs: 60_000, signal }));
    assert.equal(radio.softAp.isUp, true);
    await waitUntil("the phone is back", 60_000, () => lab.phone.reaches("192.168.4.1"));

    const right = { ssid: home, passphrase: Secret.of("abcd1234") };
    const lease = await radio.station.join(right, { timeoutMs: 60_000, signal });
    assert.match(lease.address, /^192\.168\.1\./);
    assert.equal(radio.softAp.isUp, true);
    await waitUntil("the phone is still there", 60_000, () => lab.phone.reaches("192.168.4.1"));
    await radio.softAp.stop({ signal });
    assert.equal(radio.station.status.state, "joined");
  },
};
