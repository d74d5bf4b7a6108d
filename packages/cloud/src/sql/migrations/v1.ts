import { type Kysely, sql } from "kysely";

/** The first schema. */
export async function migrateToV1(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("setting")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
  await schema
    .createTable("product")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("secret", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull().check(sql`kind in ('psk', 'certificate')`))
    .addColumn("registration_mode", "text", (column) =>
      column.notNull().check(sql`registration_mode in ('off', 'pre-created', 'auto-create')`),
    )
    .addColumn("device_limit", "integer", (column) => column.notNull())
    .addColumn("topic_rights", "text", (column) => column.notNull())
    .addColumn("created_at_s", "bigint", (column) => column.notNull())
    .addColumn("updated_at_s", "bigint", (column) => column.notNull())
    .execute();
  await schema
    .createTable("device")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("product_id", "text", (column) =>
      column.notNull().references("product.id").onDelete("restrict"),
    )
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("secret", "text")
    .addColumn("certificate_fingerprint", "text")
    .addColumn("origin", "text", (column) => column.notNull().check(sql`origin in ('admin', 'registration')`))
    .addColumn("registrations", "integer", (column) => column.notNull())
    .addColumn("registered_at_s", "bigint")
    .addColumn("activated_at_s", "bigint")
    .addColumn("created_at_s", "bigint", (column) => column.notNull())
    .execute();
  await schema.createIndex("device_product").on("device").columns(["product_id", "name"]).execute();
  await schema
    .createTable("connection")
    .addColumn("device_id", "text", (column) =>
      column.primaryKey().references("device.id").onDelete("cascade"),
    )
    .addColumn("session", "text", (column) => column.notNull())
    .addColumn("node", "text", (column) => column.notNull())
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("security", "text", (column) => column.notNull())
    .addColumn("connected_at_s", "bigint", (column) => column.notNull())
    .execute();
  await schema
    .createTable("account")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("email", "text", (column) => column.unique())
    .addColumn("phone", "text", (column) => column.unique())
    .addColumn("wei_xin_id", "text", (column) => column.unique())
    .addColumn("nick_name", "text", (column) => column.notNull())
    .addColumn("avatar", "text", (column) => column.notNull())
    .addColumn("password_hash", "text")
    .addColumn("created_at_s", "bigint", (column) => column.notNull())
    .execute();
  await schema
    .createTable("access_token")
    .addColumn("hash", "text", (column) => column.primaryKey())
    .addColumn("account_id", "text", (column) =>
      column.notNull().references("account.id").onDelete("cascade"),
    )
    .addColumn("expires_at_s", "bigint", (column) => column.notNull())
    .execute();
  await schema.createIndex("access_token_account").on("access_token").column("account_id").execute();
  await schema
    .createTable("family")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("owner_id", "text", (column) => column.notNull().references("account.id").onDelete("cascade"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("created_at_s", "bigint", (column) => column.notNull())
    .addColumn("updated_at_s", "bigint", (column) => column.notNull())
    .execute();
  await schema.createIndex("family_owner").on("family").column("owner_id").execute();
  await schema
    .createTable("room")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("family_id", "text", (column) => column.notNull().references("family.id").onDelete("cascade"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("created_at_s", "bigint", (column) => column.notNull())
    .addColumn("updated_at_s", "bigint", (column) => column.notNull())
    .execute();
  await schema.createIndex("room_family").on("room").column("family_id").execute();
  await schema
    .createTable("binding")
    .addColumn("device_id", "text", (column) =>
      column.primaryKey().references("device.id").onDelete("cascade"),
    )
    .addColumn("account_id", "text", (column) =>
      column.notNull().references("account.id").onDelete("cascade"),
    )
    .addColumn("family_id", "text", (column) => column.notNull().references("family.id").onDelete("cascade"))
    .addColumn("room_id", "text", (column) => column.references("room.id").onDelete("set null"))
    .addColumn("alias", "text", (column) => column.notNull())
    .addColumn("created_at_s", "bigint", (column) => column.notNull())
    .addColumn("updated_at_s", "bigint", (column) => column.notNull())
    .execute();
  await schema.createIndex("binding_family").on("binding").column("family_id").execute();
  await schema.createIndex("binding_account").on("binding").column("account_id").execute();
  await schema.createIndex("binding_room").on("binding").column("room_id").execute();
  await schema
    .createTable("bind_token")
    .addColumn("hash", "text", (column) => column.primaryKey())
    .addColumn("account_id", "text", (column) =>
      column.notNull().references("account.id").onDelete("cascade"),
    )
    .addColumn("expires_at_s", "bigint", (column) => column.notNull())
    .addColumn("device_id", "text", (column) => column.references("device.id").onDelete("cascade"))
    .addColumn("family_id", "text", (column) => column.references("family.id").onDelete("cascade"))
    .execute();
  await schema.createIndex("bind_token_account").on("bind_token").column("account_id").execute();
  await schema.createIndex("bind_token_device").on("bind_token").column("device_id").execute();
  await schema.createIndex("bind_token_family").on("bind_token").column("family_id").execute();
  await schema.createIndex("bind_token_expiry").on("bind_token").column("expires_at_s").execute();
}
