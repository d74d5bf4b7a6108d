import { softApError } from "@softap/protocol";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Name of the file in the folder. */
const lockName = "lock";

/** SQLite's result code for "another connection holds it". */
const sqliteBusy = 5;
/** SQLite's result codes for a file that something else wrote into. */
const sqliteDamaged: readonly number[] = [11, 26];

/**
 * Keeps other processes out of a folder.
 *
 * The operating system drops the lock with the process, however it ends; nothing is left to be stale. Node has no
 * file locks of its own: an empty SQLite file lends its.
 */
export class FolderLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** @throws {@link StoreError} `STORE_LOCKED` when somebody else holds it, `STORE_CORRUPT` when the lock file is none */
  static take(folder: string): FolderLock {
    const path = join(folder, lockName);
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      database.exec("BEGIN EXCLUSIVE");
      chmodSync(path, 0o600);
    } catch (error) {
      database.close();
      if (isBusy(error))
        throw softApError("STORE_LOCKED", `Another process uses the folder ${folder}`, { cause: error });
      if (isDamaged(error))
        throw softApError("STORE_CORRUPT", `${path} is no lock; it holds nothing and may be removed`, {
          cause: error,
        });
      throw error;
    }
    return new FolderLock(database);
  }

  /** Whether somebody holds the lock of a folder now. */
  static isTaken(folder: string): boolean {
    const path = join(folder, lockName);
    if (!existsSync(path)) return false;
    const database = new DatabaseSync(path, { readOnly: true, timeout: 0 });
    try {
      database.exec("SELECT count(*) FROM sqlite_schema");
      return false;
    } catch (error) {
      if (isBusy(error)) return true;
      throw error;
    } finally {
      database.close();
    }
  }

  /** Lets others in. Idempotent. */
  release(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

function isBusy(error: unknown): boolean {
  return resultCode(error) === sqliteBusy;
}

function isDamaged(error: unknown): boolean {
  return sqliteDamaged.includes(resultCode(error) ?? 0);
}

function resultCode(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode
    : undefined;
}
