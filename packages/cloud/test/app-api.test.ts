import { nodeCrypto } from "@softap/node";
import { signAppRequest } from "@softap/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeUser, ok, refusal, startTestCloud, type TestCloud } from "./support/cloud.ts";
import type { Json } from "./support/json.ts";

let cloud: TestCloud;
let AccessToken: string;
let strangersToken: string;

beforeAll(async () => {
  cloud = await startTestCloud();
  ({ AccessToken } = await makeUser(cloud));
  ({ AccessToken: strangersToken } = await makeUser(cloud, "stranger"));
});
afterAll(() => cloud.running.stop());

const signed = (body: Record<string, unknown>): Record<string, unknown> => {
  const { appKey, appSecret } = cloud.running.app;
  const Timestamp = Math.floor(Date.now() / 1000);
  const whole = { RequestId: "r", AppKey: appKey, Timestamp, Nonce: 0, ...body };
  return { ...whole, Signature: signAppRequest(nodeCrypto, whole, appSecret) };
};

describe("envelopes", () => {
  test("a reply and a failure stand in both envelopes with the caller's RequestId and HTTP status 200", async () => {
    const post = async (body: object): Promise<Json> => {
      const reply = await fetch(`${cloud.baseUrl}/api/exploreropen/tokenapi`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      expect(reply.status).toBe(200);
      return reply.json();
    };
    const good = await post({ Action: "AppCreateDeviceBindToken", RequestId: "r-1", AccessToken });
    expect(good).toMatchObject({ code: 0, msg: "", data: { RequestId: "r-1" } });
    expect(good.Response).toEqual(good.data);
    expect(good.data.Token).toMatch(/^[0-9a-f]{32}$/);
    const bad = await post({ Action: "AppGetUser", RequestId: "r-2", AccessToken: "wrong" });
    expect(bad).toMatchObject({
      code: -1000,
      data: { Error: { Code: "InvalidParameterValue.InvalidAccessToken" }, RequestId: "r-2" },
    });
    expect(bad.Response).toEqual(bad.data);
  });

  test.each([
    ["/api/exploreropen/tokenapi/AppGetUser", {}],
    ["/api/exploreropen/tokenapi?uin=1&cmd=AppGetUser", {}],
    ["/api/exploreropen/appsecureapi?uin=1&cmd=x", { Action: "AppGetUser", JsCode: "c" }],
    ["/api/exploreropen/AppGetUser?uin=1&cmd=AppGetUser", {}],
    ["/api/studioapp/tokenapi", { Action: "AppGetUser" }],
    ["/api/studioapp/AppGetUser?uin=1", {}],
  ])("%s reaches the action", async (path, body) => {
    const reply = await fetch(cloud.baseUrl + path, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: JSON.stringify({ AccessToken, ...body }),
    });
    expect(await reply.json()).toMatchObject({ code: 0, data: { Data: { Email: "anna@example.com" } } });
  });
});

describe("refusals", () => {
  test.each(["", "{", "[]", "null", '"x"', "\u0000", '{"a":'])("%j is not JSON", async (body) => {
    const reply = await fetch(`${cloud.baseUrl}/api/exploreropen/tokenapi`, { method: "POST", body });
    expect(reply.status).toBe(200);
    const text = await reply.text();
    expect(JSON.parse(text)).toMatchObject({
      code: -1000,
      data: { Error: { Code: "InvalidParameterValue.InvalidJSON" } },
    });
    expect(text).not.toContain(" at ");
  });

  test("a body that is too long is refused in the vendor's envelope", async () => {
    const body = JSON.stringify({ Action: "AppGetUser", pad: "x".repeat(70_000) });
    const reply = await fetch(`${cloud.baseUrl}/api/exploreropen/tokenapi`, { method: "POST", body });
    expect(await reply.json()).toMatchObject({
      code: -1000,
      data: { Error: { Code: "InvalidParameterValue" } },
    });
  });

  test.each([
    ["Nothing", {}, "APP_ACTION_UNKNOWN"],
    ["__proto__", {}, "APP_ACTION_UNKNOWN"],
    ["constructor", {}, "APP_ACTION_UNKNOWN"],
    ["AppGetDeviceBindTokenState", {}, "APP_PARAMETER_MISSING"],
    ["AppGetDeviceBindTokenState", { Token: 5 }, "APP_PARAMETER_INVALID"],
    ["AppGetDeviceBindTokenState", { Token: "0".repeat(32) }, "BIND_TOKEN_UNKNOWN"],
    ["AppGetFamilyDeviceList", { FamilyId: "f_none" }, "APP_FAMILY_UNKNOWN"],
    ["AppCreateFamily", { Name: "" }, "APP_PARAMETER_INVALID"],
    ["AppDeleteDeviceInFamily", { FamilyId: "f" }, "APP_PARAMETER_MISSING"],
    ["AppDeleteDeviceInFamily", { FamilyId: "f", DeviceId: "nonsense" }, "APP_PARAMETER_INVALID"],
  ])("%s with %j is refused with %s", async (action, parameters, code) => {
    expect(refusal(await cloud.app(action, { AccessToken, ...parameters }))).toBe(code);
  });

  test("AppTokenBindDeviceFamily before the device reported says so", async () => {
    const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", { AccessToken }));
    const FamilyId = ok(await cloud.app("AppCreateFamily", { AccessToken, Name: "h" })).Data.FamilyId;
    const device = { ProductId: "ABCDEFGHIJ", DeviceName: "d" };
    const reply = await cloud.app("AppTokenBindDeviceFamily", { AccessToken, Token, FamilyId, ...device });
    expect(refusal(reply)).toBe("BIND_TOKEN_NOT_REPORTED");
  });
});

describe("login", () => {
  test("a wrong password and an unknown user get the same answer", async () => {
    const wrong = await cloud.app("AppGetToken", { Email: "anna@example.com", Password: "no" }, "appapi");
    const unknown = await cloud.app("AppGetToken", { Email: "x@example.com", Password: "no" }, "appapi");
    expect(wrong).toEqual(unknown);
    expect(refusal(wrong)).toBe("APP_LOGIN_FAILED");
  });

  test("the eleventh failure of an account is not even compared, also with the right password", async () => {
    await using own = await startTestCloud({ limits: { failedLoginsPerAccountAndAddress: 3 } });
    await makeUser(own);
    const attempt = (Password: string) =>
      own.app("AppGetToken", { Email: "anna@example.com", Password }, "appapi");
    for (let count = 0; count < 3; count += 1) expect(refusal(await attempt("no"))).toBe("APP_LOGIN_FAILED");
    expect(refusal(await attempt("correct horse"))).toBe("RATE_LIMITED");
    own.clock.forwardS(601);
    expect(ok(await attempt("correct horse")).Data.Token).toHaveLength(32);
  });

  test("a phone number logs in with and without its country code spelled out", async () => {
    await cloud.admin("POST", "/users", { phoneNumber: "13800138000", password: "correct horse" });
    for (const CountryCode of ["86", "+86", undefined])
      ok(
        await cloud.app(
          "AppGetToken",
          { Type: "phone", CountryCode, PhoneNumber: "13800138000", Password: "correct horse" },
          "appapi",
        ),
      );
  });

  test("AppGetTokenByWeiXin makes the user once and needs the AppKey's signature", async () => {
    const body = signed({ Action: "AppGetTokenByWeiXin", WxOpenID: "o1", NickName: "n", Avatar: "" });
    const users: unknown[] = [];
    for (let count = 0; count < 2; count += 1) {
      const { Token } = ok(await cloud.app("AppGetTokenByWeiXin", body, "appapi")).Data;
      users.push(ok(await cloud.app("AppGetUser", { AccessToken: Token })).Data.UserID);
    }
    expect(users[0]).toBe(users[1]);
    for (const change of [{ WxOpenID: "o2" }, { Signature: "" }, { AppKey: "other" }])
      expect(refusal(await cloud.app("AppGetTokenByWeiXin", { ...body, ...change }, "appapi"))).toBe(
        "APP_SIGNATURE_INVALID",
      );
  });

  test.each([
    ["an hour ago", -3600],
    ["in an hour", 3600],
    ["never", Number.NaN],
  ])("a request signed %s logs nobody in", async (_when, offsetS) => {
    const Timestamp = Math.floor(Date.now() / 1000) + offsetS;
    const body = signed({ Action: "AppGetTokenByWeiXin", WxOpenID: "o1", Timestamp: String(Timestamp) });
    expect(refusal(await cloud.app("AppGetTokenByWeiXin", body, "appapi"))).toBe("APP_SIGNATURE_INVALID");
  });

  test("a login ends by AppLogoutUser and by its ExpireAt", async () => {
    await using own = await startTestCloud();
    const first = await makeUser(own);
    ok(await own.app("AppLogoutUser", first));
    expect(refusal(await own.app("AppGetUser", first))).toBe("APP_ACCESS_TOKEN_INVALID");
    const second = await makeUser(own, "second");
    own.clock.forwardS(40 * 86_400 + 1);
    expect(refusal(await own.app("AppGetUser", second))).toBe("APP_ACCESS_TOKEN_INVALID");
  });
});

describe("families", () => {
  test("rooms and families of somebody else look as if they did not exist", async () => {
    const FamilyId = ok(await cloud.app("AppCreateFamily", { AccessToken, Name: "mine" })).Data.FamilyId;
    const RoomId = ok(await cloud.app("AppCreateRoom", { AccessToken, FamilyId, Name: "Kitchen" })).Data
      .RoomId;
    const rooms = ok(await cloud.app("AppGetRoomList", { AccessToken, FamilyId, Offset: "0", Limit: "10" }));
    expect(rooms).toMatchObject({ Total: 1, RoomList: [{ RoomId, RoomName: "Kitchen", DeviceNum: 0 }] });
    expect(rooms.Roomlist).toEqual(rooms.RoomList);
    for (const action of ["AppGetRoomList", "AppGetFamilyDeviceList"])
      expect(refusal(await cloud.app(action, { AccessToken: strangersToken, FamilyId }))).toBe(
        "APP_FAMILY_UNKNOWN",
      );
    expect(ok(await cloud.app("AppGetFamilyList", { AccessToken: strangersToken })).Total).toBe(0);
  });

  test("short tokens have six characters that nobody mistakes for others", async () => {
    const { Token } = ok(await cloud.app("AppCreateDeviceBindToken", { AccessToken, TokenLengthType: "1" }));
    expect(Token).toMatch(/^[A-HJ-NP-Z2-9]{6}$/);
  });
});

describe("operation", () => {
  test("/healthz and /readyz answer", async () => {
    expect((await fetch(`${cloud.baseUrl}/healthz`)).status).toBe(200);
    const ready = await fetch(`${cloud.baseUrl}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: "ready", database: true, mqtt: true },
    ]);
  });

  test("the admin API is closed without its token", async () => {
    for (const path of ["/products", "/users", "/sessions", "/nothing"]) {
      const reply = await fetch(`${cloud.baseUrl}/api/admin${path}`, {
        headers: { authorization: "Bearer sa_0" },
      });
      expect(reply.status).toBe(401);
      expect(await reply.json()).toMatchObject({ error: { code: "ADMIN_TOKEN_INVALID", number: "SA5112" } });
    }
  });

  test("an address that is none is refused without repeating it", async () => {
    for (const path of ["/nothing?AccessToken=canary", "/api/exploreropen/%zz?AccessToken=canary"]) {
      const reply = await fetch(`http://127.0.0.1:${cloud.running.httpPort}${path}`, { method: "POST" });
      const text = await reply.text();
      expect([reply.status, text.includes("canary")]).toEqual([404, false]);
      expect(JSON.parse(text)).toMatchObject({ error: { code: "NOT_FOUND" } });
    }
  });

  test("secrets are shown once, at creation", async () => {
    const product = (await cloud.admin("POST", "/products", { name: "p" })).body;
    expect(product.productSecret.length).toBeGreaterThanOrEqual(16);
    const path = `/products/${product.productId}`;
    const device = (await cloud.admin("POST", `${path}/devices`, { deviceName: "d" })).body;
    for (const address of [path, "/products", `${path}/devices`, `${path}/devices/d`]) {
      const text = JSON.stringify((await cloud.admin("GET", address)).body);
      expect(text).not.toContain(product.productSecret);
      expect(text).not.toContain(device.deviceSecret);
    }
  });

  test("bad requests of the admin API name what is wrong", async () => {
    const cases = [
      ["POST", "/products", {}, 400, "APP_PARAMETER_INVALID"],
      ["POST", "/products", { name: "p", surprise: 1 }, 400, "APP_PARAMETER_INVALID"],
      ["POST", "/products", { name: "p", topicRights: { "a b": "both" } }, 400, "APP_PARAMETER_INVALID"],
      ["POST", "/users", { email: "no address", password: "12345678" }, 400, "APP_PARAMETER_INVALID"],
      ["POST", "/users", { password: "12345678" }, 400, "APP_PARAMETER_INVALID"],
      ["POST", "/users", { email: "Anna@example.com", password: "12345678" }, 409, "ALREADY_EXISTS"],
      ["POST", "/products/NOSUCHPROD/devices", { deviceName: "d" }, 404, "NOT_FOUND"],
      ["GET", "/products?limit=0", undefined, 400, "APP_PARAMETER_INVALID"],
      ["GET", "/products/NOSUCHPROD", undefined, 404, "NOT_FOUND"],
      ["DELETE", "/users/1", undefined, 404, "NOT_FOUND"],
      ["GET", "/nothing", undefined, 404, "NOT_FOUND"],
    ] as const;
    for (const [method, path, body, status, code] of cases) {
      const reply = await cloud.admin(method, path, body);
      expect([reply.status, reply.body.error?.code], `${method} ${path}`).toEqual([status, code]);
    }
  });

  test("a port in use fails with its number and leaves nothing open", async () => {
    const taken = cloud.running.mqttsPort;
    await expect(startTestCloud({ mqttsPort: taken })).rejects.toMatchObject({
      code: "ADDRESS_IN_USE",
      context: { port: taken },
    });
    await expect(startTestCloud({ httpPort: cloud.running.httpPort })).rejects.toMatchObject({
      code: "ADDRESS_IN_USE",
    });
  });

  test("stop() can be called twice and frees the ports", async () => {
    const own = await startTestCloud();
    const { httpPort, mqttPort, mqttsPort } = own.running;
    await Promise.all([own.running.stop(), own.running.stop()]);
    await using again = await startTestCloud({ httpPort, mqttPort, mqttsPort });
    expect(again.running.httpPort).toBe(httpPort);
  });
});
