import type { Kysely, Selectable } from "kysely";
import type { Account, AccountStore } from "../rules/accounts.ts";
import { isUniqueViolation } from "./errors.ts";
import { countOf, type Page, type PageOf } from "./page.ts";
import type { AccountTable, Schema } from "./schema.ts";

/** Users and logins in SQL. */
export class SqlAccountStore implements AccountStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  async insert(account: Account & { passwordHash: string | undefined }): Promise<boolean> {
    try {
      await this.#db
        .insertInto("account")
        .values({
          id: account.accountId,
          email: account.email ?? null,
          phone: account.phone ?? null,
          wei_xin_id: account.weiXinId ?? null,
          nick_name: account.nickName,
          avatar: account.avatar,
          password_hash: account.passwordHash ?? null,
          created_at_s: account.createdAtS,
        })
        .execute();
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  async find(accountId: string): Promise<Account | undefined> {
    const row = await this.#db
      .selectFrom("account")
      .selectAll()
      .where("id", "=", accountId)
      .executeTakeFirst();
    return row === undefined ? undefined : accountOf(row);
  }

  async findByName(
    name: { email: string } | { phone: string },
  ): Promise<{ account: Account; passwordHash: string | undefined } | undefined> {
    const query = this.#db.selectFrom("account").selectAll();
    const row = await (
      "email" in name ? query.where("email", "=", name.email) : query.where("phone", "=", name.phone)
    ).executeTakeFirst();
    return row === undefined
      ? undefined
      : { account: accountOf(row), passwordHash: row.password_hash ?? undefined };
  }

  async findByWeiXinId(weiXinId: string): Promise<Account | undefined> {
    const row = await this.#db
      .selectFrom("account")
      .selectAll()
      .where("wei_xin_id", "=", weiXinId)
      .executeTakeFirst();
    return row === undefined ? undefined : accountOf(row);
  }

  async list(page: Page): Promise<PageOf<Account>> {
    const rows = await this.#db
      .selectFrom("account")
      .selectAll()
      .orderBy("created_at_s")
      .orderBy("id")
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    const count = await this.#db
      .selectFrom("account")
      .select((of) => of.fn.countAll().as("count"))
      .executeTakeFirst();
    return { items: rows.map(accountOf), total: countOf(count) };
  }

  async delete(accountId: string): Promise<boolean> {
    const result = await this.#db.deleteFrom("account").where("id", "=", accountId).executeTakeFirst();
    return result.numDeletedRows === 1n;
  }

  async insertAccessToken(token: { hash: string; accountId: string; expiresAtS: number }): Promise<void> {
    await this.#db
      .insertInto("access_token")
      .values({ hash: token.hash, account_id: token.accountId, expires_at_s: token.expiresAtS })
      .execute();
  }

  async findByAccessToken(hash: string, nowS: number): Promise<Account | undefined> {
    const row = await this.#db
      .selectFrom("access_token")
      .innerJoin("account", "account.id", "access_token.account_id")
      .selectAll("account")
      .where("access_token.hash", "=", hash)
      .where("access_token.expires_at_s", ">", nowS)
      .executeTakeFirst();
    return row === undefined ? undefined : accountOf(row);
  }

  async deleteAccessToken(hash: string): Promise<void> {
    await this.#db.deleteFrom("access_token").where("hash", "=", hash).execute();
  }

  async sweepAccessTokens(nowS: number): Promise<void> {
    await this.#db.deleteFrom("access_token").where("expires_at_s", "<=", nowS).execute();
  }
}

function accountOf(row: Selectable<AccountTable>): Account {
  return {
    accountId: row.id,
    email: row.email ?? undefined,
    phone: row.phone ?? undefined,
    weiXinId: row.wei_xin_id ?? undefined,
    nickName: row.nick_name,
    avatar: row.avatar,
    createdAtS: row.created_at_s,
  };
}
