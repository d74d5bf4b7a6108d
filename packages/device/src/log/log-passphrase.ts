import { type Crypto, type Random, randomText } from "@softap/ports";
import { encodeUtf8, formatHex, parseBase64, type RegisteredCredentials, Secret } from "@softap/protocol";
import type { DeviceStore } from "../memory/device-store.ts";

const length = 12;
/** Hex digits are easy to read out and to type. */
const alphabet = "0123456789abcdef";

/**
 * The passphrase of this device's log mode: derived from its secret, so that whoever holds the secret can compute it;
 * without one made up once and remembered.
 *
 * @throws {@link StoreError} `STORE_READ_FAILED`, `STORE_WRITE_FAILED`
 */
export async function logPassphrase(
  ports: { readonly crypto: Crypto; readonly random: Random },
  memory: { readonly store: DeviceStore; readonly credentials: RegisteredCredentials | undefined },
): Promise<Secret> {
  const { store, credentials } = memory;
  if (credentials?.kind === "psk") {
    const key = parseBase64(credentials.deviceSecret.reveal());
    const digest = ports.crypto.hmac("sha256", key ?? new Uint8Array(0), encodeUtf8("softap log mode"));
    return Secret.of(formatHex(digest).slice(0, length));
  }
  const remembered = await store.logPassphrase();
  if (remembered !== undefined) return remembered;
  const passphrase = Secret.of(randomText(ports.random, length, alphabet));
  await store.saveLogPassphrase(passphrase);
  return passphrase;
}
