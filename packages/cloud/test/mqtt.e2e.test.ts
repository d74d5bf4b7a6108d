import { nodeCrypto } from "@softap/node";
import {
  mqttClientId,
  mqttPassword,
  formatMqttUsername,
  Secret,
  sysReplyTopic,
  sysRequestTopic,
  thingDownTopic,
  thingUpTopic,
} from "@softap/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  makeDevice,
  makeProduct,
  makeUser,
  ok,
  startTestCloud,
  type TestCloud,
  type TestDevice,
} from "./support/cloud.ts";
import { connect, report } from "./support/mqtt-device.ts";

let cloud: TestCloud;
let device: TestDevice;
let product: { productId: string; productSecret: Secret };
let AccessToken: string;
let names = 0;

const anotherDevice = (): Promise<TestDevice> => makeDevice(cloud, product, `other-${(names += 1)}`);

beforeAll(async () => {
  cloud = await startTestCloud();
  product = await makeProduct(cloud);
  device = await makeDevice(cloud, product);
  ({ AccessToken } = await makeUser(cloud));
});
afterAll(() => cloud.running.stop());

describe("TLS-PSK", () => {
  test.each([
    ["PSK-AES128-CBC-SHA", "TLSv1.2"],
    ["PSK-AES256-CBC-SHA", "TLSv1.2"],
    ["PSK-AES128-GCM-SHA256", "TLSv1.2"],
    ["PSK-AES256-GCM-SHA384", "TLSv1.2"],
    ["TLS_AES_128_GCM_SHA256", "TLSv1.3"],
  ] as const)("a device connects with %s over %s and is heard", async (ciphers, version) => {
    const session = await connect(cloud, device, {
      security: "psk",
      ciphers,
      minVersion: version,
      maxVersion: version,
    } as never);
    const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", { AccessToken }));
    expect(await report(session, device, Token)).toBe(0);
    await session.end();
  });

  test("an unknown identity and a wrong key end in the handshake", async () => {
    await expect(connect(cloud, { ...device, deviceName: "nobody" }, { security: "psk" })).rejects.toThrow(
      /.+/,
    );
    const wrong = { ...device, deviceSecret: Secret.of(Buffer.alloc(16).toString("base64")) };
    await expect(connect(cloud, wrong, { security: "psk" })).rejects.toThrow(/.+/);
  });

  test("the key of one device opens no session of another", async () => {
    const other = await anotherDevice();
    const stolen = connect(cloud, device, {
      security: "psk",
      clientId: mqttClientId(other),
      username: formatMqttUsername({ ...other, connId: "abcde" }),
    });
    await expect(stolen).rejects.toMatchObject({ code: 5 });
  });
});

describe("password", () => {
  test("both digests open a session, also with the expiry of a 64-bit device", async () => {
    for (const algorithm of ["sha1", "sha256"] as const) {
      const username = formatMqttUsername({ ...device, connId: "x1", expiryS: 9_223_372_036_854_775_807n });
      const password = mqttPassword(nodeCrypto, { username, deviceSecret: device.deviceSecret, algorithm });
      const session = await connect(cloud, device, {
        security: "password",
        username,
        password: password.reveal(),
      });
      expect(session.client.connected).toBe(true);
      await session.end();
    }
  });

  test("a wrong password, none, an expired user name and an unknown device are refused with 4", async () => {
    const attempts = [
      { password: "00;hmacsha1" },
      { password: undefined as never },
      { expiryS: 1_600_000_000n },
    ];
    for (const attempt of attempts)
      await expect(connect(cloud, device, { security: "password", ...attempt })).rejects.toMatchObject({
        code: 4,
      });
    const nobody = { ...device, deviceName: "nobody" };
    await expect(connect(cloud, nobody, { security: "password" })).rejects.toMatchObject({ code: 4 });
  });

  test("a client id that names no device is refused with 2, a keep-alive above 900 s with 5", async () => {
    await expect(connect(cloud, device, { security: "password", clientId: "x" })).rejects.toMatchObject({
      code: 2,
    });
    await expect(connect(cloud, device, { security: "password", keepalive: 901 })).rejects.toMatchObject({
      code: 5,
    });
  });
});

describe("access", () => {
  test("a foreign topic gives 0x80 in SUBACK and the connection goes on", async () => {
    const session = await connect(cloud, device, { security: "password" });
    for (const topic of [
      thingDownTopic("service", { ...device, deviceName: "other" }),
      thingUpTopic("service", device),
      "#",
      "$SYS/#",
      `$thing/down/+/${device.productId}/${device.deviceName}`,
      `${device.productId}/${device.deviceName}/event`,
    ])
      await expect(session.client.subscribeAsync(topic)).rejects.toThrow(/.+/);
    const granted = await session.client.subscribeAsync(`${device.productId}/${device.deviceName}/control`);
    expect(granted[0]?.qos).toBe(0);
    await session.end();
  });

  test("a publish without right is dropped without PUBACK, and the next one is answered", async () => {
    const session = await connect(cloud, device, { security: "password" });
    let isAcknowledged = false;
    session.client.publish(
      thingUpTopic("service", { ...device, deviceName: "other" }),
      "{}",
      { qos: 1 },
      (error) => {
        isAcknowledged = error === undefined || error === null;
      },
    );
    await session.client.subscribeAsync(sysReplyTopic(device), { qos: 1 });
    await session.client.publishAsync(sysRequestTopic(device), '{"type": "get", "resource": ["time"]}', {
      qos: 1,
    });
    const reply = await session.next("get");
    expect(Math.abs(reply.time - Date.now() / 1000)).toBeLessThan(60);
    expect(isAcknowledged).toBe(false);
    expect(session.client.connected).toBe(true);
    await session.end();
  });

  test("QoS 2 ends the connection", async () => {
    const session = await connect(cloud, device, { security: "password" });
    session.client.publish(thingUpTopic("property", device), "{}", { qos: 2 });
    await session.closed;
    expect(session.client.connected).toBe(false);
  });

  test("wills and retained messages are not kept", async () => {
    const topic = `${device.productId}/${device.deviceName}/data`;
    const session = await connect(cloud, device, {
      security: "password",
      will: { topic, payload: Buffer.from('{"method":"will"}'), qos: 1, retain: true },
    });
    await session.client.publishAsync(topic, '{"method":"kept"}', { qos: 1, retain: true });
    session.client.stream.destroy();
    await session.closed;
    const again = await connect(cloud, device, { security: "password" });
    await again.client.subscribeAsync(topic, { qos: 1 });
    await again.client.publishAsync(topic, '{"method":"fresh"}', { qos: 1 });
    await again.next("fresh");
    expect(again.messages.map((message) => message.body.method)).toEqual(["fresh"]);
    await again.end();
  });

  test("a message that is too long ends the connection", async () => {
    const session = await connect(cloud, device, { security: "password" });
    session.client.publish(thingUpTopic("raw", device), Buffer.alloc(1_000_000), { qos: 1 });
    await session.closed;
    expect(session.client.connected).toBe(false);
  });
});

describe("sessions", () => {
  test("the same client id ends the older session, and the device stays online", async () => {
    const first = await connect(cloud, device, { security: "psk" });
    const second = await connect(cloud, device, { security: "psk" });
    await first.closed;
    const { body } = await cloud.admin("GET", `/products/${device.productId}/devices/${device.deviceName}`);
    expect(body.isOnline).toBe(true);
    await second.end();
    await expect.poll(async () => (await cloud.admin("GET", "/sessions")).body.total).toBe(0);
  });

  test("the operator sees a session and ends it", async () => {
    const session = await connect(cloud, device, { security: "psk" });
    const { body } = await cloud.admin("GET", "/sessions");
    expect(body.sessions).toMatchObject([
      { deviceId: `${device.productId}/${device.deviceName}`, security: "psk", address: "127.0.0.1" },
    ]);
    const path = `/sessions/${device.productId}/${device.deviceName}`;
    expect((await cloud.admin("DELETE", path)).status).toBe(200);
    await session.closed;
    await expect.poll(async () => (await cloud.admin("DELETE", path)).status).toBe(404);
  });

  test("a device that is reset or deleted is disconnected and its old key is worthless", async () => {
    const other = await anotherDevice();
    const session = await connect(cloud, other, { security: "psk" });
    await cloud.admin("POST", `/products/${other.productId}/devices/${other.deviceName}/reset`);
    await session.closed;
    await expect(connect(cloud, other, { security: "psk" })).rejects.toThrow(/.+/);
  });
});

describe("binding", () => {
  test("from the token to the family and back, the device hears of every step", async () => {
    const other = await anotherDevice();
    const session = await connect(cloud, other, { security: "psk" });
    const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", { AccessToken }));
    expect(await report(session, other, Token)).toBe(0);
    expect(await report(session, other, Token)).toBe(0);
    const family = ok(await cloud.app("AppCreateFamily", { AccessToken, Name: "Home" })).Data.FamilyId;
    const request = {
      AccessToken,
      Token,
      ProductId: other.productId,
      DeviceName: other.deviceName,
      FamilyId: family,
    };
    ok(await cloud.app("AppTokenBindDeviceFamily", request));
    ok(await cloud.app("AppTokenBindDeviceFamily", request));
    expect(await session.next("bind_device")).toMatchObject({
      method: "bind_device",
      timestamp: expect.any(Number),
    });
    await session.send({ method: "bind_device_query", clientToken: "q1" });
    expect(await session.next("bind_device_query_reply")).toMatchObject({ clientToken: "q1", code: 0 });
    await session.send({ method: "unbind_device_request", clientToken: "u1" });
    expect(await session.next("unbind_device_reply")).toMatchObject({ clientToken: "u1", code: 0 });
    expect(await session.next("unbind_device")).toMatchObject({
      DeviceId: `${other.productId}/${other.deviceName}`,
    });
    expect(ok(await cloud.app("AppGetFamilyDeviceList", { AccessToken, FamilyId: family })).Total).toBe(0);
    expect(await report(session, other, Token)).toBe(5001);
    await session.end();
  });

  test("junk on the service topic is acknowledged and changes nothing", async () => {
    const session = await connect(cloud, device, { security: "psk" });
    await session.client.subscribeAsync(thingDownTopic("service", device));
    for (const junk of ["", "{", "[]", '{"method":"app_bind_token"}', '{"method":"x"}', "\u0000"])
      await session.client.publishAsync(thingUpTopic("service", device), junk, { qos: 1 });
    expect(session.messages).toEqual([]);
    await session.end();
  });

  test("two devices report one token at once and exactly one has it", async () => {
    const two = [await anotherDevice(), await anotherDevice()] as const;
    const sessions = await Promise.all(two.map((one) => connect(cloud, one, { security: "psk" })));
    for (let round = 0; round < 10; round += 1) {
      const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", { AccessToken }));
      const codes = await Promise.all(
        sessions.map((session, index) => report(session, two[index] ?? device, Token)),
      );
      expect(codes.toSorted((a, b) => a - b)).toEqual([0, 5003]);
    }
    await Promise.all(sessions.map((session) => session.end()));
  });
});
