import type { Compilable, CompiledQuery, QueryResult } from "kysely";
import type { Database } from "./schema.ts";

/** Stands for a value that is filled in later. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Values of a prepared query, by name. */
export type QueryValues = Readonly<Record<string, string | number | null>>;

/**
 * A query that is built once and run often: building one with Kysely costs more than SQLite takes to run it.
 *
 * @param build - Builds the query; every value that changes comes from the placeholders it is given.
 */
export class PreparedQuery<V extends QueryValues, R = unknown> {
  readonly #query: CompiledQuery<R>;

  constructor(build: (values: V) => Compilable<R>) {
    const placeholders = new Proxy({}, { get: (_target, name) => new Placeholder(String(name)) });
    // Kysely hands values through to the compiled query without looking at them, so that a placeholder passes for any.
    this.#query = build(placeholders as V).compile();
  }

  /** Runs it with these values. */
  run(db: Database, values: V): Promise<QueryResult<R>> {
    const parameters = this.#query.parameters.map((value) =>
      value instanceof Placeholder ? values[value.name] : value,
    );
    return db.executeQuery({ ...this.#query, parameters });
  }
}
