import { softApError } from "@softap/protocol";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** SQLite's result code for "another connection holds it". */
const sqliteBusy = 5;

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

  /** @throws {@link StoreError} `STORE_LOCKED` when somebody else holds it */
  static take(folder: string): FolderLock {
    const path = join(folder, "lock");
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      database.exec("BEGIN EXCLUSIVE");
      chmodSync(path, 0o600);
    } catch (error) {
      database.close();
      if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy)
        throw softApError("STORE_LOCKED", `Another process uses the folder ${folder}`, { cause: error });
      throw error;
    }
    return new FolderLock(database);
  }

  /** Lets others in. Idempotent. */
  release(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
