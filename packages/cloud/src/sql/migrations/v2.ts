import type { Kysely } from "kysely";

/** Properties of devices. */
export async function migrateToV2(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("property")
    .addColumn("device_id", "text", (column) => column.notNull().references("device.id").onDelete("cascade"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("reported", "text")
    .addColumn("reported_at_ms", "bigint")
    .addColumn("wanted", "text")
    .addColumn("wanted_token", "text")
    .addPrimaryKeyConstraint("property_key", ["device_id", "name"])
    .execute();
}
