import type { AppClient, Login } from "@softap/phone";
import { type Clock, type KeyValueStore, neverCanceled } from "@softap/ports";
import { decodeUtf8, encodeUtf8, isSoftApError, Secret } from "@softap/protocol";

const storeKey = "account";

/** What an {@link Account} needs. */
export interface AccountOptions {
  readonly store: KeyValueStore;
  readonly clock: Clock;
  /** Makes a client for a token, or one that can only log in. */
  readonly connect: (accessToken: Secret | undefined) => AppClient;
}

/** The person's account: its token lasts over restarts of the app until it expires or the person signs out. */
export class Account {
  readonly #options: AccountOptions;
  #cloud: AppClient;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#cloud = options.connect(undefined);
  }

  /** The cloud as this account. */
  get cloud(): AppClient {
    return this.#cloud;
  }

  /** Whether there is a token; the cloud may refuse it all the same. */
  get isSignedIn(): boolean {
    return this.#cloud.accessToken !== undefined;
  }

  /** Takes up the token of an earlier run. @returns Whether there is one; a damaged record counts as none */
  async restore(): Promise<boolean> {
    if (this.isSignedIn) return true;
    const { store, clock, connect } = this.#options;
    const saved = parse(await store.get(storeKey, { signal: neverCanceled }).catch(ignoreDamage));
    if (saved === undefined || saved.expiresAtS * 1000 <= (clock.wallMs() ?? 0)) return false;
    this.#cloud = connect(Secret.of(saved.token));
    return true;
  }

  /** Logs in and keeps the token. @throws what `AppClient.login` throws; {@link StoreError} `STORE_WRITE_FAILED` */
  async signIn(login: Login): Promise<void> {
    const cloud = this.#options.connect(undefined);
    const { token, expiresAtS } = await cloud.login(login);
    await this.#keep(encodeUtf8(JSON.stringify({ token: token.reveal(), expiresAtS })));
    this.#cloud = cloud;
  }

  /** Forgets the token here, and in the cloud when that can be reached. */
  async signOut(): Promise<void> {
    const cloud = this.#cloud;
    this.#cloud = this.#options.connect(undefined);
    await this.#keep(undefined);
    // Offline, the token ends by itself: nothing on this phone knows it any more.
    if (cloud.accessToken !== undefined) await cloud.logout().catch(() => {});
  }

  async #keep(value: Uint8Array | undefined): Promise<void> {
    await this.#options.store.apply({ [storeKey]: value }, { signal: neverCanceled });
  }
}

function ignoreDamage(error: unknown): undefined {
  if (isSoftApError(error, "STORE_CORRUPT")) return undefined;
  throw error;
}

function parse(bytes: Uint8Array | undefined): { token: string; expiresAtS: number } | undefined {
  const text = bytes === undefined ? undefined : decodeUtf8(bytes);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("token" in value) || !("expiresAtS" in value))
    return undefined;
  const { token, expiresAtS } = value;
  return typeof token === "string" && typeof expiresAtS === "number" ? { token, expiresAtS } : undefined;
}
