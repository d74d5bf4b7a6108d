import type { TokenCloud } from "@softap/phone";
import {
  CloudError,
  errorCodeOfApp,
  type Fields,
  isFields,
  ProtocolError,
  softApError,
  type SoftApError,
} from "@softap/protocol";
import { type CallAction, tokenCalls, tokenState } from "../token-calls.ts";
import { callWx } from "../wx-call.ts";

/** The vendor's SDK, by the members that are used. */
export interface AppDevSdkLike {
  /** Where plugins put themselves. */
  readonly plugins: Record<string, unknown>;
  /** Calls an action of the app API; logs in again by itself when the access token has ended. */
  requestApi(action: string, payload: object, options: { isTokenApi: boolean }): Promise<unknown>;
}

/**
 * The account's calls through the vendor's SDK, which has the access token and the address of the cloud.
 *
 * @param options.newTokenVersion - Whether tokens carry their family, so that nobody else binds the device.
 * @param options.autoBind - Whether the app leaves binding to the plugin.
 */
export function sdkCloud(
  sdk: AppDevSdkLike,
  options: { readonly autoBind: boolean; readonly newTokenVersion: boolean },
): TokenCloud {
  const { autoBind, newTokenVersion } = options;
  const call: CallAction = async (action, parameters, signal) => {
    const reply = await callWx<unknown>({
      signal,
      translate: (error) => sdkError(action, error),
      start: ({ success, fail }) =>
        sdk.requestApi(action, parameters, { isTokenApi: true }).then(success, fail),
    });
    if (!isFields(reply)) throw new ProtocolError("REPLY_INVALID", `The reply to ${action} is no object`);
    return reply;
  };
  const askForMany: TokenCloud["getBindTokenState"] = async (token, { signal }) => {
    const parameters = { Token: token.reveal() };
    const { Data: list } = await call("AppGetMultiDeviceBindTokenState", parameters, signal);
    const states = Array.isArray(list) ? list.filter(isFields).map(tokenState) : [];
    return states.find(({ state }) => state === 2) ?? { state: 1 };
  };
  return {
    ...tokenCalls(call),
    ...(newTokenVersion && { getBindTokenState: askForMany }),
    // The token or the app itself sees to it.
    ...((newTokenVersion || !autoBind) && { bindDeviceToFamily: async () => {} }),
  };
}

/** What the SDK rejects with: `{ code, msg }` of the cloud, or `{ errMsg }` of `wx`. The original is the cause. */
function sdkError(action: string, error: object): SoftApError {
  const { code, msg, errMsg } = error as Fields; // Every object may be read by name.
  if (code === "VERIFY_LOGIN_FAIL")
    return new CloudError("APP_ACCESS_TOKEN_INVALID", "The account's login has ended", { cause: error });
  if (typeof errMsg === "string" || code === undefined || code === "INTERNAL_ERROR")
    return softApError("UNREACHABLE", `${action} did not reach the cloud`, { cause: error });
  const appCode = typeof code === "string" || typeof code === "number" ? String(code) : "";
  return softApError(errorCodeOfApp(appCode, String(msg)), `The cloud refused ${action}`, {
    cause: error,
    context: { appCode },
  });
}
