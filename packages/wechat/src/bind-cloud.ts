import type { BindCloud } from "@softap/phone";
import { formatHex, isFields, parseAppReply, type Secret, softApError } from "@softap/protocol";
import { plainRandom } from "./random.ts";
import { type CallAction, listOf, textOf, tokenCalls } from "./token-calls.ts";
import { callWx } from "./wx-call.ts";
import { requestError } from "./wx-errors.ts";
import type { Wx } from "./wx.ts";

/** Where the cloud is, and as whom to call it. */
export interface WechatBindCloudOptions {
  /** Scheme and host, such as `https://iot.example.com`. The host must stand in the mini program's list of request domains. */
  readonly baseUrl: string;
  /** The account's token; a mini program gets it from its own server. */
  readonly accessToken: Secret;
}

/**
 * The cloud as `provision()` uses it, by `wx.request`. Who also logs in, lists or unbinds takes `AppClient` of `@softap/phone`
 * in its place.
 *
 * Every call rejects with {@link CloudError} by the cloud's code, a {@link TransportError} by what `wx` says, {@link ProtocolError}
 * `REPLY_INVALID`, {@link UsageError} `USAGE` for a host that is not in the list, or {@link CanceledError}.
 */
export function wechatBindCloud(wx: Pick<Wx, "request">, options: WechatBindCloudOptions): BindCloud {
  const { accessToken } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const call: CallAction = async (action, parameters, signal) => {
    const common = { Action: action, RequestId: formatHex(plainRandom.bytes(8)), RegionId: 1 };
    let task: { abort(): void } | undefined;
    const { statusCode, data } = await callWx<{ readonly statusCode: number; readonly data: unknown }>({
      signal,
      translate: (error) => requestError(action, error),
      abort: () => task?.abort(),
      start: (callbacks) => {
        task = wx.request({
          url: `${baseUrl}/api/exploreropen/tokenapi?uin=unknown&cmd=${action}`,
          method: "POST",
          header: { "content-type": "application/json" },
          data: { ...common, AccessToken: accessToken.reveal(), ...parameters },
          ...callbacks,
        });
      },
    });
    const reply = parseAppReply(data);
    if (reply?.type === "ok" && statusCode < 400) return reply.data;
    if (reply?.type === "failed")
      throw softApError(reply.code, `The cloud refused ${action}`, { context: { appCode: reply.appCode } });
    // Without an envelope it was a proxy, an overloaded gateway or a captive portal that answered.
    const code = statusCode === 429 ? "RATE_LIMITED" : statusCode >= 500 ? "CLOUD_INTERNAL" : "REPLY_INVALID";
    throw softApError(code, `The cloud answered ${action} with ${statusCode}`);
  };
  return {
    ...tokenCalls(call),
    families: async ({ signal }) => {
      const reply = await call("AppGetFamilyList", { Offset: 0, Limit: 50 }, signal);
      return listOf(reply, "FamilyList").map((family) => ({ familyId: textOf(family, "FamilyId") }));
    },
    createFamily: async ({ name: Name }, { signal }) => {
      const reply = await call("AppCreateFamily", { Name }, signal);
      return textOf(isFields(reply["Data"]) ? reply["Data"] : reply, "FamilyId");
    },
  };
}
