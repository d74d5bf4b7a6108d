import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDevice, makeProduct, makeUser, ok, startTestCloud, type TestCloud } from "./support/cloud.ts";
import { connect, report } from "./support/mqtt-device.ts";
import type { Json } from "./support/json.ts";

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.running.stop());

interface App {
  ask(frame: object | string): Promise<Json>;
  pushes: Json[];
  close(): void;
  readonly closed: Promise<void>;
}

async function openApp(path = "/ws/explorer?uin=1&cId=2"): Promise<App> {
  const socket = new WebSocket(cloud.baseUrl.replace("http", "ws") + path);
  const pushes: Json[] = [];
  const waiting: ((frame: Json) => void)[] = [];
  socket.addEventListener("message", (event) => {
    const frame: Json = JSON.parse(String(event.data));
    if (frame.push === true) pushes.push(frame);
    else waiting.shift()?.(frame);
  });
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener("close", () => resolve());
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  return {
    ask: (frame) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
      }),
    pushes,
    close: () => socket.close(),
    closed,
  };
}

describe("/ws/explorer", () => {
  test("the owner hears Online, Bind, Unbind and Offline of a device, a stranger hears nothing", async () => {
    const device = await makeDevice(cloud, await makeProduct(cloud));
    const deviceId = `${device.productId}/${device.deviceName}`;
    const owner = await makeUser(cloud, "owner");
    const stranger = await makeUser(cloud, "eve");
    const apps = [await openApp(), await openApp("/ws/explorer/iotstudio_v2_weapp_1?uin=1")] as const;
    for (const [index, { AccessToken }] of [owner, stranger].entries()) {
      const frame = { action: "ActivePush", reqId: "1", params: { DeviceIds: [deviceId], AccessToken } };
      expect(await apps[index]?.ask(frame)).toEqual({
        error: "",
        error_message: "",
        data: { deviceIds: [deviceId] },
        reqId: "1",
      });
    }
    const session = await connect(cloud, device, { security: "psk" });
    const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", owner));
    expect(await report(session, device, Token)).toBe(0);
    const FamilyId = ok(await cloud.app("AppCreateFamily", { ...owner, Name: "Home" })).Data.FamilyId;
    const binding = { ...owner, Token, FamilyId, ProductId: device.productId, DeviceName: device.deviceName };
    ok(await cloud.app("AppTokenBindDeviceFamily", binding));
    await session.end();
    await expect.poll(() => apps[0].pushes.map((push) => push.params.SubType)).toEqual(["Bind", "Offline"]);
    const again = await connect(cloud, device, { security: "psk" });
    await expect.poll(() => apps[0].pushes.at(-1).params.SubType).toBe("Online");
    ok(await cloud.app("AppDeleteDeviceInFamily", binding));
    await expect.poll(() => apps[0].pushes.at(-1).params.SubType).toBe("Unbind");
    const { params, action } = apps[0].pushes[0];
    expect(action).toBe("DeviceChange");
    expect(params).toMatchObject({ Type: "StatusChange", SubType: "Bind", DeviceId: deviceId });
    expect(Number.isNaN(new Date(params.Time).getTime())).toBe(false);
    expect(JSON.parse(Buffer.from(params.Payload, "base64").toString())).toMatchObject({ subType: "Bind" });
    await apps[1].ask({ action: "Hello", reqId: 1 });
    expect(apps[1].pushes).toEqual([]);
    await again.end();
    for (const app of apps) app.close();
  });

  test("heartbeat, Hello and actions are answered by reqId, junk with an error", async () => {
    const { AccessToken } = await makeUser(cloud, "heart");
    const app = await openApp();
    const yun = (Action: string) => ({
      action: "YunApi",
      reqId: "h",
      params: { Action, ActionParams: { RequestId: "h", AccessToken, DeviceIds: [] } },
    });
    expect(await app.ask(yun("AppDeviceTraceHeartBeat"))).toMatchObject({
      reqId: "h",
      data: { Response: { RequestId: "h" } },
    });
    expect(await app.ask(yun("AppGetUser"))).toMatchObject({
      data: { Response: { Data: { Email: "heart@example.com" } } },
    });
    expect(await app.ask({ action: "Hello", reqId: 1 })).toMatchObject({ error: "", reqId: 1 });
    for (const junk of ["{", "[]", "{}", '{"action":"x"}', '{"action":"ActivePush"}', '{"action":"YunApi"}'])
      expect(await app.ask(junk)).toMatchObject({ error: expect.stringMatching(/^[A-Z]/) });
    const refused = { action: "ActivePush", reqId: "2", params: { DeviceIds: [], AccessToken: "no" } };
    expect(await app.ask(refused)).toMatchObject({ error: "InvalidParameterValue.InvalidAccessToken" });
    app.close();
  });

  test("a silent socket is closed", async () => {
    await using own = await startTestCloud({ limits: { webSocketIdleMs: 50 } });
    const socket = new WebSocket(`${own.baseUrl.replace("http", "ws")}/ws/explorer`);
    const code = await new Promise((resolve) => {
      socket.addEventListener("close", (event) => resolve(event.code));
    });
    expect(code).toBe(1001);
  });
});
