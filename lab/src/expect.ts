import assert from "node:assert/strict";
import { isSoftApError } from "@softap/protocol";

/** Fails unless the work ends with this code of ours. */
export async function expectCode(code: string, work: Promise<unknown>): Promise<void> {
  let ended: unknown = "it succeeded";
  await work.catch((error: unknown) => {
    ended = isSoftApError(error) ? error.code : error;
  });
  assert.equal(ended, code);
}
