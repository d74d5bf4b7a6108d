import { type CancelSignal, type KeyValueStore, throwIfCanceled } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { virtualLimits } from "./limits.ts";

const keyPattern = /^[a-z0-9.-]{1,64}$/;

/** A store in memory. Hand the same object to a device that "restarts", and it finds what it saved. */
export class MemoryStore implements KeyValueStore {
  #entries: ReadonlyMap<string, Uint8Array>;

  /** @param entries - What is in the store already. */
  constructor(entries: Readonly<Record<string, Uint8Array>> = {}) {
    this.#entries = new Map(Object.entries(entries).map(([key, value]) => [key, value.slice()]));
  }

  /** Keys in the store, sorted. */
  get keys(): readonly string[] {
    return [...this.#entries.keys()].toSorted();
  }

  /** A store of its own with the same contents: what a power cut at this moment would leave. */
  snapshot(): MemoryStore {
    return new MemoryStore(Object.fromEntries(this.#entries));
  }

  /** @inheritdoc */
  async get(key: string, options: { signal: CancelSignal }): Promise<Uint8Array | undefined> {
    throwIfCanceled(options.signal);
    checkKey(key);
    return this.#entries.get(key)?.slice();
  }

  /** @inheritdoc */
  async apply(
    changes: Readonly<Record<string, Uint8Array | undefined>>,
    options: { signal: CancelSignal },
  ): Promise<void> {
    throwIfCanceled(options.signal);
    const entries = new Map(this.#entries);
    for (const [key, value] of Object.entries(changes)) {
      checkKey(key);
      if (value === undefined) entries.delete(key);
      else if (value.length > virtualLimits.maxStoreValueBytes)
        throw softApError("USAGE", `value of ${key} has ${value.length} bytes, at most 65536 are allowed`);
      else entries.set(key, value.slice());
    }
    this.#entries = entries;
  }
}

function checkKey(key: string): void {
  if (!keyPattern.test(key)) throw softApError("USAGE", `store key is not 1 to 64 of a-z 0-9 . -: ${key}`);
}
