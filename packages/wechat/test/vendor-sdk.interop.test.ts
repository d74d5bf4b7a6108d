import { afterEach, describe, expect, test, vi } from "vitest";
import { vendorSdk } from "./stand-in/vendor.ts";
import { encodeUtf8, thingDownTopic, thingUpTopic } from "@softap/protocol";
import { home } from "./stand-in/bare.ts";
import { softAp, World } from "./stand-in/world.ts";

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

async function start(): Promise<World> {
  const world = await World.start();
  worlds.push(world);
  return world;
}

const tokenKey = "__qcloud-iotexplorer-appdev-sdk-accessToken";

describe("the vendor's SDK against our cloud", () => {
  test("logs in, keeps its token, and logs in again when the kept one has ended", async () => {
    const world = await start();
    const sdk = vendorSdk(world);
    await sdk.init({});
    expect(sdk.isLogin).toBe(true);
    expect(sdk.nickName).toBe("Ann");
    expect(sdk.userId).toMatch(/\S/);
    const getAccessToken = vi.fn(() => world.accessToken());
    const again = vendorSdk(world, { getAccessToken });
    await again.init({});
    expect(getAccessToken).not.toHaveBeenCalled();
    await sdk.requestApi("AppLogoutUser");
    const third = vendorSdk(world, { getAccessToken });
    await third.init({});
    expect(getAccessToken).toHaveBeenCalledTimes(1);
    expect(third.userId).toBe(sdk.userId);
    const kept = await new Promise((resolve) => {
      world.wx.getStorage({ key: tokenKey, success: ({ data }) => resolve(data) });
    });
    expect(kept).toBe(third.loginManager.accessToken);
  });

  test("a call whose access token has ended logs in again and succeeds", async () => {
    const world = await start();
    const sdk = vendorSdk(world);
    await sdk.init({});
    const { accessToken } = sdk.loginManager;
    await sdk.requestApi("AppLogoutUser");
    await expect(sdk.requestApi("AppGetFamilyList", { Offset: 0, Limit: 10 })).resolves.toMatchObject({
      Total: 0,
    });
    expect(sdk.loginManager.accessToken).not.toBe(accessToken);
  });

  test("makes the default family, rooms, and bind tokens of both lengths", async () => {
    const world = await start();
    const sdk = vendorSdk(world);
    await sdk.init({});
    const FamilyId = await sdk.getDefaultFamilyId();
    expect(await sdk.requestApi("AppGetFamilyList", { Offset: 0, Limit: 100 })).toMatchObject({
      Total: 1,
      FamilyList: [{ FamilyId, Role: 1 }],
    });
    const { Data: room } = await sdk.requestApi("AppCreateRoom", { FamilyId: "default", Name: "Kitchen" });
    expect(await sdk.requestApi("AppGetRoomList", { FamilyId: "default" })).toMatchObject({
      RoomList: [{ RoomId: room.RoomId, RoomName: "Kitchen", DeviceNum: 0 }],
    });
    const long = await sdk.requestApi("AppCreateDeviceBindToken");
    expect(long.Token).toMatch(/^\w{32}$/);
    const short = await sdk.requestApi("AppCreateDeviceBindToken", { TokenLengthType: "1" });
    expect(short.Token).toMatch(/^\w{6}$/);
    expect((await sdk.requestApi("AppGetDeviceBindTokenState", { Token: long.Token })).State).toBe(1);
  });

  test("hears the vendor's codes for what the cloud refuses", async () => {
    const world = await start();
    const sdk = vendorSdk(world);
    await sdk.init({});
    const refusals = [
      ["AppNoSuchAction", {}, "InvalidAction"],
      ["AppGetDeviceBindTokenState", { Token: "0".repeat(32) }, "InvalidParameterValue.TokenNotExist"],
      ["AppGetFamilyDeviceList", { FamilyId: "f_foreign" }, /InvalidParameterValue|FamilyNotExist/],
    ] as const;
    for (const [action, payload, code] of refusals) {
      const failure = await sdk.requestApi(action, payload).then(
        () => undefined,
        (error: { code: string; msg: string }) => error,
      );
      expect(failure?.code).toMatch(code);
      expect(failure?.msg).toMatch(/\S/);
    }
  });

  test("binds, lists, renames, queries, deletes a device, and hears of it over the web socket", async () => {
    const world = await start();
    await world.openSoftAp();
    const sdk = vendorSdk(world);
    await sdk.init({});
    const heard: string[] = [];
    for (const event of ["wsDeviceBind", "wsDeviceUnbind", "wsStatusChange"])
      sdk.on(event, ({ deviceId, deviceStatus }: { deviceId: string; deviceStatus?: number }) =>
        heard.push([event, deviceId, deviceStatus].join(" ").trim()),
      );
    await sdk.subscribeDevices([world.deviceId]);
    const answers = vi.fn();
    sdk.ws.on("message", answers);
    await vi.waitFor(() => expect(sdk.ws.isConnected()).toBe(true));
    await vi.waitFor(() => expect(answers.mock.calls.flat().join()).toContain("deviceIds"));
    await vi.waitFor(() => expect(answers.mock.calls.flat().join()).toContain("Response"));

    const { Token } = await sdk.requestApi("AppCreateDeviceBindToken");
    await reportToken(world, Token);
    await vi.waitFor(async () =>
      expect(await sdk.requestApi("AppGetDeviceBindTokenState", { Token })).toMatchObject({
        State: 2,
        ProductId: world.productId,
        DeviceName: "lamp-1",
      }),
    );
    const device = { ProductId: world.productId, DeviceName: "lamp-1" };
    await sdk.requestApi("AppTokenBindDeviceFamily", { Token, FamilyId: "default", ...device });
    await vi.waitFor(() => expect(heard).toContain(`wsDeviceBind ${world.deviceId}`));
    await sdk.requestApi("AppUpdateDeviceInFamily", { ...device, AliasName: "Bedside" });
    expect(await sdk.requestApi("AppGetFamilyDeviceList", { FamilyId: "default" })).toMatchObject({
      DeviceList: [{ DeviceId: world.deviceId, AliasName: "Bedside" }],
      Total: 1,
    });
    const DeviceIds = [world.deviceId];
    expect((await sdk.requestApi("AppGetDeviceStatuses", { DeviceIds })).DeviceStatuses).toMatchObject([
      { DeviceId: world.deviceId, Online: 1 },
    ]);
    const { Products } = await sdk.requestApi("AppGetProducts", { ProductIds: [world.productId] });
    expect(JSON.parse(Products[0].DataTemplate)).toMatchObject({ profile: { ProductId: world.productId } });

    const publish = (message: object): Promise<void> =>
      world.device.mqtt.publish(thingUpTopic("property", address), encodeUtf8(JSON.stringify(message)), {
        qos: 1,
      });
    const address = { productId: world.productId, deviceName: "lamp-1" };
    const data = vi.fn();
    sdk.on("wsReport", data);
    sdk.on("wsControl", data);
    await publish({ method: "report", clientToken: "r", params: { power: 1 } });
    const power = (Value: number): object => ({
      deviceId: world.deviceId,
      deviceData: { power: { Value, LastUpdate: expect.any(Number) as number } },
    });
    await vi.waitFor(() => expect(data).toHaveBeenCalled());
    expect(data.mock.lastCall?.[0]).toMatchObject(power(1));
    const known = await sdk.requestApi("AppGetDeviceData", { DeviceId: world.deviceId });
    expect(JSON.parse(known.Data)).toMatchObject({ power: { Value: 1 } });
    const taken = vi.fn();
    const subscription = await world.device.mqtt.subscribe(thingDownTopic("property", address), taken, {
      qos: 1,
    });
    await sdk.requestApi("AppControlDeviceData", { ...device, Data: JSON.stringify({ power: 0 }) });
    await vi.waitFor(() => expect(data).toHaveBeenCalledTimes(2));
    expect(data.mock.lastCall?.[0]).toMatchObject(power(0));
    await vi.waitFor(() => expect(taken).toHaveBeenCalledTimes(1));
    expect(JSON.parse(Buffer.from(taken.mock.calls[0]?.[0]).toString())).toMatchObject({
      method: "control",
      params: { power: 0 },
    });
    subscription.close();

    await world.device.stop();
    await vi.waitFor(() => expect(heard).toContain(`wsStatusChange ${world.deviceId} 0`));
    await world.device.start();
    await vi.waitFor(() => expect(heard).toContain(`wsStatusChange ${world.deviceId} 1`));
    await sdk.requestApi("AppDeleteDeviceInFamily", { FamilyId: "default", DeviceId: world.deviceId });
    await vi.waitFor(() => expect(heard).toContain(`wsDeviceUnbind ${world.deviceId}`));
    expect(await sdk.requestApi("AppGetFamilyDeviceList", { FamilyId: "default" })).toMatchObject({
      Total: 0,
    });
    sdk.disconnectWebsocket();
  });
});

/** The device's way to a reported token, without the vendor's phone code. */
async function reportToken(world: World, token: string): Promise<void> {
  const { phone, wx } = world;
  phone.start();
  await phone.join(softAp.ssid, softAp.passphrase);
  const socket = wx.createUDPSocket();
  socket.bind();
  const answered = new Promise<void>((resolve) => socket.onMessage(() => resolve()));
  const { ssid, passphrase } = home;
  const message = JSON.stringify({ cmdType: 1, ssid, password: passphrase, token });
  socket.send({ address: "192.168.4.1", port: 8266, message });
  await answered;
  socket.close();
  await phone.join(home.ssid, home.passphrase);
}
