import { type KeyValueStore, neverCanceled } from "@softap/ports";
import {
  decodeUtf8,
  encodeUtf8,
  type ErrorCode,
  formatBase64,
  isErrorCode,
  isTrace,
  parseBase64,
  type RegisteredCredentials,
  Secret,
} from "@softap/protocol";
import type { AttemptRequest } from "../provisioning/state.ts";
import { requestKey } from "../provisioning/request-key.ts";
import type { Crypto } from "@softap/ports";

/** An attempt that has begun and has no verdict yet. */
export interface PendingAttempt {
  readonly request: AttemptRequest;
  readonly attempt: number;
  /** Restarts in which it was taken up again. */
  readonly resumes: number;
  /** The soft AP of its session. */
  readonly softAp?: {
    readonly ssid: Uint8Array;
    readonly passphrase: Secret | undefined;
    readonly channel: number;
  };
}

/** An error that the next phone is told of. */
export interface RememberedError {
  readonly code: ErrorCode;
  readonly subId?: number;
  readonly attempt?: number;
}

/** What the device knows of its owner: the cloud accepted a token, or said that the binding is complete. */
export type BindingMark = "accepted" | "bound";

/** Keys in the store. */
const keys = {
  pending: "softap.pending",
  errors: "softap.errors",
  credentials: "softap.credentials",
  binding: "softap.binding",
  logPassphrase: "softap.log-passphrase",
} as const;

/** What the device remembers across restarts, typed. Damaged entries read as absent. */
export class DeviceStore {
  readonly #store: KeyValueStore;
  readonly #crypto: Crypto;

  constructor(store: KeyValueStore, crypto: Crypto) {
    this.#store = store;
    this.#crypto = crypto;
  }

  /** The attempt without a verdict. @throws {@link StoreError} `STORE_READ_FAILED` */
  async pending(): Promise<PendingAttempt | undefined> {
    const value = await this.#read(keys.pending);
    const token = text(value, "token");
    const attempt = number(value, "attempt");
    const ssid = bytes(value, "ssid");
    if ((token ?? ssid) === undefined || attempt === undefined) return undefined;
    const passphrase = text(value, "passphrase");
    const trace = text(value, "trace");
    const network =
      ssid === undefined
        ? undefined
        : { ssid, passphrase: passphrase === undefined ? undefined : Secret.of(passphrase) };
    const target = {
      ...(token === undefined ? {} : { token: Secret.of(token) }),
      ...(network === undefined ? {} : { network }),
    };
    const apSsid = bytes(value, "apSsid");
    const apPassphrase = text(value, "apPassphrase");
    return {
      request: {
        key: requestKey(this.#crypto, target),
        ...target,
        ...(trace !== undefined && isTrace(trace) ? { trace } : {}),
      },
      attempt,
      resumes: number(value, "resumes") ?? 0,
      ...(apSsid === undefined
        ? {}
        : {
            softAp: {
              ssid: apSsid,
              passphrase: apPassphrase === undefined ? undefined : Secret.of(apPassphrase),
              channel: number(value, "apChannel") ?? 0,
            },
          }),
    };
  }

  /** @throws {@link StoreError} `STORE_WRITE_FAILED` */
  async savePending(pending: PendingAttempt): Promise<void> {
    const { request, softAp } = pending;
    await this.#write(keys.pending, {
      token: request.token?.reveal(),
      trace: request.trace,
      ssid: request.network === undefined ? undefined : formatBase64(request.network.ssid),
      passphrase: request.network?.passphrase?.reveal(),
      attempt: pending.attempt,
      resumes: pending.resumes,
      apSsid: softAp === undefined ? undefined : formatBase64(softAp.ssid),
      apPassphrase: softAp?.passphrase?.reveal(),
      apChannel: softAp?.channel,
    });
  }

  /** @throws {@link StoreError} `STORE_WRITE_FAILED` */
  async clearPending(): Promise<void> {
    await this.#store.apply({ [keys.pending]: undefined }, { signal: neverCanceled });
  }

  /** Marks the token as accepted and forgets the attempt, in one step. @throws {@link StoreError} `STORE_WRITE_FAILED` */
  async finishPending(): Promise<void> {
    const changes = { [keys.pending]: undefined, [keys.binding]: encodeUtf8("accepted") };
    await this.#store.apply(changes, { signal: neverCanceled });
  }

  /** Errors that no phone was told of yet, oldest first. @throws {@link StoreError} `STORE_READ_FAILED` */
  async errors(): Promise<readonly RememberedError[]> {
    const value = await this.#read(keys.errors);
    return Array.isArray(value) ? value.flatMap(readError) : [];
  }

  /** @throws {@link StoreError} `STORE_WRITE_FAILED` */
  async saveErrors(errors: readonly RememberedError[]): Promise<void> {
    if (errors.length > 0) await this.#write(keys.errors, errors);
    else await this.#store.apply({ [keys.errors]: undefined }, { signal: neverCanceled });
  }

  /** What dynamic registration gave the device. @throws {@link StoreError} `STORE_READ_FAILED` */
  async credentials(): Promise<RegisteredCredentials | undefined> {
    const value = await this.#read(keys.credentials);
    const deviceSecret = text(value, "deviceSecret");
    if (deviceSecret !== undefined) return { kind: "psk", deviceSecret: Secret.of(deviceSecret) };
    const certificate = text(value, "certificate");
    const privateKey = text(value, "privateKey");
    if (certificate === undefined || privateKey === undefined) return undefined;
    return { kind: "certificate", certificate, privateKey: Secret.of(privateKey) };
  }

  /** @throws {@link StoreError} `STORE_WRITE_FAILED` */
  async saveCredentials(credentials: RegisteredCredentials): Promise<void> {
    await this.#write(
      keys.credentials,
      credentials.kind === "psk"
        ? { deviceSecret: credentials.deviceSecret.reveal() }
        : { certificate: credentials.certificate, privateKey: credentials.privateKey.reveal() },
    );
  }

  /** @throws {@link StoreError} `STORE_READ_FAILED` */
  async binding(): Promise<BindingMark | undefined> {
    const mark = await this.#readText(keys.binding);
    return mark === "accepted" || mark === "bound" ? mark : undefined;
  }

  /** @throws {@link StoreError} `STORE_WRITE_FAILED` */
  async saveBinding(mark: BindingMark | undefined): Promise<void> {
    const value = mark === undefined ? undefined : encodeUtf8(mark);
    await this.#store.apply({ [keys.binding]: value }, { signal: neverCanceled });
  }

  /** Passphrase of log mode. @throws {@link StoreError} `STORE_READ_FAILED` */
  async logPassphrase(): Promise<Secret | undefined> {
    const passphrase = await this.#readText(keys.logPassphrase);
    return passphrase === undefined ? undefined : Secret.of(passphrase);
  }

  /** @throws {@link StoreError} `STORE_WRITE_FAILED` */
  async saveLogPassphrase(passphrase: Secret): Promise<void> {
    const changes = { [keys.logPassphrase]: encodeUtf8(passphrase.reveal()) };
    await this.#store.apply(changes, { signal: neverCanceled });
  }

  /** Forgets everything that belongs to an owner; the device's own credentials stay. @throws {@link StoreError} `STORE_WRITE_FAILED` */
  async reset(): Promise<void> {
    const changes = { [keys.pending]: undefined, [keys.errors]: undefined, [keys.binding]: undefined };
    await this.#store.apply(changes, { signal: neverCanceled });
  }

  async #readText(key: string): Promise<string | undefined> {
    const stored = await this.#store.get(key, { signal: neverCanceled });
    return stored === undefined ? undefined : decodeUtf8(stored);
  }

  async #read(key: string): Promise<unknown> {
    const stored = await this.#readText(key);
    if (stored === undefined) return undefined;
    try {
      return JSON.parse(stored);
    } catch {
      return undefined;
    }
  }

  async #write(key: string, value: object): Promise<void> {
    await this.#store.apply({ [key]: encodeUtf8(JSON.stringify(value)) }, { signal: neverCanceled });
  }
}

function readError(value: unknown): RememberedError[] {
  const code = text(value, "code");
  if (!isErrorCode(code)) return [];
  const subId = number(value, "subId");
  const attempt = number(value, "attempt");
  return [{ code, ...(subId === undefined ? {} : { subId }), ...(attempt === undefined ? {} : { attempt }) }];
}

function member(value: unknown, name: string): unknown {
  // Only own members of an object count; a Map would be a type that JSON cannot hold.
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? value[name as keyof typeof value]
    : undefined;
}

function text(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === "string" ? found : undefined;
}

function number(value: unknown, name: string): number | undefined {
  const found = member(value, name);
  return typeof found === "number" && Number.isSafeInteger(found) ? found : undefined;
}

function bytes(value: unknown, name: string): Uint8Array | undefined {
  const found = text(value, name);
  return found === undefined ? undefined : parseBase64(found);
}
