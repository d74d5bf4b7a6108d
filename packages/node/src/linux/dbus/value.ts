/**
 * A value on the bus. `ay` is a `Uint8Array`, `a{…}` a `Map`, a struct an array, `x` and `t` a `bigint`.
 * A variant that was read stands as what it held; one to be written is a {@link Variant}.
 */
export type DBusValue =
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Variant
  | readonly DBusValue[]
  | ReadonlyMap<DBusKey, DBusValue>;

/** A key of a dictionary. */
export type DBusKey = boolean | number | bigint | string;

/** A value that carries its own type. */
export class Variant {
  readonly signature: string;
  readonly value: DBusValue;

  /** @param signature - One complete type, `s` for example. */
  constructor(signature: string, value: DBusValue) {
    this.signature = signature;
    this.value = value;
  }
}

/** The value as text, or `fallback` when it is none. */
export function asText(value: DBusValue | undefined, fallback = ""): string {
  return typeof value === "string" ? value : fallback;
}

/** The value as a number, or `fallback` when it is none. */
export function asNumber(value: DBusValue | undefined, fallback = 0): number {
  return typeof value === "number" ? value : fallback;
}

/** The value as bytes; none when it is something else. */
export function asBytes(value: DBusValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

/** The value as a list; an empty one when it is something else. */
export function asList(value: DBusValue | undefined): readonly DBusValue[] {
  return isList(value) ? value : [];
}

/** The value as a dictionary; an empty one when it is something else. */
export function asMap(value: DBusValue | undefined): ReadonlyMap<DBusKey, DBusValue> {
  return value instanceof Map ? value : new Map();
}

/** Whether a value is a list or struct. */
export function isList(value: DBusValue | undefined): value is readonly DBusValue[] {
  return Array.isArray(value);
}
