import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { neverCanceled, type Radio } from "@softap/ports";
import { encodeUtf8, isSoftApError, Secret } from "@softap/protocol";
import { waitUntil } from "../src/namespace.ts";
import type { Router } from "../src/router.ts";
import { describe, test } from "./criteria.ts";

/** What a criterion of the lab gets: a radio that knows no network, and a router that is off. */
export interface LabWorld {
  readonly radio: Radio;
  readonly router: Router;
  cleanup(): Promise<void>;
}

const home = encodeUtf8("Home-WiFi");
const right = { ssid: home, passphrase: Secret.of("abcd1234") };
/** MAC address of the device's radio in the lab. */
const deviceAddress = "02:00:00:00:01:00";
const signal = neverCanceled;
const timeoutMs = 60_000;

/** What only real programs can show, beside the port contract. */
export function labCriteria(name: string, setup: () => Promise<LabWorld>): void {
  const criterion = (what: string, body: (world: LabWorld) => Promise<void>): void =>
    test(what, async () => {
      const world = await setup();
      try {
        await body(world);
      } finally {
        await world.cleanup();
      }
    });

  describe(`Reasons of ${name}`, () => {
    criterion("a router that denies the device is WIFI_REFUSED", async ({ radio, router }) => {
      writeFileSync("/run/lab/denied", `${deviceAddress}\n`);
      const lines = ["macaddr_acl=0", "deny_mac_file=/run/lab/denied"];
      await router.open({ ssid: home, passphrase: "abcd1234", lines });
      await expectCode("WIFI_REFUSED", radio.station.join(right, { timeoutMs, signal }));
    });

    criterion(
      "an open network where a passphrase was given is WIFI_UNSUPPORTED_SECURITY",
      async ({ radio, router }) => {
        await router.open({ ssid: home });
        await expectCode("WIFI_UNSUPPORTED_SECURITY", radio.station.join(right, { timeoutMs, signal }));
      },
    );

    criterion("a wrong passphrase of a WPA3 network is WIFI_AUTH_FAILED", async ({ radio, router }) => {
      await router.open({ ssid: home, passphrase: "abcd1234", security: "wpa3" });
      const wrong = { ssid: home, passphrase: Secret.of("WRONGPASS") };
      await expectCode("WIFI_AUTH_FAILED", radio.station.join(wrong, { timeoutMs, signal }));
    });

    criterion(
      "a mixed WPA2 and WPA3 network is joined, and so is a name that is no UTF-8",
      async ({ radio, router }) => {
        const ssid = Uint8Array.of(0xff, 0xfe, 0x20, 0x5c, 0x22, 0x09);
        await router.open({ ssid, passphrase: "abcd1234", security: "mixed" });
        const lease = await radio.station.join({ ...right, ssid }, { timeoutMs, signal });
        assert.deepEqual(lease.ssid, ssid);
      },
    );

    criterion("a router that vanishes is told by onLost", async ({ radio, router }) => {
      await router.open({ ssid: home, passphrase: "abcd1234" });
      await radio.station.join(right, { timeoutMs, signal });
      let isLost = false;
      radio.station.onLost = () => (isLost = true);
      await router.close();
      await waitUntil("the loss is told", 60_000, async () => isLost);
    });
  });
}

async function expectCode(code: string, work: Promise<unknown>): Promise<void> {
  const ended = await work.then(
    () => "it succeeded",
    (error: unknown) => (isSoftApError(error) ? error.code : String(error)),
  );
  assert.equal(ended, code);
}
