import { Secret } from "@softap/protocol";
import type { Selectable } from "kysely";
import type { Product, ProductChanges, ProductStore, TopicRights } from "../rules/products.ts";
import { isForeignKeyViolation } from "./errors.ts";
import { countOf, type Page, type PageOf } from "./page.ts";
import type { Database, ProductTable } from "./schema.ts";

/** Products in SQL. */
export class SqlProductStore implements ProductStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async insert(product: Product): Promise<boolean> {
    const result = await this.#db
      .insertInto("product")
      .values({
        id: product.productId,
        name: product.name,
        secret: product.productSecret.reveal(),
        kind: product.kind,
        registration_mode: product.registrationMode,
        device_limit: product.deviceLimit,
        topic_rights: JSON.stringify(product.topicRights),
        created_at_s: product.createdAtS,
        updated_at_s: product.updatedAtS,
      })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .executeTakeFirst();
    return result.numInsertedOrUpdatedRows === 1n;
  }

  async find(productId: string): Promise<Product | undefined> {
    const row = await this.#db
      .selectFrom("product")
      .selectAll()
      .where("id", "=", productId)
      .executeTakeFirst();
    return row === undefined ? undefined : productOf(row);
  }

  async list(page: Page): Promise<PageOf<Product>> {
    const rows = await this.#db
      .selectFrom("product")
      .selectAll()
      .orderBy("id")
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    const count = await this.#db
      .selectFrom("product")
      .select((of) => of.fn.countAll().as("count"))
      .executeTakeFirst();
    return { items: rows.map(productOf), total: countOf(count) };
  }

  async update(productId: string, changes: ProductChanges & { updatedAtS: number }): Promise<boolean> {
    const { name, registrationMode, deviceLimit, topicRights } = changes;
    const result = await this.#db
      .updateTable("product")
      .set({
        ...(name === undefined ? {} : { name }),
        ...(registrationMode === undefined ? {} : { registration_mode: registrationMode }),
        ...(deviceLimit === undefined ? {} : { device_limit: deviceLimit }),
        ...(topicRights === undefined ? {} : { topic_rights: JSON.stringify(topicRights) }),
        updated_at_s: changes.updatedAtS,
      })
      .where("id", "=", productId)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async delete(productId: string): Promise<"deleted" | "unknown" | "inUse"> {
    try {
      const result = await this.#db.deleteFrom("product").where("id", "=", productId).executeTakeFirst();
      return result.numDeletedRows === 1n ? "deleted" : "unknown";
    } catch (error) {
      if (isForeignKeyViolation(error)) return "inUse";
      throw error;
    }
  }
}

/** Reads the rights of a product's custom topics. */
export function parseTopicRights(text: string): TopicRights {
  // Only `insert` and `update` above write the column, from the same type.
  return JSON.parse(text) as TopicRights;
}

function productOf(row: Selectable<ProductTable>): Product {
  return {
    productId: row.id,
    name: row.name,
    kind: row.kind,
    productSecret: Secret.of(row.secret),
    registrationMode: row.registration_mode,
    deviceLimit: row.device_limit,
    topicRights: parseTopicRights(row.topic_rights),
    createdAtS: row.created_at_s,
    updatedAtS: row.updated_at_s,
  };
}
