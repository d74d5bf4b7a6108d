import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatHex, thingDownTopic, thingUpTopic } from "@softap/protocol";
import { nodeCrypto } from "@softap/node";
import {
  makeDevice,
  makeProduct,
  makeUser,
  ok,
  refusal,
  startTestCloud,
  type TestCloud,
  type TestDevice,
} from "./support/cloud.ts";
import { connect, type MqttDevice, report } from "./support/mqtt-device.ts";

let cloud: TestCloud;
let device: TestDevice;
let owner: { AccessToken: string };
let FamilyId: string;

beforeEach(async () => {
  cloud = await startTestCloud();
  device = await makeDevice(cloud, await makeProduct(cloud));
  owner = await makeUser(cloud);
  FamilyId = ok(await cloud.app("AppCreateFamily", { ...owner, Name: "Home" })).Data.FamilyId;
  return () => cloud.running.stop();
});

const sessions: MqttDevice[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.end();
});

async function open(): Promise<MqttDevice> {
  const session = await connect(cloud, device, { security: "psk" });
  sessions.push(session);
  await session.client.subscribeAsync(thingDownTopic("property", device), { qos: 1 });
  return session;
}

async function openBound(): Promise<MqttDevice> {
  const session = await open();
  const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", owner));
  expect(await report(session, device, Token)).toBe(0);
  ok(await cloud.app("AppTokenBindDeviceFamily", { ...owner, ...named(), Token, FamilyId }));
  return session;
}

const named = () => ({ ProductId: device.productId, DeviceName: device.deviceName });
const say = (session: MqttDevice, message: object | string) =>
  session.client.publishAsync(
    thingUpTopic("property", device),
    typeof message === "string" ? message : JSON.stringify(message),
    { qos: 1 },
  );
const dataOf = async (): Promise<unknown> =>
  JSON.parse(ok(await cloud.app("AppGetDeviceData", { ...owner, ...named() })).Data);

describe("the property topic", () => {
  test("what a device reports is read by its owner, by either name of the device", async () => {
    const session = await openBound();
    await say(session, {
      method: "report",
      clientToken: "r1",
      params: { power: 1, name: "你好", list: [1, {}] },
    });
    expect(await session.next("report_reply")).toEqual({
      method: "report_reply",
      clientToken: "r1",
      code: 0,
      status: "success",
    });
    await say(session, { method: "report", clientToken: "r2", params: { power: 0 } });
    await expect.poll(dataOf).toMatchObject({
      power: { Value: 0, LastUpdate: expect.any(Number) },
      name: { Value: "你好" },
      list: { Value: [1, {}] },
    });
    const DeviceId = `${device.productId}/${device.deviceName}`;
    expect(ok(await cloud.app("AppGetDeviceData", { ...owner, DeviceId })).Data).toContain("你好");
  });

  test("what an app wants reaches a device that is there, and is done when the device says so", async () => {
    const session = await openBound();
    const Data = JSON.stringify({ power: 1 });
    expect(ok(await cloud.app("AppControlDeviceData", { ...owner, ...named(), Data })).Data).toBe("");
    const control = await session.next("control");
    expect(control).toMatchObject({ method: "control", params: { power: 1 } });
    await say(session, { method: "get_status", clientToken: "g1" });
    expect((await session.next("get_status_reply")).data).toEqual({ reported: {}, control: { power: 1 } });
    await say(session, { method: "control_reply", clientToken: control.clientToken, code: 0 });
    session.messages.length = 0;
    await say(session, { method: "get_status", clientToken: "g2" });
    expect(await session.next("get_status_reply")).toMatchObject({ code: 0, data: { reported: {} } });
  });

  test("what an app wants of a device that is away waits for it until it reports or clears it", async () => {
    const first = await openBound();
    await first.end();
    const wants = [{ power: 1 }, { color: 2, mode: 3 }];
    for (const want of wants)
      ok(await cloud.app("AppControlDeviceData", { ...owner, ...named(), Data: JSON.stringify(want) }));
    const session = await open();
    await say(session, { method: "report", clientToken: "r", params: { power: 1 } });
    await session.next("report_reply");
    await say(session, { method: "get_status", clientToken: "g" });
    expect((await session.next("get_status_reply")).data).toEqual({
      reported: { power: 1 },
      control: { color: 2, mode: 3 },
    });
    session.messages.length = 0;
    await say(session, { method: "clear_control", clientToken: "c" });
    expect(await session.next("clear_control_reply")).toMatchObject({ clientToken: "c", code: 0 });
    await say(session, { method: "get_status", clientToken: "g" });
    expect((await session.next("get_status_reply")).data).toEqual({ reported: { power: 1 } });
  });

  test("a device's own facts are acknowledged, and junk ends nothing", async () => {
    const session = await open();
    for (const junk of [
      "",
      "{",
      "[]",
      "null",
      '{"method":5}',
      '{"method":"report","params":[]}',
      '{"method":"x"}',
    ])
      await say(session, junk);
    await say(session, { method: "report", clientToken: "r" });
    expect(await session.next("report_reply")).toMatchObject({ clientToken: "r", code: 1 });
    await say(session, { method: "report_info", clientToken: "i", params: { fw_ver: "1" } });
    expect(await session.next("report_info_reply")).toMatchObject({ clientToken: "i", code: 0 });
  });

  test("properties are limited in number, names in length, and a report that breaks that changes nothing", async () => {
    const session = await openBound();
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`p${index}`, index]));
    const codes: number[] = [];
    for (const params of [many, { one: 1 }, { ["x".repeat(65)]: 1 }, { p0: "again" }]) {
      session.messages.length = 0;
      await say(session, { method: "report", clientToken: "r", params });
      codes.push((await session.next("report_reply")).code);
    }
    expect(codes).toEqual([0, 1, 1, 0]);
    expect(Object.keys((await dataOf()) as object)).toHaveLength(200);
  });

  test("strangers neither read nor want anything, and the next owner sees nothing of the last", async () => {
    const session = await openBound();
    await say(session, { method: "report", clientToken: "r", params: { power: 1 } });
    await session.next("report_reply");
    const eve = await makeUser(cloud, "eve");
    const call = { ...eve, ...named(), Data: "{}" };
    expect(refusal(await cloud.app("AppGetDeviceData", call))).toBe("APP_DEVICE_UNKNOWN");
    expect(refusal(await cloud.app("AppControlDeviceData", call))).toBe("APP_DEVICE_UNKNOWN");
    for (const Data of ["[]", "{", "1", '{"":1}'])
      expect(refusal(await cloud.app("AppControlDeviceData", { ...owner, ...named(), Data }))).toBe(
        "APP_PARAMETER_INVALID",
      );
    ok(await cloud.app("AppDeleteDeviceInFamily", { ...owner, ...named(), FamilyId }));
    const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", owner));
    session.messages.length = 0;
    expect(await report(session, device, Token)).toBe(0);
    ok(await cloud.app("AppTokenBindDeviceFamily", { ...owner, ...named(), Token, FamilyId }));
    expect(await dataOf()).toEqual({});
  });
});

describe("AppSigBindDeviceInFamily", () => {
  const signed = (options: { ageS?: number; algorithm?: "sha1" | "sha256"; connId?: string } = {}) => {
    const { ageS = 0, algorithm = "sha1", connId = "Ab3dE" } = options;
    const DeviceTimestamp = Math.floor(Date.now() / 1000) - ageS;
    const text = `DeviceName=${device.deviceName}&DeviceTimestamp=${DeviceTimestamp}&ProductId=${device.productId}&ConnId=Ab3dE`;
    const key = Buffer.from(device.deviceSecret.reveal(), "base64");
    const Signature = formatHex(nodeCrypto.hmac(algorithm, key, Buffer.from(text)));
    return {
      ...owner,
      ...named(),
      FamilyId,
      ConnId: connId,
      DeviceTimestamp,
      Signature,
      SignMethod: `hmac${algorithm}`,
    };
  };
  const devices = async () =>
    ok(await cloud.app("AppGetFamilyDeviceList", { ...owner, FamilyId })).Total as number;

  test.each(["sha1", "sha256"] as const)(
    "binds a device that signed with %s, as often as it is asked",
    async (algorithm) => {
      ok(await cloud.app("AppSigBindDeviceInFamily", signed({ algorithm })));
      ok(await cloud.app("addDeviceBySigInFamily", signed({ algorithm })));
      expect(await devices()).toBe(1);
    },
  );

  test("refuses a signature that is old, of another text, or of a device that is somebody else's", async () => {
    for (const call of [signed({ ageS: 601 }), signed({ ageS: -601 }), signed({ connId: "other" })])
      expect(refusal(await cloud.app("AppSigBindDeviceInFamily", call))).toBe("APP_SIGNATURE_INVALID");
    const unknown = { ...signed(), DeviceName: "nobody" };
    expect(refusal(await cloud.app("AppSigBindDeviceInFamily", unknown))).toBe("APP_SIGNATURE_INVALID");
    expect(await devices()).toBe(0);
    ok(await cloud.app("AppSigBindDeviceInFamily", signed()));
    const eve = await makeUser(cloud, "eve");
    const theirs = ok(await cloud.app("AppCreateFamily", { ...eve, Name: "Den" })).Data.FamilyId;
    const steal = { ...signed(), ...eve, FamilyId: theirs };
    expect(refusal(await cloud.app("AppSigBindDeviceInFamily", steal))).toBe("DEVICE_BOUND_ELSEWHERE");
  });
});

test("AppGetMultiDeviceBindTokenState lists the device that reported the token", async () => {
  const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", owner));
  const state = async (): Promise<unknown> =>
    ok(await cloud.app("AppGetMultiDeviceBindTokenState", { ...owner, Token })).Data;
  expect(await state()).toEqual([]);
  expect(await report(await open(), device, Token)).toBe(0);
  expect(await state()).toEqual([{ ...named(), State: 2 }]);
});
