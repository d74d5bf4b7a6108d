import assert from "node:assert/strict";
import { encodeUtf8, Secret } from "@softap/protocol";
import { expectCode } from "../src/expect.ts";
import { mustRunIn, waitUntil } from "../src/namespace.ts";
import type { Scenario } from "../src/scenario.ts";

const ssid = encodeUtf8("Home-WiFi");
const right = { ssid, passphrase: Secret.of("abcd1234") };
/** MAC address of the device's radio in the lab. */
const deviceAddress = "02:00:00:00:01:00";

/** Why a network was not joined. */
export const scenario: Scenario = {
  name: "absent, silent, refusing, open where a passphrase was given, canceled and lost are told apart",
  run: async (lab) => {
    const signal = AbortSignal.timeout(230_000);
    const radio = await lab.openRadio({ oneRoleAtATime: true });
    const { station } = radio;
    const join = (timeoutMs: number): Promise<unknown> => station.join(right, { timeoutMs, signal });

    const startMs = performance.now();
    await expectCode("WIFI_NOT_FOUND", join(60_000));
    lab.figure("absent router told", performance.now() - startMs);

    await lab.router.open({ ssid, passphrase: "abcd1234", hasDhcp: false });
    await expectCode("WIFI_NO_ADDRESS", join(25_000));

    const denied = "deny_mac_file=/run/denied";
    await mustRunIn("router", "sh", "-c", `echo ${deviceAddress} >/run/denied`);
    await lab.router.open({ ssid, passphrase: "abcd1234", lines: ["macaddr_acl=0", denied] });
    await expectCode("WIFI_REFUSED", join(40_000));

    await lab.router.open({ ssid });
    await expectCode("WIFI_UNSUPPORTED_SECURITY", join(40_000));
    await expectCode("WIFI_NOT_JOINED", station.keep({ signal }));

    await lab.router.open({ ssid, passphrase: "abcd1234" });
    const source = new AbortController();
    const given = station.join(right, { timeoutMs: 60_000, signal: source.signal });
    await waitUntil("joining", 5_000, async () => station.status.state === "joining");
    source.abort();
    await expectCode("CANCELED", given);
    assert.equal(station.status.state, "idle");

    await station.join(right, { timeoutMs: 60_000, signal });
    let isLost = false;
    station.onLost = () => {
      isLost = true;
    };
    await lab.router.close();
    await waitUntil("the loss is told", 60_000, async () => isLost);
    assert.equal(station.status.state, "idle");
  },
};
