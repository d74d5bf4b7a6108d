import type { KeyValueStore } from "@softap/ports";
import { isSoftApError, softApError } from "@softap/protocol";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "./errors.ts";
import { FolderLock } from "./folder-lock.ts";
import { decodeStore } from "./store-file.ts";

/** A file store as somebody sees it who does not own it. */
export interface StoreInspection {
  /** Whether a process has the store open. */
  readonly isLocked: boolean;
  /** What it holds at this moment, to read only; `undefined` when nothing was saved yet. */
  readonly values: Pick<KeyValueStore, "get"> | undefined;
}

/**
 * Looks into the store of a folder without taking it: a process that has it open goes on. Nothing is written.
 *
 * @throws {@link StoreError} `STORE_READ_FAILED`; `STORE_CORRUPT` when the file is damaged; `STORE_TOO_NEW`
 */
export async function inspectStore(folder: string): Promise<StoreInspection> {
  try {
    const isLocked = FolderLock.isTaken(folder);
    const bytes = await readFile(join(folder, "store")).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (bytes === undefined) return { isLocked, values: undefined };
    const entries = decodeStore(bytes);
    return { isLocked, values: { get: async (key) => entries.get(key)?.slice() } };
  } catch (error) {
    if (isSoftApError(error)) throw error;
    const system = error instanceof Error && "code" in error ? `: ${String(error.code)}` : "";
    throw softApError("STORE_READ_FAILED", `Cannot read the store in ${folder}${system}`, { cause: error });
  }
}
