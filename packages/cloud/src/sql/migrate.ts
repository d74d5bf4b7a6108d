import { softApError } from "@softap/protocol";
import { type Kysely, sql } from "kysely";
import { migrateToV1 } from "./migrations/v1.ts";
import { migrateToV2 } from "./migrations/v2.ts";

/** Forward-only steps; the one at index n leads to version n + 1. A released step is never changed. */
const migrations: readonly ((db: Kysely<unknown>) => Promise<void>)[] = [migrateToV1, migrateToV2];

/** The schema version that this code works with. */
export const schemaVersion = migrations.length;

/**
 * Brings a database of any earlier version, or an empty one, to {@link schemaVersion}; each step is all or nothing.
 *
 * @throws {@link StoreError} `STORE_TOO_NEW` when a newer softap wrote it
 */
export async function migrate<T>(db: Kysely<T>): Promise<void> {
  await sql`create table if not exists schema_version (version integer not null)`.execute(db);
  const found = await sql<{
    version: number | null;
  }>`select max(version) as version from schema_version`.execute(db);
  const version = found.rows[0]?.version ?? 0;
  if (version > schemaVersion)
    throw softApError("STORE_TOO_NEW", `Database has schema ${version}, this softap knows ${schemaVersion}`);
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    await db.transaction().execute(async (transaction) => {
      // The steps speak to the schema as it was then, which no type of today describes.
      await step(transaction as unknown as Kysely<unknown>);
      await sql`delete from schema_version`.execute(transaction);
      await sql`insert into schema_version (version) values (${index + 1})`.execute(transaction);
    });
  }
}
