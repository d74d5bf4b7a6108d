import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from "kysely";
import { translateSqlError } from "./errors.ts";
import type { Schema } from "./schema.ts";

/** Prepared statements kept; a cloud has about a hundred different ones. */
const maxStatements = 256;

/** An open database: Kysely for nearly everything, the raw handle for the one lookup that must not wait. */
export interface OpenDatabase {
  readonly db: Kysely<Schema>;
  readonly raw: DatabaseSync;
}

/**
 * Opens or creates a SQLite database.
 *
 * @param options.path - A file, or `:memory:`.
 * @param options.busyMs - How long to wait for another process's lock, milliseconds.
 * @throws {@link StoreError} `STORE_READ_FAILED`, `STORE_WRITE_FAILED`, `STORE_CORRUPT`
 */
export function openDatabase(options: { path: string; busyMs: number }): OpenDatabase {
  let raw: DatabaseSync | undefined;
  try {
    raw = new DatabaseSync(options.path, { timeout: options.busyMs, enableForeignKeyConstraints: true });
    // FULL makes every commit reach the disk before anyone hears that it happened.
    raw.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on");
  } catch (error) {
    raw?.close();
    throw translateSqlError(error);
  }
  return { db: new Kysely<Schema>({ dialect: new SqliteDialect({ database: new NodeSqlite(raw) }) }), raw };
}

/** `node:sqlite` as Kysely wants it, with a bounded cache of prepared statements. */
class NodeSqlite implements SqliteDatabase {
  readonly #raw: DatabaseSync;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(raw: DatabaseSync) {
    this.#raw = raw;
  }

  prepare(text: string): SqliteStatement {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    // Kysely begins deferred, which could fail half-way when another process writes; immediate waits at the start.
    const statement = this.#prepareNew(text === "begin" ? "begin immediate" : text);
    if (this.#statements.size >= maxStatements) {
      const [oldest = ""] = this.#statements.keys();
      this.#statements.delete(oldest);
    }
    this.#statements.set(text, statement);
    return statement;
  }

  close(): void {
    this.#statements.clear();
    this.#raw.close();
  }

  #prepareNew(text: string): SqliteStatement {
    const statement: StatementSync = translated(() => this.#raw.prepare(text));
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => translated(() => statement.all(...inputs(parameters))),
      run: (parameters) => translated(() => statement.run(...inputs(parameters))),
      iterate: (parameters) => translated(() => statement.iterate(...inputs(parameters))),
    };
  }
}

/** Every parameter comes from a typed column of the schema: texts, numbers and null. */
function inputs(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[];
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translateSqlError(error);
  }
}
