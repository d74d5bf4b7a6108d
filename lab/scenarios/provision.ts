import assert from "node:assert/strict";
import { encodeUtf8, Secret } from "@softap/protocol";
import { expectCode } from "../src/expect.ts";
import { waitUntil } from "../src/namespace.ts";
import type { Scenario } from "../src/scenario.ts";

const home = encodeUtf8("Home-WiFi");
const softAp = { ssid: encodeUtf8("softap-1234"), passphrase: Secret.of("12345678"), channel: 6 };

/** The way of one device, one role at a time. */
export const scenario: Scenario = {
  name: "soft AP up, phone joins, wrong passphrase told apart, right one joined, kept, and there after a power cut",
  run: async (lab) => {
    const signal = AbortSignal.timeout(220_000);
    await lab.router.open({ ssid: home, passphrase: "abcd1234" });
    const radio = await lab.openRadio({ oneRoleAtATime: true });
    let startMs = performance.now();
    await radio.softAp.start(softAp, { signal });
    lab.figure("soft AP up", performance.now() - startMs);
    assert.equal(radio.softAp.isUp, true);
    await lab.phone.join(softAp.ssid, "12345678");
    assert.equal(await lab.phone.reaches("192.168.4.1"), true);
    await waitUntil("the phone is counted", 15_000, async () => radio.softAp.stationCount === 1);
    await radio.softAp.stop({ signal });
    assert.equal(radio.softAp.isUp, false);

    startMs = performance.now();
    const wrong = { ssid: home, passphrase: Secret.of("WRONGPASS") };
    await expectCode("WIFI_AUTH_FAILED", radio.station.join(wrong, { timeoutMs: 40_000, signal }));
    lab.figure("wrong passphrase told", performance.now() - startMs);
    startMs = performance.now();
    await radio.softAp.start(softAp, { signal });
    lab.figure("soft AP back", performance.now() - startMs);
    await radio.softAp.stop({ signal });

    startMs = performance.now();
    const right = { ssid: home, passphrase: Secret.of("abcd1234") };
    const lease = await radio.station.join(right, { timeoutMs: 40_000, signal });
    lab.figure("right passphrase joined", performance.now() - startMs);
    assert.match(lease.address, /^192\.168\.1\./);
    assert.equal(lease.channel, 1);
    assert.equal(await radio.station.keptSsid({ signal }), undefined);
    await radio.station.keep({ signal });
    assert.deepEqual(await radio.station.keptSsid({ signal }), home);

    await lab.restartService();
    const again = await lab.openRadio({ oneRoleAtATime: true });
    assert.deepEqual(await again.station.keptSsid({ signal }), home);
    const returned = await again.station.joinKept({ timeoutMs: 40_000, signal });
    assert.match(returned.address, /^192\.168\.1\./);
  },
};
