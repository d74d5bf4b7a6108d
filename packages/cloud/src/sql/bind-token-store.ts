import type { BindToken, BindTokenStore } from "../rules/bind-tokens.ts";
import { PreparedQuery } from "./prepared-query.ts";
import type { Database } from "./schema.ts";

/** Bind tokens in SQL. */
export class SqlBindTokenStore implements BindTokenStore {
  readonly #db: Database;
  readonly #report: ReturnType<typeof prepareReport>;

  constructor(db: Database) {
    this.#db = db;
    this.#report = prepareReport(db);
  }

  async insert(token: { hash: string; accountId: string; expiresAtS: number }): Promise<boolean> {
    const result = await this.#db
      .insertInto("bind_token")
      .values({
        hash: token.hash,
        account_id: token.accountId,
        expires_at_s: token.expiresAtS,
        device_id: null,
        family_id: null,
      })
      .onConflict((conflict) => conflict.column("hash").doNothing())
      .executeTakeFirst();
    return result.numInsertedOrUpdatedRows === 1n;
  }

  async find(hash: string): Promise<BindToken | undefined> {
    const row = await this.#db
      .selectFrom("bind_token")
      .select(["account_id", "expires_at_s", "device_id", "family_id"])
      .where("hash", "=", hash)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      accountId: row.account_id,
      expiresAtS: row.expires_at_s,
      deviceId: row.device_id ?? undefined,
      familyId: row.family_id ?? undefined,
    };
  }

  async report(report: {
    hash: string;
    deviceId: string;
    nowS: number;
    extendToS: number;
  }): Promise<boolean> {
    const result = await this.#report.run(this.#db, report);
    return result.numAffectedRows === 1n;
  }

  async sweep(expiredBeforeS: number): Promise<void> {
    await this.#db.deleteFrom("bind_token").where("expires_at_s", "<", expiredBeforeS).execute();
  }
}

/** One conditional statement, so two devices can never both have the token. */
function prepareReport(db: Database) {
  type Values = { hash: string; deviceId: string; nowS: number; extendToS: number };
  return new PreparedQuery(({ hash, deviceId, nowS, extendToS }: Values) =>
    db
      .updateTable("bind_token")
      .set((of) => ({
        device_id: deviceId,
        expires_at_s: of
          .case()
          .when(of.and([of("device_id", "is", null), of("expires_at_s", "<", extendToS)]))
          .then(extendToS)
          .else(of.ref("expires_at_s"))
          .end(),
      }))
      .where("hash", "=", hash)
      .where("expires_at_s", ">", nowS)
      .where((of) => of.or([of("device_id", "is", null), of("device_id", "=", deviceId)]))
      .where((of) =>
        of.not(
          of.exists(
            of
              .selectFrom("binding")
              .select("binding.device_id")
              .where("binding.device_id", "=", deviceId)
              .whereRef("binding.account_id", "<>", "bind_token.account_id"),
          ),
        ),
      ),
  );
}
