import { type CancelSignal, type KeyValueStore, neverCanceled, throwIfCanceled } from "@softap/ports";
import { formatBase64, parseBase64, softApError } from "@softap/protocol";
import { wechatLimits } from "./limits.ts";
import { callWx } from "./wx-call.ts";
import type { Wx } from "./wx.ts";

/** Everything in one record, because `wx` writes one record at once and nothing bigger: key → base64. */
type Entries = Readonly<Record<string, string>>;

/** What lasts in a mini program, by `wx.setStorage`; 1 MiB in all is what `wx` takes. */
export class WechatStore implements KeyValueStore {
  readonly #wx: Pick<Wx, "getStorage" | "setStorage">;
  readonly #record: string;
  /** One change after the other: each reads what the one before wrote. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param record - Name of the storage record. @defaultValue "softap" */
  constructor(wx: Pick<Wx, "getStorage" | "setStorage">, record = "softap") {
    this.#wx = wx;
    this.#record = record;
  }

  /** @throws {@link StoreError} `STORE_READ_FAILED`, `STORE_CORRUPT`; {@link UsageError} `USAGE` for an unfit key */
  async get(key: string, options: { signal: CancelSignal }): Promise<Uint8Array | undefined> {
    throwIfCanceled(options.signal);
    checkKey(key);
    await this.#last;
    const entries = await this.#read(options.signal);
    const text = Object.hasOwn(entries, key) ? entries[key] : undefined;
    return text === undefined ? undefined : parseBase64(text);
  }

  /** @throws {@link StoreError} `STORE_READ_FAILED`, `STORE_CORRUPT`, `STORE_WRITE_FAILED`; {@link UsageError} `USAGE` for an unfit key or value */
  async apply(
    changes: Readonly<Record<string, Uint8Array | undefined>>,
    options: { signal: CancelSignal },
  ): Promise<void> {
    // Made texts now: what the caller does with its bytes after the call must not change what is written.
    const texts = Object.entries(changes).map(([key, value]) => {
      checkKey(key);
      return [key, value === undefined ? undefined : textOf(key, value)] as const;
    });
    const work = this.#last.then(async () => {
      throwIfCanceled(options.signal);
      const entries = new Map(Object.entries(await this.#read(options.signal)));
      for (const [key, text] of texts)
        if (text === undefined) entries.delete(key);
        else entries.set(key, text);
      // From here on it is not called back: the record is written or it is not.
      await callWx({
        signal: neverCanceled,
        translate: ({ errMsg }) => softApError("STORE_WRITE_FAILED", "Writing failed", { cause: errMsg }),
        start: (callbacks) =>
          this.#wx.setStorage({ key: this.#record, data: Object.fromEntries(entries), ...callbacks }),
      });
    });
    this.#last = work.catch(() => {});
    return work;
  }

  async #read(signal: CancelSignal): Promise<Entries> {
    const none = {};
    const { data } = await callWx<{ readonly data: unknown }>({
      signal,
      translate: ({ errMsg }) => softApError("STORE_READ_FAILED", "Reading failed", { cause: errMsg }),
      start: ({ success, fail }) =>
        this.#wx.getStorage({
          key: this.#record,
          success,
          fail: (error) =>
            /data not found/i.test(error.errMsg ?? "") ? success({ data: none }) : fail(error),
        }),
    });
    if (!isEntries(data)) throw softApError("STORE_CORRUPT", `The record ${this.#record} is not ours`);
    return data;
  }
}

function checkKey(key: string): void {
  if (!/^[a-z0-9.-]{1,64}$/.test(key))
    throw softApError("USAGE", `store key is not 1 to 64 of a-z 0-9 . -: ${key}`);
}

function textOf(key: string, value: Uint8Array): string {
  const { maxStoreValueBytes: max } = wechatLimits;
  if (value.length > max)
    throw softApError("USAGE", `value of ${key} has ${value.length} bytes, at most ${max} are allowed`);
  return formatBase64(value);
}

function isEntries(value: unknown): value is Entries {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((item) => typeof item === "string" && parseBase64(item) !== undefined)
  );
}
