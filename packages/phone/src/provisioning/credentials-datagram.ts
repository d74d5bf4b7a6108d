import type { Random } from "@softap/ports";
import {
  encodeNetworkRequest,
  formatHex,
  isSoftApError,
  protocolLimits,
  type Secret,
} from "@softap/protocol";
import type { Credentials } from "./settings.ts";

/** The `cmdType` 1 of one attempt, with a trace of its own: that tells a new try from a question. */
export class CredentialsDatagram {
  /** What the device is to be told. */
  readonly credentials: Credentials;
  /** 8 hex digits. */
  readonly trace: string;
  readonly #region: string | undefined;
  #bytes: Uint8Array | undefined;

  constructor(credentials: Credentials, region: string | undefined, random: Random) {
    this.credentials = credentials;
    this.trace = formatHex(random.bytes(4));
    this.#region = region;
  }

  /** The datagram, the same for every repetition of an attempt. */
  encode(token: Secret): Uint8Array {
    this.#bytes ??= this.#encode(token);
    return this.#bytes;
  }

  #encode(token: Secret): Uint8Array {
    const { ssid, passphrase, bssid } = this.credentials;
    const required = { ssid, passphrase, token };
    const { trace } = this;
    try {
      return encodeNetworkRequest({ ...required, trace, region: this.#region, bssid });
    } catch (error) {
      // Quotes and backslashes count twice. What the vendor's apps would send too is sent, but nothing is added to it.
      if (!isSoftApError(error, "DATAGRAM_TOO_LONG")) throw error;
      return encodeNetworkRequest(required, { maxBytes: protocolLimits.maxRequestBytes });
    }
  }
}
