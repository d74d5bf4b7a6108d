import type { Kysely } from "kysely";
import type { OpenDatabase } from "./database.ts";
import type { Schema } from "./schema.ts";

/**
 * Runs writes that need not wait for the disk: who is connected is forgotten at a start anyway. They survive the death of
 * the process at once, and a power cut as soon as the next ordinary write has reached the disk.
 */
export function relaxed<T>({ db, raw }: OpenDatabase, work: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
  // Inside `connection()` nobody else writes, so the setting holds for this work alone.
  return db.connection().execute(async (connection) => {
    raw.exec("pragma synchronous = normal");
    try {
      return await work(connection);
    } finally {
      raw.exec("pragma synchronous = full");
    }
  });
}
