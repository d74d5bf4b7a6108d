import type { Kysely, Selectable, Transaction } from "kysely";
import type { Property, PropertyStore, PropertyValues } from "../rules/properties.ts";
import { countOf } from "./page.ts";
import type { PropertyTable, Schema } from "./schema.ts";

/** Properties in SQL. */
export class SqlPropertyStore implements PropertyStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  report(deviceId: string, change: { values: PropertyValues; atMs: number; max: number }): Promise<boolean> {
    return this.#write(deviceId, change, (value) => ({
      reported: value,
      reported_at_ms: change.atMs,
      wanted: null,
      wanted_token: null,
    }));
  }

  want(
    deviceId: string,
    change: { values: PropertyValues; clientToken: string; max: number },
  ): Promise<boolean> {
    return this.#write(deviceId, change, (value) => ({ wanted: value, wanted_token: change.clientToken }));
  }

  async forgetWanted(deviceId: string, clientToken: string | undefined): Promise<void> {
    let query = this.#db
      .updateTable("property")
      .set({ wanted: null, wanted_token: null })
      .where("device_id", "=", deviceId)
      .where("wanted", "is not", null);
    if (clientToken !== undefined) query = query.where("wanted_token", "=", clientToken);
    await query.execute();
  }

  async list(deviceId: string): Promise<readonly Property[]> {
    const rows = await this.#db
      .selectFrom("property")
      .selectAll()
      .where("device_id", "=", deviceId)
      .orderBy("name")
      .execute();
    return rows.map(propertyOf);
  }

  #write(
    deviceId: string,
    change: { values: PropertyValues; max: number },
    columns: (value: string) => Partial<Omit<PropertyTable, "device_id" | "name">>,
  ): Promise<boolean> {
    const none = { reported: null, reported_at_ms: null, wanted: null, wanted_token: null };
    return this.#inTransaction(async (transaction) => {
      for (const [name, value] of Object.entries(change.values)) {
        const set = columns(JSON.stringify(value));
        await transaction
          .insertInto("property")
          .values({ ...none, ...set, device_id: deviceId, name })
          .onConflict((conflict) => conflict.columns(["device_id", "name"]).doUpdateSet(set))
          .execute();
      }
      const count = await transaction
        .selectFrom("property")
        .select((of) => of.fn.countAll().as("count"))
        .where("device_id", "=", deviceId)
        .executeTakeFirst();
      if (countOf(count) > change.max) throw tooMany;
    });
  }

  /** @returns `false` when the work found too many and everything was taken back. */
  async #inTransaction(work: (transaction: Transaction<Schema>) => Promise<void>): Promise<boolean> {
    try {
      await this.#db.transaction().execute(work);
      return true;
    } catch (error) {
      if (error === tooMany) return false;
      throw error;
    }
  }
}

/** Ends a transaction without its changes. */
const tooMany = new Error("too many properties");

function propertyOf(row: Selectable<PropertyTable>): Property {
  const { name, reported, reported_at_ms: atMs, wanted } = row;
  return {
    name,
    reported: reported === null || atMs === null ? undefined : { value: JSON.parse(reported), atMs },
    wanted: wanted === null ? undefined : { value: JSON.parse(wanted) },
  };
}
