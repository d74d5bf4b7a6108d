import { describe, expect, test } from "vitest";
import { CancelSource, neverCanceled } from "@softap/ports";
import { Secret } from "@softap/protocol";
import { type Wx, wechatBindCloud } from "@softap/wechat";

type Request = Parameters<Wx["request"]>[0];

const signal = neverCanceled;
const token = Secret.of("token-1");
const binding = { token, productId: "P", deviceName: "d", familyId: "f" };

/** A cloud that gives the answers of a list, one after the other; `undefined` is never answered. */
function cloudThat(
  ...answers: readonly ({ statusCode?: number; data: unknown } | { errMsg: string } | undefined)[]
) {
  const requests: Request[] = [];
  let aborted = 0;
  const left = [...answers];
  const request = (options: Request): { abort(): void } => {
    requests.push(options);
    const answer = left.shift();
    if (answer !== undefined && "errMsg" in answer) options.fail(answer);
    else if (answer !== undefined) options.success({ statusCode: 200, ...answer });
    return { abort: () => void (aborted += 1) };
  };
  const accessToken = Secret.of("access-1");
  const cloud = wechatBindCloud({ request }, { baseUrl: "https://iot.example.com/", accessToken });
  return { cloud, requests, aborted: () => aborted };
}

describe("wechatBindCloud()", () => {
  test("sends an action with what the app API wants, to one slash behind the host", async () => {
    const { cloud, requests } = cloudThat({ data: { code: 0, data: { Token: "abc" } } });
    expect((await cloud.createBindToken({ signal })).reveal()).toBe("abc");
    expect(requests[0]).toMatchObject({
      url: "https://iot.example.com/api/exploreropen/tokenapi?uin=unknown&cmd=AppCreateDeviceBindToken",
      method: "POST",
      data: {
        Action: "AppCreateDeviceBindToken",
        RequestId: expect.stringMatching(/^[0-9a-f]{16}$/),
        RegionId: 1,
        AccessToken: "access-1",
      },
    });
  });

  test("reads the documented envelope too", async () => {
    const { cloud } = cloudThat({ data: { Response: { State: 2, ProductId: "P", DeviceName: "d" } } });
    expect(await cloud.getBindTokenState(token, { signal })).toEqual({
      state: 2,
      productId: "P",
      deviceName: "d",
    });
  });

  test("binds into the default room where none is named", async () => {
    const { cloud, requests } = cloudThat({ data: { code: 0, data: {} } });
    await cloud.bindDeviceToFamily(binding, { signal });
    expect(requests[0]?.data).toMatchObject({ Token: "token-1", FamilyId: "f", RoomId: "0" });
  });

  test("lists families, and creates one", async () => {
    const { cloud } = cloudThat(
      { data: { code: 0, data: { FamilyList: [{ FamilyId: "f1", FamilyName: "Home" }], Total: 1 } } },
      { data: { code: 0, data: { Data: { FamilyId: "f2" } } } },
      { data: { code: 0, data: { FamilyId: "f3" } } },
    );
    expect(await cloud.families({ signal })).toEqual([{ familyId: "f1" }]);
    expect(await cloud.createFamily({ name: "Home" }, { signal })).toBe("f2");
    expect(await cloud.createFamily({ name: "Home" }, { signal })).toBe("f3");
  });

  const refusal = { Error: { Code: "InvalidParameterValue.TokenIsExpire", Message: "expired" } };
  test.each([
    ["BIND_TOKEN_EXPIRED", { data: { code: -1000, msg: "expired", data: refusal } }],
    ["RATE_LIMITED", { statusCode: 429, data: "slow down" }],
    ["CLOUD_INTERNAL", { statusCode: 502, data: "<html>" }],
    ["REPLY_INVALID", { data: "<html>log in to this hotel</html>" }],
    ["REPLY_INVALID", { statusCode: 404, data: { code: 0, data: {} } }],
    ["USAGE", { errMsg: "request:fail url not in domain list" }],
    ["HOST_NOT_FOUND", { errMsg: "request:fail errcode:-105 net::ERR_NAME_NOT_RESOLVED" }],
    ["UNREACHABLE", { errMsg: "request:fail" }],
  ])("rejects with %s for %j", async (code, answer) => {
    const { cloud } = cloudThat(answer);
    await expect(cloud.bindDeviceToFamily(binding, { signal })).rejects.toMatchObject({ code });
  });

  test.each([
    ["createBindToken", { Token: 7 }],
    ["families", {}],
    ["families", { FamilyList: [{}] }],
  ] as const)("%s rejects with REPLY_INVALID for %j", async (call, data) => {
    const { cloud } = cloudThat({ data: { code: 0, data } });
    await expect(cloud[call]({ signal })).rejects.toMatchObject({ code: "REPLY_INVALID" });
  });

  test("aborts the request when its signal fires", async () => {
    const { cloud, aborted } = cloudThat(undefined);
    const source = new CancelSource();
    const asking = cloud.families({ signal: source.signal });
    source.cancel("enough");
    await expect(asking).rejects.toMatchObject({ code: "CANCELED" });
    expect(aborted()).toBe(1);
  });
});
