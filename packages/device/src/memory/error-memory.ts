import type { Log } from "@softap/ports";
import { asSoftApError } from "@softap/protocol";
import type { Failure } from "../failure.ts";
import type { DeviceStore, RememberedError } from "./device-store.ts";

/** The last errors of earlier sessions, told once to the next phone as `Previous_Error`. Survives restarts. */
export class ErrorMemory {
  readonly #store: DeviceStore;
  readonly #log: Log;
  readonly #maxEntries: number;
  #errors: readonly RememberedError[] = [];
  #saved: Promise<void> = Promise.resolve();

  constructor(store: DeviceStore, log: Log, maxEntries: number) {
    this.#store = store;
    this.#log = log;
    this.#maxEntries = maxEntries;
  }

  /** Reads what was remembered before the restart. */
  async load(): Promise<void> {
    try {
      this.#errors = (await this.#store.errors()).slice(-this.#maxEntries);
    } catch (error) {
      this.#log.warn("remembered errors not read", { code: asSoftApError(error).code });
    }
  }

  /** Remembers an error; the oldest goes when there are too many. */
  add(failure: Failure, attempt?: number): void {
    const { code, subId } = failure;
    const entry = {
      code,
      ...(subId === undefined ? {} : { subId }),
      ...(attempt === undefined ? {} : { attempt }),
    };
    this.#replace([...this.#errors, entry].slice(-this.#maxEntries));
  }

  /** Takes every error out: from now on a phone has been told. */
  take(): readonly RememberedError[] {
    const errors = this.#errors;
    if (errors.length > 0) this.#replace([]);
    return errors;
  }

  /** Forgets everything without telling anybody. */
  clear(): void {
    this.#errors = [];
  }

  /** Resolves when every change so far is written, or failed to be. */
  get settled(): Promise<void> {
    return this.#saved;
  }

  #replace(errors: readonly RememberedError[]): void {
    this.#errors = errors;
    this.#saved = this.#saved
      .then(() => this.#store.saveErrors(errors))
      .catch((error: unknown) =>
        this.#log.warn("errors not remembered", { code: asSoftApError(error).code }),
      );
  }
}
