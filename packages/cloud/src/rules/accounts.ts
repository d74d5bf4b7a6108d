import { formatHex, Secret, softApError } from "@softap/protocol";
import { randomText } from "@softap/ports";
import { hashPassword, isPassword } from "./passwords.ts";
import { RateLimit } from "./rate-limit.ts";
import { hashToken, nowS, type RulesContext } from "./rules-context.ts";

/** How a user is found: by e-mail or by phone number. */
export type AccountName =
  | { readonly email: string }
  | { readonly countryCode: string; readonly phoneNumber: string };

/** A user. */
export interface Account {
  readonly accountId: string;
  readonly email: string | undefined;
  /** Country code, `-`, number. */
  readonly phone: string | undefined;
  readonly weiXinId: string | undefined;
  readonly nickName: string;
  readonly avatar: string;
  readonly createdAtS: number;
}

/** Where users and their logins are kept. */
export interface AccountStore {
  /** @returns Whether e-mail, phone and WeChat id were free. */
  insert(account: Account & { passwordHash: string | undefined }): Promise<boolean>;
  find(accountId: string): Promise<Account | undefined>;
  findByName(
    name: { email: string } | { phone: string },
  ): Promise<{ account: Account; passwordHash: string | undefined } | undefined>;
  findByWeiXinId(weiXinId: string): Promise<Account | undefined>;
  list(page: { offset: number; limit: number }): Promise<{ items: readonly Account[]; total: number }>;
  delete(accountId: string): Promise<boolean>;
  insertAccessToken(token: { hash: string; accountId: string; expiresAtS: number }): Promise<void>;
  /** The user of a token that has not expired. */
  findByAccessToken(hash: string, nowS: number): Promise<Account | undefined>;
  deleteAccessToken(hash: string): Promise<void>;
  /** Deletes tokens that have expired. */
  sweepAccessTokens(nowS: number): Promise<void>;
}

/** A login: a bearer token and when it ends. */
export interface Login {
  readonly accessToken: Secret;
  readonly expiresAtS: number;
}

/** Users, passwords and logins. */
export class Accounts {
  readonly #store: AccountStore;
  readonly #context: RulesContext;
  readonly #failedPerAccount: RateLimit;
  readonly #failedPerAddress: RateLimit;
  readonly #failedPerBoth: RateLimit;

  constructor(store: AccountStore, context: RulesContext) {
    const { clock, limits } = context;
    this.#store = store;
    this.#context = context;
    const window = { windowMs: limits.rateWindowMs, maxKeys: limits.maxRateKeys };
    this.#failedPerAccount = new RateLimit(clock, { max: limits.failedLoginsPerAccount, ...window });
    this.#failedPerAddress = new RateLimit(clock, { max: limits.failedLoginsPerAddress, ...window });
    this.#failedPerBoth = new RateLimit(clock, { max: limits.failedLoginsPerAccountAndAddress, ...window });
  }

  /** Makes a user. @throws {@link CloudError} `ALREADY_EXISTS` */
  async create(options: { name: AccountName; password: Secret; nickName: string }): Promise<Account> {
    const name = normalName(options.name);
    const account = this.#newAccount({
      email: "email" in name ? name.email : undefined,
      phone: "phone" in name ? name.phone : undefined,
      nickName: options.nickName,
    });
    const passwordHash = await hashPassword(this.#context.random, options.password);
    if (!(await this.#store.insert({ ...account, passwordHash })))
      throw softApError("ALREADY_EXISTS", "There is a user with this e-mail or phone number already");
    return account;
  }

  /** @throws {@link CloudError} `NOT_FOUND` */
  async get(accountId: string): Promise<Account> {
    const account = await this.#store.find(accountId);
    if (account === undefined) throw softApError("NOT_FOUND", `There is no user ${accountId}`);
    return account;
  }

  /** Users, oldest first. */
  list(page: { offset: number; limit: number }): Promise<{ items: readonly Account[]; total: number }> {
    return this.#store.list(page);
  }

  /** Deletes a user with families, bindings and logins. @throws {@link CloudError} `NOT_FOUND` */
  async delete(accountId: string): Promise<void> {
    if (!(await this.#store.delete(accountId)))
      throw softApError("NOT_FOUND", `There is no user ${accountId}`);
  }

  /**
   * Logs a user in. An unknown user and a wrong password look and take the same.
   *
   * @param options.address - Where the request came from, for the rate limit.
   * @throws {@link CloudError} `APP_LOGIN_FAILED`, `RATE_LIMITED`
   */
  async loginByPassword(options: { name: AccountName; password: Secret; address: string }): Promise<Login> {
    const name = normalName(options.name);
    const nameKey = "email" in name ? name.email : name.phone;
    const keys = [
      [this.#failedPerAccount, nameKey],
      [this.#failedPerAddress, options.address],
      [this.#failedPerBoth, `${nameKey} ${options.address}`],
    ] as const;
    // Counted before the slow comparison, or many at once would all pass the check.
    for (const [limit, key] of keys) limit.check(key);
    for (const [limit, key] of keys) limit.count(key);
    const found = await this.#store.findByName(name);
    const isRight = await isPassword(found?.passwordHash, options.password);
    if (found === undefined || !isRight)
      throw softApError("APP_LOGIN_FAILED", "The account or the password is wrong");
    for (const [limit, key] of keys) limit.giveBack(key);
    return this.#login(found.account.accountId);
  }

  /** Logs in who the app's own backend vouches for; the first time makes the user. */
  async loginByWeiXin(options: { weiXinId: string; nickName: string; avatar: string }): Promise<Login> {
    const { weiXinId, nickName, avatar } = options;
    for (;;) {
      const found = await this.#store.findByWeiXinId(weiXinId);
      if (found !== undefined) return this.#login(found.accountId);
      const account = this.#newAccount({ weiXinId, nickName, avatar });
      // Another request may have made the user in between: then it is found the next time round.
      if (await this.#store.insert({ ...account, passwordHash: undefined }))
        return this.#login(account.accountId);
    }
  }

  /** Who a login belongs to. @throws {@link CloudError} `APP_ACCESS_TOKEN_INVALID` */
  async userOf(accessToken: Secret): Promise<Account> {
    const hash = hashToken(this.#context, accessToken.reveal());
    const account = await this.#store.findByAccessToken(hash, nowS(this.#context));
    if (account === undefined)
      throw softApError("APP_ACCESS_TOKEN_INVALID", "The access token is unknown or has expired");
    return account;
  }

  /** Ends a login. */
  async logout(accessToken: Secret): Promise<void> {
    await this.#store.deleteAccessToken(hashToken(this.#context, accessToken.reveal()));
  }

  /** Deletes logins that have ended. */
  async sweep(): Promise<void> {
    await this.#store.sweepAccessTokens(nowS(this.#context));
  }

  async #login(accountId: string): Promise<Login> {
    const accessToken = formatHex(this.#context.random.bytes(16));
    const expiresAtS = nowS(this.#context) + this.#context.limits.accessTokenLifetimeS;
    await this.#store.insertAccessToken({
      hash: hashToken(this.#context, accessToken),
      accountId,
      expiresAtS,
    });
    return { accessToken: Secret.of(accessToken), expiresAtS };
  }

  #newAccount(parts: Partial<Account>): Account {
    return {
      // Digits only and no leading zero: some apps read it as a number.
      accountId: `1${randomText(this.#context.random, 14, "0123456789")}`,
      email: parts.email,
      phone: parts.phone,
      weiXinId: parts.weiXinId,
      nickName: parts.nickName ?? "",
      avatar: parts.avatar ?? "",
      createdAtS: nowS(this.#context),
    };
  }
}

/** One spelling per user: e-mail in lower case, phone with its country code. */
function normalName(name: AccountName): { email: string } | { phone: string } {
  if ("email" in name) return { email: name.email.trim().toLowerCase() };
  const countryCode = name.countryCode.replace(/\D/g, "");
  return { phone: `${countryCode === "" ? "86" : countryCode}-${name.phoneNumber.replace(/\D/g, "")}` };
}
