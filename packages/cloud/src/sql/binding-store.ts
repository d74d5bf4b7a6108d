import type { Kysely, Selectable, Transaction } from "kysely";
import type { Binding, BindingStore } from "../rules/bindings.ts";
import { defaultRoomId } from "../rules/families.ts";
import { countOf, type Page, type PageOf } from "./page.ts";
import type { BindingTable, Schema } from "./schema.ts";

/** Bindings in SQL. */
export class SqlBindingStore implements BindingStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  bind(request: Parameters<BindingStore["bind"]>[0]): ReturnType<BindingStore["bind"]> {
    const { deviceId, accountId, familyId, tokenHash, nowS } = request;
    const roomId = request.roomId === defaultRoomId ? null : request.roomId;
    return this.#db.transaction().execute(async (transaction) => {
      const token = await transaction
        .selectFrom("bind_token")
        .select("family_id")
        .where("hash", "=", tokenHash)
        .where("account_id", "=", accountId)
        .where("device_id", "=", deviceId)
        .where("expires_at_s", ">", nowS)
        .executeTakeFirst();
      if (token === undefined) return "tokenGone";
      if (token.family_id !== null && token.family_id !== familyId) return "tokenUsed";
      const binding = await transaction
        .selectFrom("binding")
        .select(["account_id", "family_id", "room_id"])
        .where("device_id", "=", deviceId)
        .executeTakeFirst();
      if (binding !== undefined && binding.account_id !== accountId) return "boundElsewhere";
      if (token.family_id !== null && binding?.family_id === familyId && binding.room_id === roomId)
        return "unchanged";
      await place(transaction, { ...request, roomId });
      await transaction
        .updateTable("bind_token")
        .set({ family_id: familyId })
        .where("hash", "=", tokenHash)
        .execute();
      return "bound";
    });
  }

  claim(request: Parameters<BindingStore["claim"]>[0]): ReturnType<BindingStore["claim"]> {
    const { deviceId, accountId, familyId } = request;
    const roomId = request.roomId === defaultRoomId ? null : request.roomId;
    return this.#db.transaction().execute(async (transaction) => {
      const binding = await transaction
        .selectFrom("binding")
        .select(["account_id", "family_id", "room_id"])
        .where("device_id", "=", deviceId)
        .executeTakeFirst();
      if (binding !== undefined && binding.account_id !== accountId) return "boundElsewhere";
      if (binding?.family_id === familyId && binding.room_id === roomId) return "unchanged";
      await place(transaction, { ...request, roomId });
      return "bound";
    });
  }

  async find(deviceId: string): Promise<Binding | undefined> {
    const row = await this.#db
      .selectFrom("binding")
      .selectAll()
      .where("device_id", "=", deviceId)
      .executeTakeFirst();
    return row === undefined ? undefined : bindingOf(row);
  }

  async list(filter: { familyId: string; roomId: string | undefined }, page: Page): Promise<PageOf<Binding>> {
    let query = this.#db.selectFrom("binding").where("family_id", "=", filter.familyId);
    if (filter.roomId === defaultRoomId) query = query.where("room_id", "is", null);
    else if (filter.roomId !== undefined) query = query.where("room_id", "=", filter.roomId);
    const rows = await query
      .selectAll()
      .orderBy("created_at_s")
      .orderBy("device_id")
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    const count = await query.select((of) => of.fn.countAll().as("count")).executeTakeFirst();
    return { items: rows.map(bindingOf), total: countOf(count) };
  }

  async ownedBy(accountId: string, deviceIds: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom("binding")
      .select("device_id")
      .where("account_id", "=", accountId)
      .where("device_id", "in", deviceIds)
      .execute();
    return rows.map((row) => row.device_id);
  }

  unbind(deviceId: string, familyId: string | undefined): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      let query = transaction.deleteFrom("binding").where("device_id", "=", deviceId);
      if (familyId !== undefined) query = query.where("family_id", "=", familyId);
      const result = await query.executeTakeFirst();
      if (result.numDeletedRows === 0n) return false;
      // A ticket of the old life must not bring the device back.
      await transaction.deleteFrom("bind_token").where("device_id", "=", deviceId).execute();
      // What it said in that life is nobody else's business.
      await transaction.deleteFrom("property").where("device_id", "=", deviceId).execute();
      return true;
    });
  }

  async rename(deviceId: string, change: { alias: string; updatedAtS: number }): Promise<void> {
    await this.#db
      .updateTable("binding")
      .set({ alias: change.alias, updated_at_s: change.updatedAtS })
      .where("device_id", "=", deviceId)
      .execute();
  }
}

/** Makes or moves a binding. */
async function place(
  transaction: Transaction<Schema>,
  request: { deviceId: string; accountId: string; familyId: string; roomId: string | null; nowS: number },
): Promise<void> {
  const { deviceId, accountId, familyId, roomId, nowS } = request;
  const where = { account_id: accountId, family_id: familyId, room_id: roomId, updated_at_s: nowS };
  await transaction
    .insertInto("binding")
    .values({ ...where, device_id: deviceId, alias: "", created_at_s: nowS })
    .onConflict((conflict) => conflict.column("device_id").doUpdateSet(where))
    .execute();
}

function bindingOf(row: Selectable<BindingTable>): Binding {
  return {
    deviceId: row.device_id,
    accountId: row.account_id,
    familyId: row.family_id,
    roomId: row.room_id ?? defaultRoomId,
    alias: row.alias,
    createdAtS: row.created_at_s,
    updatedAtS: row.updated_at_s,
  };
}
