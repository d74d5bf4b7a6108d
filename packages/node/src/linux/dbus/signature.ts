/** One complete D-Bus type. */
export type DBusType =
  | { readonly kind: "basic"; readonly code: BasicCode }
  | { readonly kind: "variant" }
  | { readonly kind: "array"; readonly element: DBusType }
  | { readonly kind: "struct"; readonly fields: readonly DBusType[] }
  | { readonly kind: "entry"; readonly key: DBusType; readonly value: DBusType };

/** Codes of the types that hold no others. */
export type BasicCode = (typeof basicCodes)[number];

const basicCodes = ["y", "b", "n", "q", "i", "u", "x", "t", "d", "s", "o", "g", "h"] as const;

/** Where a value of each basic type is aligned, bytes. */
const basicAlignment: Readonly<Record<BasicCode, number>> = {
  y: 1,
  b: 4,
  n: 2,
  q: 2,
  i: 4,
  u: 4,
  x: 8,
  t: 8,
  d: 8,
  s: 4,
  o: 4,
  g: 1,
  h: 4,
};

/** Deepest nesting that the D-Bus specification allows. */
const maxDepth = 64;

/** Where a value of this type is aligned, bytes: 1, 2, 4 or 8. */
export function alignmentOf(type: DBusType): number {
  switch (type.kind) {
    case "basic":
      return basicAlignment[type.code];
    case "variant":
      return 1;
    case "array":
      return 4;
    case "struct":
    case "entry":
      return 8;
  }
}

/**
 * Parses a signature, which holds any number of complete types.
 *
 * @throws {RangeError} when it is not a signature
 */
export function parseSignature(signature: string): readonly DBusType[] {
  const types: DBusType[] = [];
  let at = 0;
  while (at < signature.length) {
    const [type, end] = parseType(signature, at, 0);
    types.push(type);
    at = end;
  }
  return types;
}

function parseType(signature: string, at: number, depth: number): readonly [DBusType, number] {
  const code = signature[at];
  if (code === undefined || depth > maxDepth) throw notASignature(signature);
  if (isBasicCode(code)) return [{ kind: "basic", code }, at + 1];
  if (code === "v") return [{ kind: "variant" }, at + 1];
  if (code === "a") {
    if (signature[at + 1] === "{") return parseEntries(signature, at + 1, depth);
    const [element, end] = parseType(signature, at + 1, depth + 1);
    return [{ kind: "array", element }, end];
  }
  if (code !== "(") throw notASignature(signature);
  const fields: DBusType[] = [];
  let next = at + 1;
  while (signature[next] !== ")") {
    const [field, end] = parseType(signature, next, depth + 1);
    fields.push(field);
    next = end;
  }
  if (fields.length === 0) throw notASignature(signature);
  return [{ kind: "struct", fields }, next + 1];
}

function parseEntries(signature: string, at: number, depth: number): readonly [DBusType, number] {
  const [key, afterKey] = parseType(signature, at + 1, depth + 2);
  const [value, end] = parseType(signature, afterKey, depth + 2);
  if (key.kind !== "basic" || signature[end] !== "}") throw notASignature(signature);
  return [{ kind: "array", element: { kind: "entry", key, value } }, end + 1];
}

function isBasicCode(code: string): code is BasicCode {
  const codes: readonly string[] = basicCodes;
  return codes.includes(code);
}

function notASignature(signature: string): RangeError {
  return new RangeError(`"${signature}" is not a D-Bus signature`);
}
