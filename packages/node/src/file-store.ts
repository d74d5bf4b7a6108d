import { type CancelSignal, type KeyValueStore, throwIfCanceled } from "@softap/ports";
import { type ErrorCode, isSoftApError, type SoftApError, softApError } from "@softap/protocol";
import { chmod, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "./errors.ts";
import { FolderLock } from "./folder-lock.ts";
import { nodeLimits } from "./limits.ts";
import { replaceFile, replacementOf } from "./replace-file.ts";
import { decodeStore, encodeStore, type StoreEntries } from "./store-file.ts";

/**
 * Keeps values in one file of a folder of its own, which only its owner can read. One process at a time.
 *
 * A `kill -9` or a power cut at any moment leaves the values before or after an `apply`, never a part of it.
 */
export class FileStore implements KeyValueStore {
  readonly #path: string;
  readonly #lock: FolderLock;
  /** What the file holds; unknown after a failed write, until the file was read again. */
  #entries: StoreEntries | undefined;
  /** The end of the line of calls: each runs when the one before it has settled. */
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(path: string, lock: FolderLock) {
    this.#path = path;
    this.#lock = lock;
  }

  /**
   * Opens the store in a folder, which is made when it does not exist.
   *
   * @throws {@link StoreError} `STORE_READ_FAILED`; `STORE_LOCKED` when another process has it open; `STORE_CORRUPT`
   * when the file is damaged; `STORE_TOO_NEW` when a newer version wrote it
   */
  static async open(folder: string): Promise<FileStore> {
    const path = join(folder, "store");
    let lock: FolderLock | undefined;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      lock = FolderLock.take(folder);
      // Left by a process that ended while it wrote: never became the store.
      await rm(replacementOf(path), { force: true });
      const store = new FileStore(path, lock);
      await store.#load();
      return store;
    } catch (error) {
      lock?.release();
      throw storeError(error, "STORE_READ_FAILED", `Cannot open the store in ${folder}`);
    }
  }

  /** The value as a copy. @throws {@link StoreError} `STORE_READ_FAILED`; {@link UsageError} `USAGE` for an unfit key */
  async get(key: string, options: { signal: CancelSignal }): Promise<Uint8Array | undefined> {
    checkKey(key);
    throwIfCanceled(options.signal);
    const entries = await this.#queue(options.signal, "STORE_READ_FAILED", () => this.#load());
    return entries.get(key)?.slice();
  }

  /**
   * Writes and deletes all or nothing. A call that has begun to write is not cancelled any more.
   *
   * @throws {@link StoreError} `STORE_WRITE_FAILED`; {@link UsageError} `USAGE` for an unfit key or value
   */
  async apply(
    changes: Readonly<Record<string, Uint8Array | undefined>>,
    options: { signal: CancelSignal },
  ): Promise<void> {
    const copies = Object.entries(changes).map(([key, value]) => [key, value?.slice()] as const);
    for (const [key, value] of copies) {
      checkKey(key);
      checkValue(key, value);
    }
    throwIfCanceled(options.signal);
    await this.#queue(options.signal, "STORE_WRITE_FAILED", async () => {
      const entries = new Map(await this.#load());
      for (const [key, value] of copies)
        if (value === undefined) entries.delete(key);
        else entries.set(key, value);
      await this.#save(entries);
    });
  }

  /** Waits for what was begun, then lets another process open the folder. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    this.#lock.release();
  }

  #queue<T>(signal: CancelSignal, code: ErrorCode, work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw softApError(code, "The store is closed");
    const result = this.#last.then(async () => {
      throwIfCanceled(signal);
      try {
        return await work();
      } catch (error) {
        throw storeError(error, code, `The store ${this.#path} failed`);
      }
    });
    this.#last = result.catch(() => {});
    return result;
  }

  async #load(): Promise<StoreEntries> {
    this.#entries ??= await readEntries(this.#path);
    return this.#entries;
  }

  async #save(entries: StoreEntries): Promise<void> {
    const bytes = encodeStore(entries);
    if (bytes.length > nodeLimits.maxStoreBytes)
      throw softApError("STORE_WRITE_FAILED", `The store would have ${bytes.length} bytes`, {
        context: { maxStoreBytes: nodeLimits.maxStoreBytes },
      });
    this.#entries = undefined;
    await replaceFile(this.#path, bytes);
    this.#entries = entries;
  }
}

async function readEntries(path: string): Promise<StoreEntries> {
  try {
    return decodeStore(await readFile(path));
  } catch (error) {
    if (isMissing(error)) return new Map();
    throw error;
  }
}

function checkKey(key: string): void {
  if (!/^[a-z0-9.-]{1,64}$/.test(key))
    throw softApError("USAGE", "A store's key has 1 to 64 characters of a-z, 0-9, . and -");
}

function checkValue(key: string, value: Uint8Array | undefined): void {
  if (value !== undefined && value.length > nodeLimits.maxValueBytes)
    throw softApError(
      "USAGE",
      `The value of ${key} has ${value.length} bytes, at most ${nodeLimits.maxValueBytes} are allowed`,
    );
}

function storeError(error: unknown, code: ErrorCode, what: string): SoftApError {
  if (isSoftApError(error)) return error;
  const system = error instanceof Error && "code" in error ? String(error.code) : undefined;
  return softApError(code, system === undefined ? what : `${what}: ${system}`, { cause: error });
}
