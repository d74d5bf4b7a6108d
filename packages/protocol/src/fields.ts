/** Fields of a JSON object, none of them looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a parsed JSON value is an object: neither a list nor `null`. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
