import { randomText } from "@softap/ports";
import { type DeviceAddress, formatHex, Secret, softApError, type SoftApError } from "@softap/protocol";
import { deviceIdOf, parseDeviceId } from "./device-id.ts";
import { RateLimit } from "./rate-limit.ts";
import { hashToken, nowS, type RulesContext } from "./rules-context.ts";

/** Characters of short tokens: none can be taken for another one. */
const shortAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A bind token as it is stored. */
export interface BindToken {
  readonly accountId: string;
  readonly expiresAtS: number;
  /** The device that reported it. */
  readonly deviceId: string | undefined;
  /** The family that it was used for. */
  readonly familyId: string | undefined;
}

/** Where bind tokens are kept. */
export interface BindTokenStore {
  /** @returns Whether the hash was free. */
  insert(token: { hash: string; accountId: string; expiresAtS: number }): Promise<boolean>;
  find(hash: string): Promise<BindToken | undefined>;
  /**
   * Records in one step that a device reported a token: it must be fresh, of no other device, and the device must
   * belong to nobody but the token's owner.
   *
   * @param report.extendToS - The earliest moment at which a reported token may expire.
   * @returns Whether it was recorded, now or before.
   */
  report(report: { hash: string; deviceId: string; nowS: number; extendToS: number }): Promise<boolean>;
  /** Deletes tokens that expired before. */
  sweep(expiredBeforeS: number): Promise<void>;
}

/** Where a token stands, as the app API says it. */
export type BindTokenState = { readonly state: 1 } | { readonly state: 2; readonly device: DeviceAddress };

/** Tickets that a user gets, a phone carries, and a device hands in. */
export class BindTokens {
  readonly #store: BindTokenStore;
  readonly #context: RulesContext;
  readonly #perUser: RateLimit;
  readonly #perAddress: RateLimit;
  readonly #refusedPerDevice: RateLimit;

  constructor(store: BindTokenStore, context: RulesContext) {
    const { clock, limits } = context;
    this.#store = store;
    this.#context = context;
    const window = { windowMs: limits.rateWindowMs, maxKeys: limits.maxRateKeys };
    this.#perUser = new RateLimit(clock, { max: limits.bindTokensPerUser, ...window });
    this.#perAddress = new RateLimit(clock, { max: limits.bindTokensPerAddress, ...window });
    this.#refusedPerDevice = new RateLimit(clock, { max: limits.refusedTokensPerDevice, ...window });
  }

  /**
   * Makes a token for a user.
   *
   * @param options.isShort - 6 characters to type instead of 128 random bits in hex.
   * @param options.address - Where the request came from, for the rate limit.
   * @throws {@link CloudError} `RATE_LIMITED`
   */
  async create(options: { accountId: string; isShort: boolean; address: string }): Promise<Secret> {
    this.#perUser.take(options.accountId);
    this.#perAddress.take(options.address);
    const { random, limits } = this.#context;
    const expiresAtS = nowS(this.#context) + limits.bindTokenLifetimeS;
    for (;;) {
      const token = options.isShort ? randomText(random, 6, shortAlphabet) : formatHex(random.bytes(16));
      const hash = hashToken(this.#context, token);
      if (await this.#store.insert({ hash, accountId: options.accountId, expiresAtS }))
        return Secret.of(token);
    }
  }

  /** Where a user's token stands. @throws {@link CloudError} `BIND_TOKEN_UNKNOWN` (also for somebody else's), `BIND_TOKEN_EXPIRED` */
  async state(accountId: string, token: Secret): Promise<BindTokenState> {
    const found = await this.find(accountId, token);
    const device = found.deviceId === undefined ? undefined : parseDeviceId(found.deviceId);
    return device === undefined ? { state: 1 } : { state: 2, device };
  }

  /** A user's token that has not expired. @throws {@link CloudError} `BIND_TOKEN_UNKNOWN`, `BIND_TOKEN_EXPIRED` */
  async find(accountId: string, token: Secret): Promise<BindToken> {
    const found = await this.#store.find(hashToken(this.#context, token.reveal()));
    if (found === undefined || found.accountId !== accountId)
      throw softApError("BIND_TOKEN_UNKNOWN", "There is no such bind token");
    if (found.expiresAtS <= nowS(this.#context))
      throw softApError("BIND_TOKEN_EXPIRED", "The bind token has expired");
    return found;
  }

  /**
   * A device reports a token. The same device may repeat itself; a wrong guess harms nobody's token.
   *
   * @returns `undefined` when the token is recorded as this device's, else why not: `BIND_TOKEN_UNKNOWN`,
   * `BIND_TOKEN_EXPIRED`, `BIND_TOKEN_USED`, `DEVICE_BOUND_ELSEWHERE`, `RATE_LIMITED`
   */
  async report(device: DeviceAddress, token: Secret): Promise<SoftApError | undefined> {
    const deviceId = deviceIdOf(device);
    if (this.#refusedPerDevice.isExhausted(deviceId))
      return softApError("RATE_LIMITED", "The device reported too many tokens that were refused");
    const hash = hashToken(this.#context, token.reveal());
    const reportedAtS = nowS(this.#context);
    const extendToS = reportedAtS + this.#context.limits.reportedTokenLifetimeS;
    if (await this.#store.report({ hash, deviceId, nowS: reportedAtS, extendToS })) return undefined;
    this.#refusedPerDevice.count(deviceId);
    return whyRefused(await this.#store.find(hash), { deviceId, nowS: reportedAtS });
  }

  /** Deletes tokens that expired long ago. */
  async sweep(): Promise<void> {
    await this.#store.sweep(nowS(this.#context) - this.#context.limits.expiredTokenKeptS);
  }
}

function whyRefused(token: BindToken | undefined, at: { deviceId: string; nowS: number }): SoftApError {
  if (token === undefined) return softApError("BIND_TOKEN_UNKNOWN", "There is no such bind token");
  if (token.expiresAtS <= at.nowS) return softApError("BIND_TOKEN_EXPIRED", "The bind token has expired");
  if (token.deviceId !== undefined && token.deviceId !== at.deviceId)
    return softApError("BIND_TOKEN_USED", "Another device reported the bind token before");
  return softApError("DEVICE_BOUND_ELSEWHERE", "The device belongs to somebody else");
}
