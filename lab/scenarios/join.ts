import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { accountFile, cloudUrl } from "../src/cloud.ts";
import { Device, deviceInterface, softApPassphrase } from "../src/device.ts";
import { mustRunIn } from "../src/namespace.ts";
import { phoneInterface } from "../src/phone.ts";
import type { Lab, Scenario } from "../src/scenario.ts";
import { codeOf, Softap } from "../src/softap.ts";
import { home, homeRouter } from "../src/stories.ts";

const passphraseFile = "/run/lab/join-passphrase";
const softApPassphraseFile = "/run/lab/join-soft-ap-passphrase";

/** The roles exchanged: the computer with NetworkManager is the phone, and the phone's radio is the device's. */
export const scenario: Scenario = {
  name: "a computer joins the soft AP by --join, hears why it failed, binds the device, and is back on its own network each time",
  only: "networkmanager",
  run: async (lab) => {
    const { cloud, logs, phone, router } = lab;
    await router.open(homeRouter);
    await mustRunIn("device", "nmcli", "device", "wifi", "rescan");
    const network = [home.ssid, "password", home.passphrase, "ifname", deviceInterface];
    await mustRunIn("device", "nmcli", "--wait", "60", "device", "wifi", "connect", ...network);
    // The device must come to the cloud over the network that it is told.
    await phone.setMobileData(false);
    const place = { place: "phone", interfaceName: phoneInterface } as const;
    const device = new Device({ backend: "wpa", name: lab.device.name, logs, cloud, ...place });
    try {
      await device.start();
      assert.equal(await provision(lab, device, "WRONGPASS"), "failed WIFI_AUTH_FAILED");
      assert.equal(await provision(lab, device, home.passphrase), "bound");
      await device.exchange();
    } finally {
      await device.stop();
    }
  },
};

/** @returns The verdict, and its reason if there is one */
async function provision({ logs }: Lab, device: Device, passphrase: string): Promise<string> {
  writeFileSync(passphraseFile, passphrase);
  writeFileSync(softApPassphraseFile, softApPassphrase);
  const where = ["--join", "--interface", deviceInterface, "--account-file", accountFile];
  const softAp = ["--soft-ap-ssid", String(device.ssid), "--soft-ap-passphrase-file", softApPassphraseFile];
  const network = ["--ssid", home.ssid, "--passphrase-file", passphraseFile];
  const options = {
    place: "device",
    log: `${logs}/join-phone.log`,
    env: { SOFTAP_CLOUD_URL: cloudUrl },
  } as const;
  const { last } = await new Softap(options, "provision", ...where, ...softAp, ...network).finished();
  const active = ["-t", "-f", "NAME,DEVICE", "connection", "show", "--active"];
  assert.match(
    await mustRunIn("device", "nmcli", ...active),
    new RegExp(`^${home.ssid}:${deviceInterface}$`, "m"),
    "it is back on its own network",
  );
  return `${last?.verdict ?? "no verdict"} ${codeOf(last) ?? ""}`.trim();
}
