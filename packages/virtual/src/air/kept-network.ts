import type { CancelSignal, KeyValueStore, NetworkCredentials } from "@softap/ports";
import { decodeUtf8, encodeUtf8, formatHex, Secret, softApError } from "@softap/protocol";

const key = "wifi.kept";

/** The one network that a radio remembers, as a document in a store. */
export class KeptNetwork {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** @throws {StoreError} `STORE_CORRUPT` when the document is not ours */
  async read(signal: CancelSignal): Promise<NetworkCredentials | undefined> {
    const bytes = await this.#store.get(key, { signal });
    if (bytes === undefined) return undefined;
    const fields = (decodeUtf8(bytes) ?? "").split("\n");
    const [ssid = "", passphrase = "", bssid = ""] = fields;
    if (fields.length !== 3 || !/^([0-9a-f]{2}){1,32}$/.test(ssid))
      throw softApError("STORE_CORRUPT", "The kept network cannot be read");
    return {
      ssid: Uint8Array.from(ssid.match(/../g) ?? [], (hex) => Number.parseInt(hex, 16)),
      passphrase: passphrase === "" ? undefined : Secret.of(passphrase),
      ...(bssid === "" ? {} : { bssid }),
    };
  }

  /** Replaces it in one atomic step. */
  async write(network: NetworkCredentials, signal: CancelSignal): Promise<void> {
    const { ssid, passphrase, bssid = "" } = network;
    const document = `${formatHex(ssid)}\n${passphrase?.reveal() ?? ""}\n${bssid}`;
    await this.#store.apply({ [key]: encodeUtf8(document) }, { signal });
  }

  /** Forgets it. */
  async clear(signal: CancelSignal): Promise<void> {
    await this.#store.apply({ [key]: undefined }, { signal });
  }
}
