import type { CancelSignal } from "./cancel.ts";

/** Keys: 1–64 characters of `a-z 0-9 . -`. Values: up to 64 KiB. */
export interface KeyValueStore {
  /** @throws {StoreError} `STORE_READ_FAILED` */
  get(key: string, options: { signal: CancelSignal }): Promise<Uint8Array | undefined>;
  /**
   * Writes and deletes (`undefined`) all or nothing: after a power cut either every change is there or none, and a
   * resolved call is never lost.
   *
   * @throws {StoreError} `STORE_WRITE_FAILED`; the former values are still there
   */
  apply(
    changes: Readonly<Record<string, Uint8Array | undefined>>,
    options: { signal: CancelSignal },
  ): Promise<void>;
}
