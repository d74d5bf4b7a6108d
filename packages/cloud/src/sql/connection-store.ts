import type { Kysely, Selectable } from "kysely";
import type { Connection, ConnectionStore, DeviceSecurity } from "../rules/connections.ts";
import type { OpenDatabase } from "./database.ts";
import { isForeignKeyViolation } from "./errors.ts";
import { countOf, type Page, type PageOf } from "./page.ts";
import { PreparedQuery } from "./prepared-query.ts";
import { relaxed } from "./relaxed.ts";
import type { ConnectionTable, Database, Schema } from "./schema.ts";

type ConnectionValues = { [Name in keyof Connection]: Connection[Name] };

/** Open sessions in SQL. */
export class SqlConnectionStore implements ConnectionStore {
  readonly #database: OpenDatabase;
  readonly #db: Kysely<Schema>;
  readonly #insert: ReturnType<typeof prepareInsert>;
  readonly #activate: ReturnType<typeof prepareActivate>;
  readonly #delete: ReturnType<typeof prepareDelete>;

  constructor(database: OpenDatabase) {
    const { db } = database;
    this.#database = database;
    this.#db = db;
    this.#insert = prepareInsert(db);
    this.#activate = prepareActivate(db);
    this.#delete = prepareDelete(db);
  }

  async opened(connection: Connection, options: { isFirst: boolean }): Promise<boolean> {
    const values = { ...connection };
    try {
      await relaxed(this.#database, async (db) => {
        // First, so that a device is never connected and yet free to register again.
        if (options.isFirst) await this.#activate.run(db, values);
        await this.#insert.run(db, values);
      });
      return true;
    } catch (error) {
      if (isForeignKeyViolation(error)) return false;
      throw error;
    }
  }

  async closed(deviceId: string, session: string): Promise<boolean> {
    const result = await relaxed(this.#database, (db) => this.#delete.run(db, { deviceId, session }));
    return result.numAffectedRows === 1n;
  }

  async clear(node: string): Promise<void> {
    await this.#db.deleteFrom("connection").where("node", "=", node).execute();
  }

  async find(deviceId: string): Promise<Connection | undefined> {
    const row = await this.#db
      .selectFrom("connection")
      .selectAll()
      .where("device_id", "=", deviceId)
      .executeTakeFirst();
    return row === undefined ? undefined : connectionOf(row);
  }

  async list(page: Page): Promise<PageOf<Connection>> {
    const rows = await this.#db
      .selectFrom("connection")
      .selectAll()
      .orderBy("device_id")
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    const count = await this.#db
      .selectFrom("connection")
      .select((of) => of.fn.countAll().as("count"))
      .executeTakeFirst();
    return { items: rows.map(connectionOf), total: countOf(count) };
  }

  async connected(deviceIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#db
      .selectFrom("connection")
      .select("device_id")
      .where("device_id", "in", deviceIds)
      .execute();
    return new Set(rows.map((row) => row.device_id));
  }
}

function prepareInsert(db: Database) {
  return new PreparedQuery((values: ConnectionValues) => {
    const session = {
      session: values.session,
      node: values.node,
      address: values.address,
      security: values.security,
      connected_at_s: values.connectedAtS,
    };
    return db
      .insertInto("connection")
      .values({ device_id: values.deviceId, ...session })
      .onConflict((conflict) => conflict.column("device_id").doUpdateSet(session));
  });
}

function prepareActivate(db: Database) {
  return new PreparedQuery((values: ConnectionValues) =>
    db
      .updateTable("device")
      .set({ activated_at_s: values.connectedAtS })
      .where("id", "=", values.deviceId)
      .where("activated_at_s", "is", null),
  );
}

function prepareDelete(db: Database) {
  return new PreparedQuery((values: { deviceId: string; session: string }) =>
    db
      .deleteFrom("connection")
      .where("device_id", "=", values.deviceId)
      .where("session", "=", values.session),
  );
}

function connectionOf(row: Selectable<ConnectionTable>): Connection {
  return {
    deviceId: row.device_id,
    session: row.session,
    node: row.node,
    address: row.address,
    // Only `insertConnection` writes the column.
    security: row.security as DeviceSecurity,
    connectedAtS: row.connected_at_s,
  };
}
