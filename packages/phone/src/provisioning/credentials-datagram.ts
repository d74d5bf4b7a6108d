import type { Random } from "@softap/ports";
import {
  encodeNetworkRequest,
  formatHex,
  isSoftApError,
  protocolLimits,
  type Secret,
} from "@softap/protocol";
import type { RetryInput } from "./options.ts";
import { type Credentials, readCredentials } from "./settings.ts";

/** The `cmdType` 1 of the current attempt. Every attempt has a trace of its own: it tells a new try from a question. */
export class CredentialsDatagram {
  readonly #region: string | undefined;
  readonly #random: Random;
  #credentials: Credentials;
  #trace: string;
  #bytes: Uint8Array | undefined;

  constructor(credentials: Credentials, region: string | undefined, random: Random) {
    this.#credentials = credentials;
    this.#region = region;
    this.#random = random;
    this.#trace = newTrace(random);
  }

  /** 8 hex digits. */
  get trace(): string {
    return this.#trace;
  }

  /** The datagram, the same for every repetition of an attempt. */
  encode(token: Secret): Uint8Array {
    this.#bytes ??= this.#encode(token);
    return this.#bytes;
  }

  /**
   * Goes on to the next attempt; what is left out stays as it was.
   *
   * @throws {@link ProtocolError} `SSID_LENGTH`, `PASSPHRASE_LENGTH`; nothing has changed then
   */
  change(input: RetryInput): void {
    const { ssid, passphrase, bssid } = this.#credentials;
    this.#credentials = readCredentials(
      input.ssid ?? ssid,
      input.passphrase ?? passphrase,
      // The address belongs to the network that it was given with.
      input.ssid === undefined ? bssid : undefined,
    );
    this.#trace = newTrace(this.#random);
    this.#bytes = undefined;
  }

  #encode(token: Secret): Uint8Array {
    const { ssid, passphrase, bssid } = this.#credentials;
    const required = { ssid, passphrase, token };
    const optional = {
      trace: this.#trace,
      ...(this.#region === undefined ? {} : { region: this.#region }),
      ...(bssid === undefined ? {} : { bssid }),
    };
    try {
      return encodeNetworkRequest({ ...required, ...optional });
    } catch (error) {
      // Quotes and backslashes count twice. What the vendor's apps would send too is sent, but nothing is added to it.
      if (!isSoftApError(error, "DATAGRAM_TOO_LONG")) throw error;
      return encodeNetworkRequest(required, { maxBytes: protocolLimits.maxRequestBytes });
    }
  }
}

function newTrace(random: Random): string {
  return formatHex(random.bytes(4));
}
