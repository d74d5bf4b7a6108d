import assert from "node:assert/strict";
import { encodeUtf8, Secret } from "@softap/protocol";
import { expectCode } from "../src/expect.ts";
import type { RouterOptions } from "../src/router.ts";
import type { Scenario } from "../src/scenario.ts";

const passphrase = "p\"ss 'wörd\\8";

/** Kinds of networks that must be joined, each by its name. */
const networks: readonly (RouterOptions & { readonly kind: string })[] = [
  { kind: "open", ssid: encodeUtf8("Free") },
  { kind: "hidden", ssid: encodeUtf8("Hidden One"), passphrase, isHidden: true, channel: 11 },
  { kind: "emoji, 32 bytes", ssid: encodeUtf8("🏠🏡🏘️ thirty-two bytes"), passphrase },
  { kind: "not UTF-8", ssid: Uint8Array.of(0xff, 0xfe, 0x20, 0x5c, 0x22, 0x09), passphrase },
  { kind: "WPA3", ssid: encodeUtf8("Six"), passphrase, security: "wpa3" },
  { kind: "WPA2 and WPA3", ssid: encodeUtf8("Both"), passphrase, security: "mixed" },
];

/** The kinds of networks that people have. */
export const scenario: Scenario = {
  name: "open, hidden, emoji, non-text, WPA3 and mixed networks are joined; wrong WPA3 passphrases are told apart",
  run: async (lab) => {
    const signal = AbortSignal.timeout(230_000);
    const radio = await lab.openRadio({ oneRoleAtATime: true });
    for (const network of networks) {
      await lab.router.open(network);
      const { ssid, kind } = network;
      if (kind === "WPA3") {
        const wrong = { ssid, passphrase: Secret.of("WRONGPASS") };
        const startMs = performance.now();
        await expectCode("WIFI_AUTH_FAILED", radio.station.join(wrong, { timeoutMs: 40_000, signal }));
        lab.figure("wrong WPA3 passphrase told", performance.now() - startMs);
      }
      const right = network.passphrase === undefined ? undefined : Secret.of(network.passphrase);
      const lease = await radio.station
        .join({ ssid, passphrase: right }, { timeoutMs: 60_000, signal })
        .catch((cause: unknown) => {
          throw new Error(`${kind}: ${String(cause)}`, { cause });
        });
      assert.deepEqual(lease.ssid, ssid, kind);
      const seen = await radio.station.scan({ signal });
      assert.ok(
        seen.some((one) => Buffer.compare(one.ssid, ssid) === 0),
        `${kind} is seen`,
      );
      // NetworkManager would look for the lost network for half a minute, and was seen not to find a hidden one meanwhile.
      await radio.station.leave({ signal });
    }
  },
};
