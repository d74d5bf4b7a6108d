import { describe, expect, test } from "vitest";
import { AppClient, type AppApiOptions } from "@softap/phone";
import { CancelSource, type HttpClient, type HttpRequest, neverCanceled } from "@softap/ports";
import {
  appSigningText,
  decodeUtf8,
  encodeUtf8,
  formatAppFailure,
  formatAppReply,
  Secret,
  softApError,
} from "@softap/protocol";
import { nodeCrypto } from "@softap/node";
import { SeededRandom, VirtualClock } from "@softap/virtual";

/** Answers each action with what the test gives, and keeps what was asked. */
class FakeHttpClient implements HttpClient {
  readonly requests: { url: string; type: string | undefined; body: Record<string, unknown> }[] = [];
  readonly #answers: Record<string, (body: Record<string, unknown>) => unknown>;

  constructor(answers: Record<string, (body: Record<string, unknown>) => unknown>) {
    this.#answers = answers;
  }

  async request(request: HttpRequest): Promise<{ status: number; body: Uint8Array }> {
    const body: Record<string, unknown> = JSON.parse(decodeUtf8(request.body ?? new Uint8Array()) ?? "");
    this.requests.push({
      url: `${request.method} ${request.url}`,
      type: request.headers?.["content-type"],
      body,
    });
    const answer = this.#answers[String(body["Action"])]?.(body);
    return { status: 200, body: encodeUtf8(typeof answer === "string" ? answer : JSON.stringify(answer)) };
  }
}

const accessToken = Secret.of("canary-access-token");

function clientOf(
  answers: Record<string, (body: Record<string, unknown>) => unknown>,
  more: Partial<AppApiOptions> = {},
): { client: AppClient; http: FakeHttpClient; clock: VirtualClock } {
  const http = new FakeHttpClient(answers);
  const clock = new VirtualClock();
  const random = new SeededRandom(1);
  const client = new AppClient({ baseUrl: "http://cloud/", http, clock, random, accessToken, ...more });
  return { client, http, clock };
}

const ok =
  (data: Record<string, unknown>) =>
  (body: Record<string, unknown>): object =>
    formatAppReply(data, String(body["RequestId"]));
const docsOnly = (data: Record<string, unknown>) => (): object => ({ Response: { ...data, RequestId: "r" } });

describe("AppClient", () => {
  test("logs in with e-mail or phone, unsigned without an AppSecret, and uses the token afterwards", async () => {
    const { client, http } = clientOf(
      {
        AppGetToken: ok({ Data: { Token: "canary-fresh", ExpireAt: 1_800_000_000 } }),
        AppGetUser: ok({ Data: { UserID: "42", NickName: "n", Email: "a@b.c", PhoneNumber: "" } }),
        AppCreateDeviceBindToken: ok({ Token: "t".repeat(32) }),
      },
      {},
    );
    const login = await client.login({ email: "a@b.c", password: Secret.of("canary-password") });
    expect(login.expiresAtS).toBe(1_800_000_000);
    expect(login.token.reveal()).toBe("canary-fresh");
    await client.login({ phoneNumber: "13800000000", password: Secret.of("canary-password") });
    expect(await client.getUser()).toEqual({ userId: "42", nickName: "n", email: "a@b.c" });
    expect((await client.createBindToken()).reveal()).toBe("t".repeat(32));
    expect(http.requests.map(({ url }) => url)).toEqual([
      "POST http://cloud/api/exploreropen/appapi?uin=unknown&cmd=AppGetToken",
      "POST http://cloud/api/exploreropen/appapi?uin=unknown&cmd=AppGetToken",
      "POST http://cloud/api/exploreropen/tokenapi?uin=unknown&cmd=AppGetUser",
      "POST http://cloud/api/exploreropen/tokenapi?uin=42&cmd=AppCreateDeviceBindToken",
    ]);
    expect(http.requests[0]?.type).toBe("application/json");
    expect(http.requests[0]?.body).toMatchObject({
      Action: "AppGetToken",
      RegionId: 1,
      Type: "email",
      Email: "a@b.c",
      Password: "canary-password",
    });
    expect(http.requests[0]?.body).not.toHaveProperty("Signature");
    expect(http.requests[1]?.body).toMatchObject({ Type: "phone", CountryCode: "86" });
    expect(http.requests[3]?.body).toMatchObject({ AccessToken: "canary-fresh" });
    const ids = http.requests.map(({ body }) => body["RequestId"]);
    expect(new Set(ids).size).toBe(4);
  });

  test("signs as a backend over every field", async () => {
    const appSecret = Secret.of("as456");
    const { client, http } = clientOf(
      { AppGetTokenByWeiXin: ok({ Data: { Token: "t", ExpireAt: 1 } }) },
      { appKey: "ak123", appSecret, crypto: nodeCrypto },
    );
    await client.loginByWeiXin({ openId: "o1", nickName: "n", avatar: "http://a/b.png" });
    const body = http.requests[0]?.body ?? {};
    expect(body).toMatchObject({ AppKey: "ak123", Timestamp: 1_767_225_600, WxOpenID: "o1", NickName: "n" });
    const text = encodeUtf8(appSigningText(body));
    const digest = nodeCrypto.hmac("sha1", encodeUtf8("as456"), text);
    expect(body["Signature"]).toBe(Buffer.from(digest).toString("base64"));
  });

  test("reads token states in both envelopes, and a state that is a text", async () => {
    for (const answer of [ok, docsOnly]) {
      const { client, http } = clientOf({
        AppGetDeviceBindTokenState: answer({ State: 2, ProductId: "P", DeviceName: "D" }),
      });
      const state = await client.getBindTokenState(Secret.of("canary-bind"));
      expect(state).toEqual({ state: 2, productId: "P", deviceName: "D" });
      expect(http.requests[0]?.body).toMatchObject({ Token: "canary-bind" });
    }
    const { client } = clientOf({ AppGetDeviceBindTokenState: ok({ State: "1" }) });
    expect(await client.getBindTokenState(Secret.of("x"))).toEqual({ state: 1 });
  });

  test("asks for a short token only when told to", async () => {
    const { client, http } = clientOf({ AppCreateDeviceBindToken: ok({ Token: "AB12CD" }) });
    await client.createBindToken({ short: true });
    await client.createBindToken();
    expect(http.requests.map(({ body }) => body["TokenLengthType"])).toEqual(["1", undefined]);
  });

  test("binds into the default room unless told otherwise", async () => {
    const { client, http } = clientOf({ AppTokenBindDeviceFamily: ok({}) });
    const request = { token: Secret.of("t"), productId: "P", deviceName: "D", familyId: "F" };
    await client.bindDeviceToFamily(request);
    await client.bindDeviceToFamily({ ...request, roomId: "9" });
    expect(http.requests.map(({ body }) => body["RoomId"])).toEqual(["0", "9"]);
    expect(http.requests[0]?.body).toMatchObject({
      Token: "t",
      ProductId: "P",
      DeviceName: "D",
      FamilyId: "F",
    });
  });

  test("lists families, rooms in both spellings, and devices", async () => {
    const { client } = clientOf({
      AppGetFamilyList: ok({ FamilyList: [{ FamilyId: "F", FamilyName: "Home", Role: 1 }], Total: 1 }),
      AppGetRoomList: ok({ Roomlist: [{ RoomId: "R", RoomName: "Hall", DeviceNum: 2 }, 7], Total: 1 }),
      AppGetFamilyDeviceList: ok({
        DeviceList: [{ ProductId: "P", DeviceName: "D", AliasName: "Lamp", RoomId: "R" }],
        Total: 1,
      }),
      AppGetDeviceStatuses: ok({
        DeviceStatuses: [
          { DeviceId: "P/D", Online: 1 },
          { DeviceId: "P/E", Online: 0 },
        ],
      }),
    });
    expect(await client.families()).toEqual([{ familyId: "F", name: "Home", isOwner: true }]);
    expect(await client.rooms("F")).toEqual([{ roomId: "R", name: "Hall", deviceCount: 2 }]);
    expect(await client.familyDevices({ familyId: "F" })).toEqual([
      { deviceId: "P/D", productId: "P", deviceName: "D", alias: "Lamp", roomId: "R" },
    ]);
    expect(await client.deviceStatuses(["P/D", "P/E"])).toEqual(
      new Map([
        ["P/D", true],
        ["P/E", false],
      ]),
    );
  });

  test("reads long lists page by page and ends when a page is empty", async () => {
    const page = (body: Record<string, unknown>, total: number): object => {
      const offset = Number(body["Offset"]);
      const count = Math.max(0, Math.min(50, 120 - offset));
      const list = Array.from({ length: count }, (_, index) => ({
        ProductId: "P",
        DeviceName: `d${offset + index}`,
      }));
      return formatAppReply({ DeviceList: list, Total: total }, "r");
    };
    for (const total of [120, 1_000]) {
      const { client, http } = clientOf({ AppGetFamilyDeviceList: (body) => page(body, total) });
      expect(await client.familyDevices({ familyId: "F" })).toHaveLength(120);
      expect(http.requests).toHaveLength(total === 120 ? 3 : 4);
    }
  });

  test("creates families and rooms, and unties devices by both of their names", async () => {
    const { client, http } = clientOf({
      AppCreateFamily: ok({ Data: { FamilyId: "F" } }),
      AppCreateRoom: ok({ Data: { RoomId: "R" } }),
      AppDeleteDeviceInFamily: ok({}),
      AppLogoutUser: ok({ Data: "OK" }),
    });
    expect(await client.createFamily({ name: "Home" })).toBe("F");
    expect(await client.createRoom({ familyId: "F", name: "Hall" })).toBe("R");
    await client.deleteDevice({ familyId: "F", deviceId: "P/D" });
    expect(http.requests.at(-1)?.body).toMatchObject({
      DeviceId: "P/D",
      ProductId: "P",
      DeviceName: "D",
      FamilyId: "F",
    });
    await client.logout();
    expect(client.accessToken).toBeUndefined();
    await expect(client.families()).rejects.toMatchObject({ code: "USAGE" });
  });

  test("turns refusals of our cloud and of the vendor's, in every form, into our codes", async () => {
    const forms: [unknown, string][] = [
      [formatAppFailure("BIND_TOKEN_USED", "used", "r"), "BIND_TOKEN_USED"],
      [
        { code: -1000, msg: "x", data: { Error: { Code: "InvalidParameterValue.TokenIsExpire" } } },
        "BIND_TOKEN_EXPIRED",
      ],
      [
        { Response: { Error: { Code: "InvalidParameterValue.InvalidAccessToken", Message: "no" } } },
        "APP_ACCESS_TOKEN_INVALID",
      ],
      [
        {
          code: -1000,
          data: { Error: { Code: "InternalError", Message: "InvalidParameterValue.UserLoginFailed|no" } },
        },
        "APP_LOGIN_FAILED",
      ],
      [{ code: -1000, msg: "busy" }, "CLOUD_INTERNAL"],
      [{ code: 0, msg: "", data: { Error: { Code: "InvalidAction" } } }, "APP_ACTION_UNKNOWN"],
      ["<html>please log in to this Wi-Fi</html>", "REPLY_INVALID"],
      ["[]", "REPLY_INVALID"],
      [{ code: 0, data: {} }, "REPLY_INVALID"],
      [{ code: 0, data: { State: {} } }, "REPLY_INVALID"],
    ];
    for (const [answer, code] of forms) {
      const { client } = clientOf({ AppGetDeviceBindTokenState: () => answer });
      const asked = client.getBindTokenState(Secret.of("canary"));
      const told = await asked.catch((error: unknown) => error);
      expect({ answer, told }).toMatchObject({ answer, told: { code } });
    }
  });

  test("takes an HTTP status without an envelope for what it means", async () => {
    for (const [status, code] of [
      [429, "RATE_LIMITED"],
      [502, "CLOUD_INTERNAL"],
      [404, "REPLY_INVALID"],
    ] as const) {
      const http: HttpClient = { request: async () => ({ status, body: encodeUtf8("oops") }) };
      await expect(clientOf({}, { http }).client.families()).rejects.toMatchObject({
        code,
        context: { status },
      });
    }
  });

  test("passes errors of the HTTP port on, times out, and is canceled without a timer left", async () => {
    const refused: HttpClient = {
      request: () => Promise.reject(softApError("CONNECTION_REFUSED", "no")),
    };
    await expect(clientOf({}, { http: refused }).client.families()).rejects.toMatchObject({
      code: "CONNECTION_REFUSED",
    });
    const hanging: HttpClient = {
      request: ({ signal }) =>
        new Promise((_, reject) => {
          const stop = (): void => reject(softApError("CANCELED", "stopped"));
          if (signal.aborted) stop();
          else signal.addEventListener("abort", stop);
        }),
    };
    const { client, clock } = clientOf({}, { http: hanging, requestTimeoutMs: 3_000 });
    const slow = client.families({ signal: neverCanceled });
    await expect(clock.complete(slow, 3_000)).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(clock.monotonicMs()).toBe(3_000);
    const source = new CancelSource();
    const ended = client.families({ signal: source.signal });
    source.cancel();
    await expect(ended).rejects.toMatchObject({ code: "CANCELED" });
    expect(clock.pendingCount).toBe(0);
  });

  test("refuses addresses that are none", () => {
    for (const baseUrl of ["", "cloud.example.com", "ftp://x", "http://", "http://a?b=c", "http://a b"])
      expect(() => clientOf({}, { baseUrl })).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
