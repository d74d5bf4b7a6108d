import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  phoneLimits,
  provision,
  type Provisioning,
  type ProvisioningStep,
  type Verdict,
} from "@softap/phone";
import { CancelSource, neverCanceled } from "@softap/ports";
import { encodeErrorReply, encodeUtf8, Secret, softApError } from "@softap/protocol";
import {
  deviceName,
  OurDevice,
  productId,
  rightPassphrase,
  ScriptedDevice,
  World,
  wrongPassphrase,
} from "./world.ts";

async function verdictOf(world: World, run: Provisioning, limitMs = 200_000): Promise<Verdict> {
  const verdict = await world.clock.complete(run.result, limitMs);
  expect(world.phone.openCount).toBe(0);
  return verdict;
}

async function stepsOf(run: Provisioning): Promise<ProvisioningStep[]> {
  const steps: ProvisioningStep[] = [];
  for await (const step of run) steps.push(step);
  return steps;
}

describe("provision() with a device of ours", () => {
  test("is bound within 100 ms when joining takes no time", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const run = provision(world.options());
    const verdict = await verdictOf(world, run);
    expect(verdict).toMatchObject({
      verdict: "bound",
      deviceId: `${productId}/${deviceName}`,
      familyId: "family-1",
      roomId: "0",
      attempts: 1,
    });
    expect(verdict.elapsedMs).toBeLessThan(100);
    expect(world.cloud.binds).toMatchObject([{ productId, deviceName, familyId: "family-1", roomId: "0" }]);
    expect(world.clock.pending).toEqual([]);
    const steps = await stepsOf(run);
    expect(steps.map((step) => `${step.number} ${step.name}`)).toEqual([
      "1 createToken",
      "4 sendCredentials",
      "5 deviceAnswered",
      "6 deviceProgress",
      "6 deviceProgress",
      "6 deviceProgress",
      "8 askCloud",
      "9 bindFamily",
      "10 verdict",
    ]);
  });

  test("goes from wrong to wrong to right passphrase in one session with one token", async () => {
    const world = new World();
    const ours = new OurDevice(world, { joinMs: 1_000 });
    await ours.device.start();
    const asked: string[] = [];
    const answers = [{ passphrase: wrongPassphrase }, { passphrase: rightPassphrase }];
    const run = provision(
      world.options({
        network: { ssid: "Home-WiFi", passphrase: wrongPassphrase },
        retry: async (failure) => {
          asked.push(`${failure.code} ${failure.retry} ${failure.attempt}`);
          return answers.shift();
        },
      }),
    );
    const verdict = await verdictOf(world, run);
    expect(verdict).toMatchObject({ verdict: "bound", attempts: 3 });
    expect(asked).toEqual(["WIFI_AUTH_FAILED input 1", "WIFI_AUTH_FAILED input 2"]);
    expect(world.cloud.count("createBindToken")).toBe(1);
    const tokens = new Set(ours.device.requests.map((request) => request.token.reveal()));
    expect(tokens.size).toBe(1);
    const traces = new Set(ours.device.requests.map((request) => request.trace));
    expect(traces.size).toBe(3);
    expect(ours.attempt).toBe(3);
  });

  test("asks again for a passphrase that cannot be one, without sending it", async () => {
    const world = new World();
    const ours = new OurDevice(world);
    await ours.device.start();
    const codes: string[] = [];
    const answers = [Secret.of("short"), rightPassphrase];
    const run = provision(
      world.options({
        network: { ssid: "Home-WiFi", passphrase: wrongPassphrase },
        retry: async ({ code }) => {
          codes.push(code);
          const passphrase = answers.shift();
          return passphrase && { passphrase };
        },
      }),
    );
    expect(await verdictOf(world, run)).toMatchObject({ verdict: "bound", attempts: 2 });
    expect(codes).toEqual(["WIFI_AUTH_FAILED", "PASSPHRASE_LENGTH"]);
    expect(ours.device.requests.some((request) => request.passphrase?.reveal() === "short")).toBe(false);
  });

  test("fails with the device's cause when there is nobody to ask, or nobody knows better", async () => {
    for (const retry of [undefined, async () => undefined, () => Promise.reject(new Error("gone"))]) {
      const world = new World();
      await new OurDevice(world).device.start();
      const network = { ssid: "Home-WiFi", passphrase: wrongPassphrase };
      const run = provision(world.options(retry === undefined ? { network } : { network, retry }));
      const verdict = await verdictOf(world, run);
      expect(verdict).toMatchObject({
        verdict: "failed",
        code: "WIFI_AUTH_FAILED",
        retry: "input",
        attempts: 1,
      });
      expect(world.clock.pendingCount).toBe(0);
    }
  });

  test("is not ended by an error that belongs to an earlier attempt", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, (_request, number) => {
      if (number === 1) device.error("WIFI_AUTH_FAILED", { attempt: 1 });
      // A late copy about attempt 1, before and after the new credentials are acknowledged.
      else if (number === 2) {
        device.info({ phase: "failed", attempt: 1 });
        device.error("WIFI_AUTH_FAILED", { attempt: 1 });
        device.info({ phase: "joining", attempt: 2 });
        device.error("WIFI_AUTH_FAILED", { attempt: 1 });
        world.cloud.state = 2;
        device.info({ phase: "bound", attempt: 2 });
      }
    });
    await device.start();
    const run = provision(world.options({ retry: async () => ({}) }));
    expect(await verdictOf(world, run)).toMatchObject({ verdict: "bound", attempts: 2 });
  });

  test("follows a device that restarted and counts its attempts anew", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, (_request, number) => {
      if (number === 1) {
        device.error("WIFI_AUTH_FAILED", { attempt: 4 });
        return;
      }
      world.cloud.state = 2;
      device.info({ phase: "bound", attempt: 1 });
    });
    await device.start();
    const run = provision(world.options({ retry: async () => ({}) }));
    const verdict = await verdictOf(world, run);
    expect(verdict).toMatchObject({ verdict: "bound", attempts: 2 });
    expect(verdict.elapsedMs).toBeLessThan(3_000);
  });

  test("asks gently, 1 s and then 2 s apart, and only devices that tell their status", async () => {
    for (const [status, expected] of [
      [{ phase: "joining", attempt: 1 } as const, [0, 1_000, 3_000, 5_000, 7_000]],
      [undefined, [0]],
    ] as const) {
      const world = new World();
      const atMs: number[] = [];
      const device = new ScriptedDevice(world, () => {
        atMs.push(world.clock.monotonicMs());
        device.info(status);
      });
      await device.start();
      const run = provision(world.options());
      await world.clock.advance(8_500);
      const first = atMs[0] ?? 0;
      expect(atMs.map((time) => Math.round((time - first) / 100) * 100)).toEqual(expected);
      run.cancel();
      await verdictOf(world, run);
    }
  });

  test("asks for the cause when the device failed and the cause was lost", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, (_request, number) => {
      device.info({ phase: "failed", attempt: 1 });
      if (number === 4) device.error("WIFI_NO_ADDRESS", { attempt: 1 });
    });
    await device.start();
    const verdict = await verdictOf(world, provision(world.options()));
    expect(verdict).toMatchObject({ verdict: "failed", code: "WIFI_NO_ADDRESS", retry: "yes" });
    expect(verdict.elapsedMs).toBeLessThan(1_000);
  });

  test("keeps previous errors for telemetry and goes on", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, () => {
      device.error("WIFI_AUTH_FAILED", { isCurrent: false });
      device.error("WIFI_AUTH_FAILED", { isCurrent: false });
      device.info({ phase: "bound", attempt: 1 });
      world.cloud.state = 2;
    });
    await device.start();
    const verdict = await verdictOf(world, provision(world.options()));
    expect(verdict).toMatchObject({
      verdict: "bound",
      previousErrors: [{ code: "WIFI_AUTH_FAILED", log: "WIFI connect error! (10, 202)" }],
    });
  });
});

describe("provision() with a device of the vendor", () => {
  test("sends nothing more after the reply and waits for the cloud", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, () => device.info());
    await device.start();
    world.clock.after("token reported", 6_000, () => (world.cloud.state = 2));
    const verdict = await verdictOf(world, provision(world.options()));
    expect(verdict).toMatchObject({ verdict: "bound", deviceId: `${productId}/${deviceName}` });
    expect(verdict.elapsedMs).toBeLessThan(7_100);
    expect(device.requests).toHaveLength(1);
  });

  test("takes the device's name from the cloud when the reply has none", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, () => device.send(encodeUtf8('{\n\t"cmdType":\t2\n}\0')));
    await device.start();
    world.cloud.state = 2;
    world.cloud.names = { productId, deviceName };
    expect(await verdictOf(world, provision(world.options()))).toMatchObject({ verdict: "bound" });
    world.cloud.names = {};
    const again = await verdictOf(world, provision(world.options()));
    expect(again).toMatchObject({ verdict: "failed", code: "REPLY_INVALID" });
  });

  test("ends with the cause of a Current_Error", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, () =>
      device.send(
        encodeUtf8('{"cmdType":2,"deviceReply":"Current_Error","log":"APP command error! (2, 204)"}\r\n'),
      ),
    );
    await device.start();
    const verdict = await verdictOf(world, provision(world.options()));
    expect(verdict).toMatchObject({ verdict: "failed", code: "FIELD_MISSING", retry: "no" });
    expect(verdict.elapsedMs).toBeLessThan(50);
  });

  test("takes protoVersion 3.0 for 2.0, and refuses one that it does not know", async () => {
    for (const [version, expected] of [
      ["3.0", { verdict: "bound" }],
      ["9.9", { verdict: "failed", code: "PROTOCOL_VERSION_UNKNOWN" }],
    ] as const) {
      const world = new World();
      const device = new ScriptedDevice(world, () =>
        device.send(
          encodeUtf8(
            JSON.stringify({ cmdType: 2, productId, deviceName, productRegion: "x", protoVersion: version }),
          ),
        ),
      );
      await device.start();
      world.cloud.state = 2;
      expect(await verdictOf(world, provision(world.options()))).toMatchObject(expected);
    }
  });

  test("ignores junk and datagrams of strangers", async () => {
    const world = new World();
    const stranger = world.network.host("stranger");
    stranger.attach(world.softAp, "192.168.4.9");
    const socket = await stranger.datagrams.open({ port: 8266, signal: neverCanceled });
    const lie = encodeErrorReply({ isCurrent: true, code: "WIFI_UNSUPPORTED_SECURITY" });
    const device = new ScriptedDevice(world, () => {
      const { peer = { address: "", port: 0 } } = device;
      void socket.send(lie, peer, { signal: neverCanceled });
      device.send(Uint8Array.of(0xff, 0x00));
      device.send(encodeUtf8('{"cmdType":2,"deviceReply":"Something"}'));
      device.info({ phase: "bound", attempt: 1 });
      world.cloud.state = 2;
    });
    await device.start();
    expect(await verdictOf(world, provision(world.options()))).toMatchObject({ verdict: "bound" });
    const ignored = world.log.entries.filter(({ text }) => text === "datagram of somebody else ignored");
    expect(ignored).toHaveLength(1);
  });
});

describe("provision() without contact", () => {
  test("fails with DEVICE_SILENT after 10 s of silence and 20 s in which the cloud did not hear of the device either", async () => {
    for (const profile of ["default", "compatible"] as const) {
      const world = new World();
      const atMs: number[] = [];
      const device = new ScriptedDevice(world, () => atMs.push(world.clock.monotonicMs()));
      await device.start();
      const verdict = await verdictOf(world, provision(world.options({ profile })));
      expect(verdict).toMatchObject({ verdict: "failed", code: "DEVICE_SILENT", retry: "yes" });
      expect(Math.round(verdict.elapsedMs / 100)).toBe(300);
      expect(world.clock.pendingCount).toBe(0);
      if (profile === "compatible") {
        const first = atMs[0] ?? 0;
        expect(atMs.map((time) => time - first)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
      } else expect(atMs.length).toBeGreaterThan(15);
    }
  });

  test("is bound when every reply was lost but the token was reported", async () => {
    const world = new World();
    world.softAp.link(world.device, world.phone).impair({ isUp: false });
    const device = new ScriptedDevice(world, () => {});
    await device.start();
    world.clock.after("token reported", 8_000, () => (world.cloud.state = 2));
    world.cloud.names = { productId, deviceName };
    expect(await verdictOf(world, provision(world.options()))).toMatchObject({ verdict: "bound" });
  });

  test("is bound when every reply was lost and the device took its time to join", async () => {
    const world = new World();
    world.softAp.link(world.device, world.phone).impair({ isUp: false });
    const device = new ScriptedDevice(world, () => {});
    await device.start();
    world.clock.after("token reported", 25_000, () => (world.cloud.state = 2));
    world.cloud.names = { productId, deviceName };
    expect(await verdictOf(world, provision(world.options()))).toMatchObject({ verdict: "bound" });
    expect(world.clock.pendingCount).toBe(0);
  });

  test("is unknown when every reply was lost and the cloud cannot be asked either", async () => {
    const world = new World();
    await new ScriptedDevice(world, () => {}).start();
    const run = provision(world.options());
    await world.clock.advance(1_000);
    world.cloud.isReachable = false;
    const verdict = await verdictOf(world, run);
    expect(verdict).toMatchObject({ verdict: "unknown", error: { cause: { code: "UNREACHABLE" } } });
    expect(world.clock.pendingCount).toBe(0);
  });

  test("is unknown, not failed, when the cloud never hears of the device", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, () => device.info());
    await device.start();
    const verdict = await verdictOf(world, provision(world.options()));
    expect(verdict).toMatchObject({
      verdict: "unknown",
      code: "VERDICT_UNKNOWN",
      lastStep: { number: 8, name: "askCloud", state: 1 },
    });
    expect(Math.round(verdict.elapsedMs / 1_000)).toBe(120);
    expect(world.clock.pendingCount).toBe(0);
  });

  test("takes an unreachable cloud for a reason to ask on, and names it when time is up", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, () => device.info());
    await device.start();
    const run = provision(world.options());
    await world.clock.advance(1_000);
    world.cloud.isReachable = false;
    const verdict = await verdictOf(world, run);
    expect(verdict).toMatchObject({ verdict: "unknown", error: { cause: { code: "UNREACHABLE" } } });

    world.cloud.isReachable = true;
    const again = provision(world.options());
    await world.clock.advance(1_000);
    world.cloud.isReachable = false;
    await world.clock.advance(30_000);
    world.cloud.isReachable = true;
    world.cloud.state = 2;
    expect(await verdictOf(world, again)).toMatchObject({ verdict: "bound" });
  });

  test("fails at once when the cloud's answer is final", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, () => device.info());
    await device.start();
    const error = softApError("BIND_TOKEN_EXPIRED", "expired");
    world.cloud.failures.push({ call: "getBindTokenState", error });
    const verdict = await verdictOf(world, provision(world.options()));
    expect(verdict).toMatchObject({ verdict: "failed", code: "BIND_TOKEN_EXPIRED" });
    expect(verdict.elapsedMs).toBeLessThan(2_000);
  });
});

describe("provision() and the family", () => {
  test("creates a family when the account has none", async () => {
    const world = new World();
    world.cloud.familyIds = [];
    await new OurDevice(world).device.start();
    const verdict = await verdictOf(world, provision(world.options({ familyName: "Cottage", roomId: "7" })));
    expect(verdict).toMatchObject({ verdict: "bound", familyId: "family of Cottage", roomId: "7" });
  });

  test("makes neither token nor family when both are given", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const given = { token: Secret.of("given"), familyId: "f9" };
    expect(await verdictOf(world, provision(world.options(given)))).toMatchObject({ familyId: "f9" });
    expect(world.cloud.calls).toEqual(["getBindTokenState", "bindDeviceToFamily"]);
  });

  test("tries binding again when the failure may pass, and fails when it is final", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const call = "bindDeviceToFamily";
    world.cloud.failures.push(
      { call, error: softApError("BIND_TOKEN_NOT_REPORTED", "not yet") },
      { call, error: softApError("RATE_LIMITED", "slowly") },
    );
    expect(await verdictOf(world, provision(world.options()))).toMatchObject({ verdict: "bound" });

    const other = new World();
    await new OurDevice(other).device.start();
    other.cloud.failures.push({ call, error: softApError("DEVICE_BOUND_ELSEWHERE", "taken") });
    const verdict = await verdictOf(other, provision(other.options()));
    expect(verdict).toMatchObject({ verdict: "failed", code: "DEVICE_BOUND_ELSEWHERE" });
  });

  test("does not call a refusal a failure when an unanswered try may have bound the device", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const call = "bindDeviceToFamily";
    world.cloud.failures.push(
      { call, error: softApError("UNREACHABLE", "cut off") },
      { call, error: softApError("BIND_TOKEN_USED", "used") },
    );
    const verdict = await verdictOf(world, provision(world.options()));
    expect(verdict).toMatchObject({
      verdict: "unknown",
      deviceId: `${productId}/${deviceName}`,
      lastStep: { name: "bindFamily", attempt: 2 },
      error: { cause: { code: "BIND_TOKEN_USED" } },
    });
  });

  test("fails when the token cannot be made, or cannot be sent", async () => {
    const world = new World();
    const error = softApError("APP_ACCESS_TOKEN_INVALID", "who?");
    world.cloud.failures.push({ call: "createBindToken", error });
    expect(await verdictOf(world, provision(world.options()))).toMatchObject({
      verdict: "failed",
      code: "APP_ACCESS_TOKEN_INVALID",
      attempts: 0,
    });
    const cloud = Object.assign(world.cloud, { createBindToken: async () => Secret.of("x".repeat(33)) });
    expect(await verdictOf(world, provision(world.options({ cloud })))).toMatchObject({
      code: "TOKEN_LENGTH",
    });
  });
});

describe("provision() with the phone's Wi-Fi", () => {
  const softAp = { ssid: "ESP8266-SAP", passphrase: Secret.of("canary-softap") };

  test("joins the soft AP after the token was made, and goes home when the device has joined", async () => {
    const world = new World();
    const wifi = world.wifi();
    await new OurDevice(world, { joinMs: 2_000 }).device.start();
    const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
    expect(await verdictOf(world, run)).toMatchObject({ verdict: "bound" });
    expect(wifi.calls).toEqual(["join", "restore"]);
    expect((await stepsOf(run)).map((step) => step.number)).toEqual([1, 3, 4, 5, 6, 8, 6, 6, 7, 8, 9, 10]);
  });

  test("hears from a joined device why the cloud refused it", async () => {
    const world = new World();
    const wifi = world.wifi();
    const device = new ScriptedDevice(world, () => {
      device.info({ phase: "joined", attempt: 1 });
      world.clock.after("device refused", 1_500, () => device.error("BIND_TOKEN_USED", { attempt: 1 }));
    });
    await device.start();
    const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
    expect(await verdictOf(world, run)).toMatchObject({ verdict: "failed", code: "BIND_TOKEN_USED" });
    expect(wifi.calls).toEqual(["join", "restore"]);
  });

  test("does not stay with a joined device that goes on without a word", async () => {
    const world = new World();
    const wifi = world.wifi();
    const device = new ScriptedDevice(world, () => device.info({ phase: "joined", attempt: 1 }));
    await device.start();
    world.clock.after("token reported", 3_000, () => (world.cloud.state = 2));
    const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
    const verdict = await verdictOf(world, run);
    expect(verdict).toMatchObject({ verdict: "bound" });
    expect(verdict.elapsedMs).toBeLessThan(5_200);
  });

  test("goes home at once after an old device's reply", async () => {
    const world = new World();
    const wifi = world.wifi();
    const device = new ScriptedDevice(world, () => device.info());
    await device.start();
    world.clock.after("token reported", 6_000, () => (world.cloud.state = 2));
    const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
    expect(await verdictOf(world, run)).toMatchObject({ verdict: "bound" });
    const restored = (await stepsOf(run)).find((step) => step.name === "restoreNetwork");
    expect(restored?.atMs).toBeLessThan(600);
  });

  test("leaves at once a device with one radio, which waits for that", async () => {
    const world = new World();
    const wifi = world.wifi();
    const device = new ScriptedDevice(world, () => device.info({ phase: "received", attempt: 1 }));
    await device.start();
    world.clock.after("token reported", 3_000, () => (world.cloud.state = 2));
    const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
    expect(await verdictOf(world, run)).toMatchObject({ verdict: "bound" });
    const restored = (await stepsOf(run)).find((step) => step.name === "restoreNetwork");
    expect(restored?.atMs).toBeLessThan(600);
  });

  test("comes back to a device with one radio to hear why it failed, and tries again there", async () => {
    const world = new World();
    const wifi = world.wifi();
    const device = new ScriptedDevice(world, (request, number) => {
      if (number === 1) {
        device.info({ phase: "joining", attempt: 1 });
        world.clock.after("soft AP gone", 10, () => world.device.detach(world.softAp));
        world.clock.after("soft AP back", 15_000, () => world.device.attach(world.softAp, "192.168.4.1"));
      } else if (request.passphrase?.equals(rightPassphrase) === true) {
        world.cloud.state = 2;
        device.info({ phase: "bound", attempt: 2 });
      } else device.error("WIFI_AUTH_FAILED", { attempt: 1 });
    });
    await device.start();
    const run = provision(
      world.options({
        softAp,
        network: { ssid: "Home-WiFi", passphrase: wrongPassphrase },
        retry: async () => ({ passphrase: rightPassphrase }),
        ports: { ...world.options().ports, wifi },
      }),
    );
    const verdict = await verdictOf(world, run);
    expect(verdict).toMatchObject({ verdict: "bound", attempts: 2 });
    expect(wifi.calls).toEqual(["join", "restore", "join", "restore"]);
    expect(verdict.elapsedMs).toBeLessThan(35_000);
  });

  test("goes home before the verdict when the soft AP could not be joined or the device is silent", async () => {
    for (const code of ["WIFI_AUTH_FAILED", undefined] as const) {
      const world = new World();
      const wifi = world.wifi();
      if (code !== undefined) wifi.joinError = softApError(code, "no");
      const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
      const verdict = await verdictOf(world, run);
      expect(verdict).toMatchObject({ verdict: "failed", code: code ?? "DEVICE_SILENT" });
      expect(wifi.calls).toEqual(["join", "restore"]);
      expect(world.cloud.isReachable).toBe(true);
    }
  });
});

describe("provision() with a phone that changes to mobile data before the first answer", () => {
  const softAp = { ssid: "ESP8266-SAP" };

  test("joins the soft AP again and goes on with the same token, attempt and credentials", async () => {
    const world = new World();
    const wifi = world.wifi();
    const ours = new OurDevice(world, { joinMs: 1_000 });
    await ours.device.start();
    const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
    await world.clock.advanceUntil(() => wifi.isOnSoftAp, 5_000);
    wifi.changeToMobileData();
    const verdict = await verdictOf(world, run);
    expect(verdict).toMatchObject({ verdict: "bound", attempts: 1 });
    expect(verdict.elapsedMs).toBeLessThan(5_500);
    expect(wifi.calls).toEqual(["join", "join", "restore"]);
    expect(world.cloud.count("createBindToken")).toBe(1);
    expect(ours.attempt).toBe(1);
    const steps = (await stepsOf(run)).map((step) => step.name);
    expect(steps.filter((name) => name === "joinSoftAp")).toHaveLength(2);
    expect(steps.filter((name) => name === "restoreNetwork")).toHaveLength(1);
  });

  test("gives in after some tries: the device is silent, and the phone is at home", async () => {
    const world = new World();
    const wifi = world.wifi();
    const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
    wifi.onJoined = () => wifi.changeToMobileData();
    expect(await verdictOf(world, run)).toMatchObject({
      verdict: "failed",
      code: "DEVICE_SILENT",
      retry: "yes",
    });
    expect(wifi.calls).toEqual([...Array<string>(1 + phoneLimits.maxRejoins).fill("join"), "restore"]);
  });

  test("says why it could not stay when it may not join again, but only when the cloud knows nothing either", async () => {
    for (const isReported of [false, true]) {
      const world = new World();
      world.cloud.names = { productId, deviceName };
      const wifi = world.wifi();
      const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
      await world.clock.advanceUntil(() => wifi.isOnSoftAp, 5_000);
      wifi.changeToMobileData();
      wifi.joinError = softApError("PERMISSION_DENIED", "no");
      if (isReported) world.clock.after("token reported", 15_000, () => (world.cloud.state = 2));
      expect(await verdictOf(world, run)).toMatchObject(
        isReported
          ? { verdict: "bound" }
          : { verdict: "failed", code: "DEVICE_SILENT", error: { cause: { code: "PERMISSION_DENIED" } } },
      );
      expect(wifi.calls).toEqual(["join", "join", "restore"]);
    }
  });

  test("stays where it is while the device is silent and the phone is seen on the soft AP", async () => {
    const world = new World();
    const wifi = world.wifi();
    const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
    await world.clock.advance(phoneLimits.silentAfterMs);
    await new OurDevice(world).device.start();
    expect(await verdictOf(world, run)).toMatchObject({ verdict: "bound" });
    expect(wifi.calls).toEqual(["join", "restore"]);
  });

  test("joins again after a while of silence where the name of the network may not be known", async () => {
    const world = new World();
    const wifi = world.wifi();
    wifi.isNameKnown = false;
    await new OurDevice(world).device.start();
    const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
    await world.clock.advanceUntil(() => wifi.isOnSoftAp, 5_000);
    wifi.changeToMobileData();
    expect(await verdictOf(world, run)).toMatchObject({ verdict: "bound" });
    expect(wifi.calls).toEqual(["join", "join", "restore"]);
  });

  test("ends with CANCELED and at home at every moment of joining again", async () => {
    for (let atMs = 0; atMs <= 3_500; atMs += 97) {
      const world = new World();
      const wifi = world.wifi();
      await new OurDevice(world, { joinMs: 2_000 }).device.start();
      const run = provision(world.options({ softAp, ports: { ...world.options().ports, wifi } }));
      await world.clock.advanceUntil(() => wifi.isOnSoftAp, 5_000);
      wifi.changeToMobileData();
      await world.clock.advance(atMs);
      run.cancel();
      expect(await verdictOf(world, run)).toMatchObject({ verdict: "failed", code: "CANCELED" });
      expect(wifi.calls.at(-1)).toBe("restore");
      expect(world.cloud.isReachable).toBe(true);
    }
  });

  test("without a Wi-Fi that can join, says within 31 s that the device is silent and that trying again may help", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    world.phone.detach(world.softAp);
    const verdict = await verdictOf(world, provision(world.options()));
    expect(verdict).toMatchObject({ verdict: "failed", code: "DEVICE_SILENT", retry: "yes" });
    expect(verdict.elapsedMs).toBeLessThan(31_000);
  });
});

describe("Provisioning.cancel()", () => {
  test("ends at every moment with CANCELED, no timer, no socket and the phone at home", async () => {
    for (let atMs = 0; atMs <= 4_000; atMs += 97) {
      const world = new World();
      const wifi = world.wifi();
      await new OurDevice(world, { joinMs: 2_000 }).device.start();
      const run = provision(
        world.options({
          softAp: { ssid: "ESP8266-SAP" },
          ports: { ...world.options().ports, wifi },
        }),
      );
      await world.clock.advance(atMs);
      run.cancel("enough");
      run.cancel("again");
      const verdict = await verdictOf(world, run);
      if (verdict.verdict !== "bound")
        expect(verdict).toMatchObject({ verdict: "failed", code: "CANCELED", error: { cause: "enough" } });
      expect(world.cloud.isReachable).toBe(true);
      const own = world.clock.pending.filter((name) => !name.startsWith("device"));
      expect(own).toEqual([]);
    }
  });

  test("follows a signal, also one that has fired already, before anything was done", async () => {
    const world = new World();
    const source = new CancelSource();
    const run = provision(world.options({ signal: source.signal }));
    await world.clock.advance(1_000);
    source.cancel("gone");
    expect(await verdictOf(world, run)).toMatchObject({ verdict: "failed", code: "CANCELED" });

    const calls = world.cloud.calls.length;
    const late = provision(world.options({ signal: source.signal }));
    expect(await verdictOf(world, late)).toMatchObject({ code: "CANCELED", attempts: 0, elapsedMs: 0 });
    expect(world.cloud.calls).toHaveLength(calls);
  });

  test("does not wait for a person who never answers", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const run = provision(
      world.options({
        network: { ssid: "Home-WiFi", passphrase: wrongPassphrase },
        retry: () => new Promise(() => {}),
      }),
    );
    await world.clock.advance(500_000);
    expect(world.clock.pendingCount).toBe(0);
    run.cancel();
    expect(await verdictOf(world, run)).toMatchObject({ verdict: "failed", code: "CANCELED" });
  });
});

describe("provision()", () => {
  test("throws at once when the options cannot be meant", () => {
    const options = new World().options();
    const thrown = (more: Partial<typeof options>): string => {
      try {
        provision({ ...options, ...more });
        return "nothing";
      } catch (error) {
        return error instanceof Error && "code" in error ? String(error.code) : "another";
      }
    };
    expect(thrown({ network: { ssid: "" } })).toBe("SSID_LENGTH");
    expect(thrown({ network: { ssid: Uint8Array.of(0xff, 0xfe) } })).toBe("SSID_LENGTH");
    expect(thrown({ network: { ssid: "x", passphrase: Secret.of("1234567") } })).toBe("PASSPHRASE_LENGTH");
    expect(thrown({ softAp: { ssid: "x".repeat(33) } })).toBe("SSID_LENGTH");
    expect(thrown({ token: Secret.of("x".repeat(33)) })).toBe("TOKEN_LENGTH");
    expect(thrown({ region: "x".repeat(65) })).toBe("REGION_LENGTH");
    expect(thrown({ device: { port: 70_000 } })).toBe("USAGE");
    expect(thrown({ device: { address: "" } })).toBe("USAGE");
    expect(thrown({ limits: { askGapMs: Number.NaN } })).toBe("USAGE");
  });

  test("is bound through 30 % loss each way", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = new World({ seed, loss: 0.3 });
      await new OurDevice(world, { joinMs: 300 }).device.start();
      const verdict = await verdictOf(world, provision(world.options()));
      expect({ seed, verdict }).toMatchObject({ seed, verdict: { verdict: "bound" } });
    }
  });

  test("shows no secret in log, steps or verdict", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const softAp = { ssid: "ESP8266-SAP", passphrase: Secret.of("canary-softap") };
    const run = provision(
      world.options({
        softAp,
        network: { ssid: "Home-WiFi", passphrase: wrongPassphrase },
        retry: async () => ({ passphrase: rightPassphrase }),
      }),
    );
    const verdict = await verdictOf(world, run);
    const steps = await stepsOf(run);
    const shown = [
      inspect({ run, verdict, steps }, { depth: 9, showHidden: true }),
      JSON.stringify(verdict),
      world.log,
    ];
    expect(verdict.verdict).toBe("bound");
    expect(world.log.entries.length).toBeGreaterThan(5);
    expect(shown.join("\n")).not.toContain("canary");
  });

  test("sends a network that needs much quoting without additions, as the vendor's apps would", async () => {
    const world = new World();
    const device = new ScriptedDevice(world, () => device.info());
    await device.start();
    world.cloud.state = 2;
    const network = { ssid: '"'.repeat(32), passphrase: Secret.of("\\".repeat(63)) };
    expect(
      await verdictOf(world, provision(world.options({ network, region: "ap-guangzhou" }))),
    ).toMatchObject({
      verdict: "bound",
    });
    expect(device.requests[0]).not.toHaveProperty("trace");
    expect(device.requests[0]).not.toHaveProperty("region");
  });

  test("gives every step to a reader who comes late and to two at once", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const run = provision(world.options());
    const early = stepsOf(run);
    await verdictOf(world, run);
    const late = await stepsOf(run);
    expect(late.length).toBeGreaterThan(5);
    expect(await early).toEqual(late);
    const times = late.map((step) => step.atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});
