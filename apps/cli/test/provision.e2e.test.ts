import { createSocket, type Socket } from "node:dgram";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEvents } from "./softap-process.ts";
import { CloudWorld } from "./three-processes.ts";

let world: CloudWorld;
/** A device that answers once, as old ones do, and is never heard of again. */
let vanishing: Socket;
beforeAll(async () => {
  world = await CloudWorld.start();
  vanishing = createSocket("udp4");
  vanishing.on("message", (_datagram, { address, port }) => {
    const info = { cmdType: 2, productId: "OLDOLDOLD1", deviceName: "old-1", protoVersion: "2.0" };
    vanishing.send(`${JSON.stringify(info)}\r\n`, port, address);
  });
  await new Promise<void>((resolve) => vanishing.bind(0, "127.0.0.1", resolve));
}, 60_000);
afterAll(async () => {
  vanishing.close();
  await world.stop();
});

test.concurrent("a device that is silent is told, in the language asked for", async () => {
  const phone = world.provision(9, ["--lang", "zh", "--deadline", "10"]);
  const { exit, stdout } = await phone.ended;
  expect(parseEvents(stdout).at(-1)).toMatchObject({
    verdict: "failed",
    deviceId: null,
    error: { code: "DEVICE_SILENT", number: "SA3110", text: "设备没有应答" },
  });
  expect(exit).toBe(4);
});

test.concurrent("a device that answered and was never heard of again is neither bound nor failed", async () => {
  const phone = world.provision(vanishing.address().port, ["--deadline", "10"]);
  const { exit, stdout } = await phone.ended;
  const events = parseEvents(stdout);
  expect(events).toContainEqual(expect.objectContaining({ step: "askCloud", state: "begun" }));
  expect(events.at(-1)).toMatchObject({
    verdict: "unknown",
    deviceId: "OLDOLDOLD1/old-1",
    error: { code: "VERDICT_UNKNOWN", number: "SA6203" },
  });
  expect(exit).toBe(6);
});

test.concurrent("Ctrl+C ends with 130, and the last line is still the verdict", async () => {
  const phone = world.provision(9);
  await phone.event(({ step, state }) => step === "sendCredentials" && state === "begun");
  phone.kill("SIGINT");
  const { exit, stdout } = await phone.ended;
  expect(parseEvents(stdout).at(-1)).toMatchObject({ verdict: "failed", error: { code: "CANCELED" } });
  expect(exit).toBe(130);
});

test.concurrent("a login that the cloud does not know is refused before anything is sent", async () => {
  const phone = world.provision(9, [], "abcd1234", { SOFTAP_ACCESS_TOKEN: "canary-unknown-token" });
  const { exit, stdout } = await phone.ended;
  const events = parseEvents(stdout);
  expect(events.at(-1)).toMatchObject({ verdict: "failed", error: { code: "APP_ACCESS_TOKEN_INVALID" } });
  expect(events.map(({ step }) => step)).not.toContain("sendCredentials");
  expect(exit).toBe(5);
  expect(stdout).not.toContain("canary");
});
