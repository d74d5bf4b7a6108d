/** Which part of a list is asked for. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** A part of a list, and how long the whole is. */
export interface PageOf<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/** The number in a row of `count(*)`. */
export function countOf(row: { count: number | string | bigint } | undefined): number {
  return Number(row?.count ?? 0);
}
