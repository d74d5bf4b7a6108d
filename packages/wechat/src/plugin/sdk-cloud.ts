import type { BindCloud, BindRequest, BindTokenState } from "@softap/phone";
import type { CancelSignal } from "@softap/ports";
import {
  CloudError,
  parseAppReply,
  ProtocolError,
  Secret,
  softApError,
  type SoftApError,
} from "@softap/protocol";
import { callWx } from "../wx-call.ts";

/** The vendor's SDK, by the members that are used. */
export interface AppDevSdkLike {
  /** Where plugins put themselves. */
  readonly plugins: Record<string, unknown>;
  /** Calls an action of the app API; logs in again by itself when the access token has ended. */
  requestApi(action: string, payload: object, options: { isTokenApi: boolean }): Promise<unknown>;
}

/** The account's calls through the vendor's SDK, which has the access token and the address of the cloud. */
export class SdkCloud implements BindCloud {
  readonly #sdk: AppDevSdkLike;
  readonly #options: { readonly autoBind: boolean; readonly newTokenVersion: boolean };

  constructor(
    sdk: AppDevSdkLike,
    options: { readonly autoBind: boolean; readonly newTokenVersion: boolean },
  ) {
    this.#sdk = sdk;
    this.#options = options;
  }

  /** @inheritdoc */
  async createBindToken({ signal }: { readonly signal: CancelSignal }): Promise<Secret> {
    const { Token: token } = await this.#request("AppCreateDeviceBindToken", {}, signal);
    if (typeof token !== "string") throw new ProtocolError("REPLY_INVALID", "The reply has no Token");
    return Secret.of(token);
  }

  /** @inheritdoc */
  async getBindTokenState(
    token: Secret,
    { signal }: { readonly signal: CancelSignal },
  ): Promise<BindTokenState> {
    const payload = { Token: token.reveal() };
    if (!this.#options.newTokenVersion)
      return tokenState(await this.#request("AppGetDeviceBindTokenState", payload, signal));
    const { Data: list } = await this.#request("AppGetMultiDeviceBindTokenState", payload, signal);
    const states = Array.isArray(list) ? list.filter(isRecord).map(tokenState) : [];
    return states.find(({ state }) => state === 2) ?? { state: 1 };
  }

  /** Does nothing where the token or the app itself sees to it. */
  async bindDeviceToFamily(
    request: BindRequest,
    { signal }: { readonly signal: CancelSignal },
  ): Promise<void> {
    if (!this.#options.autoBind || this.#options.newTokenVersion) return;
    const { token, productId: ProductId, deviceName: DeviceName, familyId, roomId } = request;
    const where = { FamilyId: familyId, RoomId: roomId };
    const payload = { Token: token.reveal(), ProductId, DeviceName, ...where };
    await this.#request("AppTokenBindDeviceFamily", payload, signal);
  }

  /** The SDK finds the family called `default` by itself, and makes it. */
  async families(): Promise<readonly { readonly familyId: string }[]> {
    return [{ familyId: "default" }];
  }

  /** @inheritdoc */
  async createFamily(): Promise<string> {
    return "default";
  }

  async #request(
    action: string,
    payload: object,
    signal: CancelSignal,
  ): Promise<Readonly<Record<string, unknown>>> {
    const reply = await callWx<unknown>({
      signal,
      translate: (error) => sdkError(action, error),
      start: ({ success, fail }) =>
        this.#sdk.requestApi(action, payload, { isTokenApi: true }).then(success, fail),
    });
    if (!isRecord(reply)) throw new ProtocolError("REPLY_INVALID", `The reply to ${action} is no object`);
    return reply;
  }
}

/** What the SDK rejects with: `{ code, msg }` of the cloud, or `{ errMsg }` of `wx`. The original is the cause. */
function sdkError(action: string, error: object): SoftApError {
  const { code, msg, errMsg } = error as Readonly<Record<string, unknown>>; // Every object may be read by name.
  if (code === "VERIFY_LOGIN_FAIL")
    return new CloudError("APP_ACCESS_TOKEN_INVALID", "The account's login has ended", { cause: error });
  if (typeof errMsg === "string" || code === undefined || code === "INTERNAL_ERROR")
    return softApError("UNREACHABLE", `${action} did not reach the cloud`, { cause: error });
  const appCode = typeof code === "number" ? String(code) : typeof code === "string" ? code : "";
  const reply = parseAppReply({ code: -1, data: { Error: { Code: appCode, Message: msg } } });
  const ours = reply?.type === "failed" ? reply.code : "CLOUD_INTERNAL";
  return softApError(ours, `The cloud refused ${action}`, {
    cause: error,
    context: { appCode },
  });
}

function tokenState(fields: Readonly<Record<string, unknown>>): BindTokenState {
  const { State: state, ProductId: productId, DeviceName: deviceName } = fields;
  return {
    state: typeof state === "number" ? state : 1,
    ...(typeof productId === "string" ? { productId } : {}),
    ...(typeof deviceName === "string" ? { deviceName } : {}),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
