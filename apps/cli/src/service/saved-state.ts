import { type BindingMark, DeviceStore, type RememberedError } from "@softap/device/inspection";
import { inspectStore, nodeCrypto } from "@softap/node";
import { neverCanceled } from "@softap/ports";
import { type RegisteredCredentials, softApError } from "@softap/protocol";

/** What a device has saved, read while it may be running. */
export interface SavedState {
  /** Whether a process runs with this state. */
  readonly isRunning: boolean;
  readonly binding: BindingMark | undefined;
  /** What dynamic registration gave the device. */
  readonly credentials: RegisteredCredentials | undefined;
  /** An attempt without a verdict. */
  readonly pending: { readonly attempt: number; readonly resumes: number } | undefined;
  /** Errors that no phone was told of yet. */
  readonly errors: readonly RememberedError[];
  /** Whether a virtual radio keeps a network here. */
  readonly hasVirtualNetwork: boolean;
}

/** Where a virtual radio keeps its network. */
const virtualNetworkKey = "wifi.kept";

/**
 * Reads what a device has saved. Nothing is written, nobody is kept out.
 *
 * @throws {StoreError} `STORE_READ_FAILED`, `STORE_CORRUPT`, `STORE_TOO_NEW`
 */
export async function readSavedState(folder: string): Promise<SavedState> {
  const { isLocked, values } = await inspectStore(folder);
  const get = values === undefined ? async () => undefined : values.get;
  const store = new DeviceStore(
    {
      get,
      apply: async () => {
        throw softApError("STORE_WRITE_FAILED", "The state of a device is only looked at");
      },
    },
    nodeCrypto,
  );
  const pending = await store.pending();
  return {
    isRunning: isLocked,
    binding: await store.binding(),
    credentials: await store.credentials(),
    pending: pending === undefined ? undefined : { attempt: pending.attempt, resumes: pending.resumes },
    errors: await store.errors(),
    hasVirtualNetwork: (await get(virtualNetworkKey, { signal: neverCanceled })) !== undefined,
  };
}
