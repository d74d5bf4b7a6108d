import {
  type CancelSignal,
  type Clock,
  type Crypto,
  type HttpClient,
  type HttpReply,
  neverCanceled,
  type Random,
  randomText,
  withTimeout,
} from "@softap/ports";
import {
  CloudError,
  decodeUtf8,
  encodeUtf8,
  parseAppReply,
  ProtocolError,
  Secret,
  signAppRequest,
  softApError,
  UsageError,
} from "@softap/protocol";
import { AppData } from "./app-data.ts";

/** Where and as whom to talk to the app API. */
export interface AppApiOptions {
  /** Scheme, host and port, such as `https://iot.example.com`; a path in front of `/api` may follow. */
  readonly baseUrl: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Needed only to sign with an AppSecret. */
  readonly crypto?: Crypto;
  /** For backends: what signs requests that carry no access token. */
  readonly appKey?: string;
  /** For backends; never ship it inside an app. */
  readonly appSecret?: Secret;
  /** The account's token, when it is known already. */
  readonly accessToken?: Secret;
  /** The account's user id; goes into the query of every request when known. */
  readonly uin?: string;
  /** Of the vendor's cloud. @defaultValue 1 */
  readonly regionId?: number;
  /** One request, milliseconds, 500–60 000. @defaultValue 10 000 */
  readonly requestTimeoutMs?: number;
}

/** What every call takes last. */
export interface AppCall {
  /** Gives up waiting. What the cloud has received by then it may still carry out. */
  readonly signal?: CancelSignal;
}

/** Parameters of an action, without the common ones. `undefined` leaves one out. */
export type AppParameters = Readonly<
  Record<string, string | number | readonly string[] | Secret | undefined>
>;

/** Sends actions of the app API and reads either envelope; knows no action by name. */
export class AppApi {
  readonly #options: AppApiOptions;
  readonly #baseUrl: string;
  /** The account's token; set by a login. */
  accessToken: Secret | undefined;
  /** The account's user id, when known. */
  uin: string | undefined;

  /** @throws {@link UsageError} `USAGE` when `baseUrl` is not an http or https address */
  constructor(options: AppApiOptions) {
    if (!/^https?:\/\/[^/\s?#]+[^\s?#]*$/.test(options.baseUrl))
      throw new UsageError("USAGE", "baseUrl is not an http or https address without a query");
    this.#options = options;
    this.#baseUrl = options.baseUrl.replace(/\/+$/, "");
    this.accessToken = options.accessToken;
    this.uin = options.uin;
  }

  /** Whether {@link AppApi.asApp} can sign. */
  get canSign(): boolean {
    const { appKey, appSecret, crypto } = this.#options;
    return appKey !== undefined && appSecret !== undefined && crypto !== undefined;
  }

  /**
   * Calls an action as the logged-in account.
   *
   * @throws {@link UsageError} `USAGE` when there is no access token; {@link CloudError} by the cloud's code;
   * {@link TransportError} of the HTTP port; {@link TimeoutError} `TIMEOUT`; {@link ProtocolError} `REPLY_INVALID`
   */
  asAccount(action: string, parameters: AppParameters, call: AppCall = {}): Promise<AppData> {
    const { accessToken } = this;
    if (accessToken === undefined)
      return Promise.reject(new UsageError("USAGE", `${action} needs an access token: log in first`));
    return this.#post("tokenapi", this.#body(action, { AccessToken: accessToken, ...parameters }), call);
  }

  /** Calls an action as the app: signed when there is an AppSecret. @throws like {@link AppApi.asAccount} */
  asApp(action: string, parameters: AppParameters, call: AppCall = {}): Promise<AppData> {
    const { appKey, appSecret, crypto, clock, random } = this.#options;
    if (appKey === undefined || appSecret === undefined || crypto === undefined)
      return this.#post("appapi", this.#body(action, parameters), call);
    const body = this.#body(action, {
      AppKey: appKey,
      Timestamp: Math.floor((clock.wallMs() ?? 0) / 1000),
      Nonce: Number(randomText(random, 9, "123456789")),
      ...parameters,
    });
    return this.#post("appapi", { ...body, Signature: signAppRequest(crypto, body, appSecret) }, call);
  }

  #body(action: string, parameters: AppParameters): Record<string, unknown> {
    const body: Record<string, unknown> = {
      Action: action,
      RequestId: randomText(this.#options.random, 16),
      RegionId: this.#options.regionId ?? 1,
    };
    for (const [name, value] of Object.entries(parameters))
      if (value !== undefined) body[name] = value instanceof Secret ? value.reveal() : value;
    return body;
  }

  #post(path: "appapi" | "tokenapi", body: Record<string, unknown>, call: AppCall): Promise<AppData> {
    const { clock, http, requestTimeoutMs: limitMs = 10_000 } = this.#options;
    const action = String(body["Action"]);
    const query = `?uin=${encodeURIComponent(this.uin ?? "unknown")}&cmd=${action}`;
    return withTimeout(
      clock,
      { phase: action, limitMs, signal: call.signal ?? neverCanceled },
      async (signal) =>
        readReply(
          action,
          await http.request({
            method: "POST",
            url: `${this.#baseUrl}/api/exploreropen/${path}${query}`,
            headers: { "content-type": "application/json" },
            body: encodeUtf8(JSON.stringify(body)),
            signal,
          }),
        ),
    );
  }
}

function readReply(action: string, { status, body }: HttpReply): AppData {
  const context = { action, status };
  const reply = parseAppReply(parseJson(body));
  if (reply?.type === "ok" && status < 400) return new AppData(action, reply.data);
  if (reply?.type === "failed")
    throw softApError(reply.code, `The cloud refused ${action} with ${reply.appCode}`, {
      context: { ...context, appCode: reply.appCode },
    });
  // Without an envelope it was a proxy, an overloaded gateway or a captive portal that answered.
  if (status === 429)
    throw new CloudError("RATE_LIMITED", `The cloud answered ${action} with 429`, { context });
  if (status >= 500)
    throw new CloudError("CLOUD_INTERNAL", `The cloud answered ${action} with ${status}`, { context });
  throw new ProtocolError("REPLY_INVALID", `The reply to ${action} is not one of the app API`, { context });
}

function parseJson(body: Uint8Array): unknown {
  const text = decodeUtf8(body);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
