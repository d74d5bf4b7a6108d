import { type ErrorCode, type SoftApError, isSoftApError, softApError } from "@softap/protocol";

/** Primary SQLite result codes → ours. What is not listed is a defect of ours and stays as it is. */
const codes: Readonly<Record<number, ErrorCode>> = {
  5: "STORE_WRITE_FAILED", // busy
  6: "STORE_WRITE_FAILED", // locked
  8: "STORE_WRITE_FAILED", // read-only
  10: "STORE_WRITE_FAILED", // input or output error
  11: "STORE_CORRUPT",
  13: "STORE_WRITE_FAILED", // disk full
  14: "STORE_READ_FAILED", // cannot open
  23: "STORE_READ_FAILED", // authorisation
  26: "STORE_CORRUPT", // not a database
};

/** Extended SQLite result codes of broken rules. */
const uniqueCodes = new Set([1555, 2067]);
// A parent that `on delete restrict` protects is reported as a trigger.
const foreignKeyCodes = new Set([787, 1811]);

function resultCode(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode
    : undefined;
}

/** Whether a row with the same key was there already. */
export function isUniqueViolation(error: unknown): boolean {
  return uniqueCodes.has(resultCode(error) ?? 0);
}

/** Whether a row that it refers to is not there. */
export function isForeignKeyViolation(error: unknown): boolean {
  return foreignKeyCodes.has(resultCode(error) ?? 0);
}

/** A failure of the engine as one of ours; a broken rule of the schema is handed on for its caller to judge. */
export function translateSqlError(error: unknown): SoftApError | Error {
  if (isSoftApError(error)) return error;
  const result = resultCode(error);
  const code = result === undefined ? undefined : codes[result & 0xff];
  if (code !== undefined) return softApError(code, "The database failed", { cause: error });
  return error instanceof Error ? error : softApError("INTERNAL", "The database failed", { cause: error });
}
