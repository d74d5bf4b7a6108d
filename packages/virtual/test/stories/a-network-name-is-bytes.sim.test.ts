import { decodeUtf8, encodeUtf8, Secret } from "@softap/protocol";
import { expect, test } from "vitest";
import { rightPassphrase, story, World } from "./world.ts";

const names = {
  "a dash": "Home–WiFi",
  "an emoji": "🏠 home 🐈",
  "Chinese characters": "客厅路由器",
  "32 bytes": "x".repeat(32),
  "32 bytes of emoji": "🐈".repeat(8),
  "blanks at both ends": " guest ",
  "quotes and backslashes": 'O\'Neil "2.4" \\ 5',
  "control characters": "a\tb\u0001c",
  "a combining accent": "Cafe\u0301",
};

for (const [what, name] of Object.entries(names))
  test(
    `a network name with ${what} arrives byte for byte`,
    story({ router: { ssid: name } }, async (world) => {
      const { lamp } = world;
      // The same name in another normal form is another network.
      world.air.addRouter({ ssid: `${name.normalize("NFC").slice(0, 4)}!`, passphrase: rightPassphrase });
      expect(await world.verdict()).toMatchObject({ verdict: "bound" });
      const { status } = lamp.radio.station;
      expect(status.state === "joined" && status.lease.ssid).toEqual(encodeUtf8(name));
      lamp.cutPower();
      await lamp.boot();
      await world.expectConnected();
      expect(await lamp.keptSsid()).toBe(name);
    }),
  );

for (const passphrase of ['8 "quot\\', "ü€𝄞 ü€", "x".repeat(63), "0123456789abcdef".repeat(4)])
  test(
    `a passphrase of ${passphrase.length} characters like ${passphrase.slice(0, 4)} arrives as it was typed`,
    story({ router: { passphrase: Secret.of(passphrase) } }, async (world) => {
      const network = { ssid: world.router.ssid, passphrase: Secret.of(passphrase) };
      expect(await world.verdict({ network })).toMatchObject({ verdict: "bound" });
    }),
  );

test("a name that cannot be sent is refused before anything happens", async () => {
  const world = await World.ready();
  const latin = Uint8Array.of(0x63, 0x61, 0x66, 0xe9);
  expect(decodeUtf8(latin)).toBeUndefined();
  expect(() => world.provision({ network: { ssid: latin } })).toThrow(
    expect.objectContaining({ code: "SSID_LENGTH" }),
  );
  expect(() => world.provision({ network: { ssid: "x".repeat(33) } })).toThrow(
    expect.objectContaining({ code: "SSID_LENGTH" }),
  );
  expect(world.phone.wifi.isOnSoftAp).toBe(false);
  await world.end();
});

test(
  "a device does not see its own soft AP",
  story({}, async (world) => {
    const { lamp } = world;
    const other = await world.addLamp("lamp-2");
    await other.boot();
    const seen = await lamp.radio.station.scan({ signal: new AbortController().signal });
    const seenNames = seen.map(({ ssid }) => decodeUtf8(ssid));
    expect(seenNames).toContain(other.softApSsid);
    expect(seenNames).not.toContain(lamp.softApSsid);
  }),
);
