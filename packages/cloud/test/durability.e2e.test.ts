import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Secret } from "@softap/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunningCloud } from "../src/index.ts";
import { openDatabase } from "../src/sql/database.ts";
import {
  makeDevice,
  makeProduct,
  makeUser,
  ok,
  register,
  type TestCloud,
  testCloudAt,
  type TestDevice,
} from "./support/cloud.ts";
import { connect, report } from "./support/mqtt-device.ts";
import { MovableClock } from "./support/world.ts";
import type { Json } from "./support/json.ts";

/** Moments at which a step is interrupted, milliseconds after it began. */
const interruptionsMs = [1, 4];

let folder: string;
let child: ChildProcess;
let cloud: TestCloud;
let adminToken = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "softap-durability-"));
});
afterEach(async () => {
  await kill();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  child = fork(join(import.meta.dirname, "support/durable-cloud.ts"), [join(folder, "cloud.db")], {
    execArgv: ["--conditions=source"],
  });
  const [message] = await once(child, "message");
  adminToken = message.firstAdminToken ?? adminToken;
  const running = { ...message, firstAdminToken: Secret.of(adminToken) } as RunningCloud;
  cloud = testCloudAt(running, new MovableClock());
}

async function kill(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function killAndStart(): Promise<void> {
  await kill();
  await start();
}

/** Rows of the database while no cloud runs on it. */
async function rows(query: string): Promise<Json[]> {
  const { raw, db } = openDatabase({ path: join(folder, "cloud.db"), busyMs: 1000 });
  const found = raw.prepare(query).all();
  await db.destroy();
  return found;
}

/** Begins a step, kills the cloud in the middle of it, and swallows what became of the step. */
async function interrupt(step: () => Promise<unknown>, afterMs: number): Promise<void> {
  const running = step().catch(() => "interrupted");
  await delay(afterMs);
  await kill();
  await running;
}

async function reportOnce(device: TestDevice, token: string): Promise<number> {
  const session = await connect(cloud, device, { security: "psk" });
  try {
    return await report(session, device, token);
  } finally {
    await session.end();
  }
}

describe("kill -9", () => {
  test("loses nothing that was acknowledged, at any step of a binding", { timeout: 60_000 }, async () => {
    await start();
    const product = await makeProduct(cloud);
    const user = await makeUser(cloud);
    await killAndStart();
    const device = await makeDevice(cloud, product);
    await killAndStart();
    const again = await makeDevice(cloud, product);
    expect(again.deviceSecret.equals(device.deviceSecret)).toBe(true);
    const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", user));
    await killAndStart();
    expect(ok(await cloud.app("AppGetDeviceBindTokenState", { ...user, Token })).State).toBe(1);
    expect(await reportOnce(device, Token)).toBe(0);
    await killAndStart();
    expect(ok(await cloud.app("AppGetDeviceBindTokenState", { ...user, Token })).State).toBe(2);
    expect((await cloud.admin("GET", "/sessions")).body.total).toBe(0);
    expect(await register(cloud, { ...product, deviceName: device.deviceName })).toBe(1021);
    const FamilyId = ok(await cloud.app("AppCreateFamily", { ...user, Name: "Home" })).Data.FamilyId;
    const binding = { ...user, Token, FamilyId, ProductId: device.productId, DeviceName: device.deviceName };
    ok(await cloud.app("AppTokenBindDeviceFamily", binding));
    await killAndStart();
    expect(ok(await cloud.app("AppGetFamilyDeviceList", { ...user, FamilyId })).Total).toBe(1);
    ok(await cloud.app("AppDeleteDeviceInFamily", binding));
    await killAndStart();
    expect(ok(await cloud.app("AppGetFamilyDeviceList", { ...user, FamilyId })).Total).toBe(0);
  });

  test("in the middle of a step leaves the state before it or after it", { timeout: 120_000 }, async () => {
    await start();
    const product = await makeProduct(cloud);
    const user = await makeUser(cloud);
    const FamilyId = ok(await cloud.app("AppCreateFamily", { ...user, Name: "Home" })).Data.FamilyId;
    for (const [index, afterMs] of interruptionsMs.entries()) {
      const deviceName = `dev-${index}`;
      await interrupt(() => register(cloud, { ...product, deviceName }), afterMs);
      for (const row of await rows(`select * from device where name = '${deviceName}'`))
        expect(row).toMatchObject({
          registrations: 1,
          secret: expect.stringMatching(/^.{24}$/),
          activated_at_s: null,
        });
      await start();
      const device = await makeDevice(cloud, product, deviceName);

      const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", user));
      await interrupt(() => reportOnce(device, Token), afterMs * 5);
      const deviceId = `${device.productId}/${deviceName}`;
      const reported = await rows("select device_id from bind_token where family_id is null");
      for (const row of reported) expect([null, deviceId]).toContain(row.device_id);
      await start();
      expect(await reportOnce(device, Token)).toBe(0);

      const binding = { ...user, Token, FamilyId, ProductId: device.productId, DeviceName: deviceName };
      await interrupt(() => cloud.app("AppTokenBindDeviceFamily", binding), afterMs);
      const bound = (await rows(`select * from binding where device_id = '${deviceId}'`)).length;
      const used = await rows(
        `select * from bind_token where device_id = '${deviceId}' and family_id is not null`,
      );
      expect(used.length).toBe(bound);
      await start();
      ok(await cloud.app("AppTokenBindDeviceFamily", binding));

      await interrupt(() => cloud.app("AppDeleteDeviceInFamily", binding), afterMs);
      const left = (await rows(`select * from binding where device_id = '${deviceId}'`)).length;
      const tokens = await rows(`select * from bind_token where device_id = '${deviceId}'`);
      expect(tokens.length).toBe(left);
      await start();
    }
  });
});
