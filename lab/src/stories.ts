import assert from "node:assert/strict";
import type { ErrorCode } from "@softap/protocol";
import { type DeviceStart, softApPassphrase } from "./device.ts";
import type { Lab } from "./scenario.ts";
import { codeOf, type Softap } from "./softap.ts";

/** The network at home, as people name it. */
export const home = { ssid: "Home-WiFi", passphrase: "abcd1234" } as const;
/** The same, for a router to open. */
export const homeRouter = { ssid: Buffer.from(home.ssid), passphrase: home.passphrase } as const;

/** Opens the router at home, starts the device and brings the phone onto its soft AP. */
export async function meet(lab: Lab, options?: DeviceStart): Promise<void> {
  await lab.router.open(homeRouter);
  await lab.device.start(options);
  await lab.phone.join(lab.device.ssid, softApPassphrase);
}

/** The phone hears that the device is bound; data goes both ways over MQTT, and the device belongs to the person. */
export async function mustBind(lab: Lab, provisioning: Softap): Promise<void> {
  const { last, exit } = await provisioning.finished();
  assert.equal(`${last?.verdict ?? "no verdict"} ${codeOf(last) ?? ""}`.trim(), "bound");
  assert.equal(exit, 0);
  await mustBeUsable(lab);
}

/** Data goes both ways over MQTT, and the device belongs to the person. */
export async function mustBeUsable({ cloud, device }: Lab): Promise<void> {
  await device.exchange();
  assert.ok((await cloud.ownDevices()).includes(device.name), "the device belongs to the person");
}

/** The phone hears why it failed. @returns How long it took, ms */
export async function mustFail(provisioning: Softap, code: ErrorCode): Promise<number> {
  const { last, exit } = await provisioning.finished();
  assert.equal(`${last?.verdict} ${codeOf(last)}`, `failed ${code}`);
  assert.notEqual(exit, 0);
  // A phone that lost the soft AP meanwhile was told the reason alone.
  const told = provisioning.events.find(({ actor, state }) => actor === "device" && state === "failed");
  return Number(told?.durationMs ?? last?.["elapsedMs"]);
}
