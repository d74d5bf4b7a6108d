import { type Clock, type Crypto, type Random, randomText } from "@softap/ports";
import {
  type DeviceStatus,
  encodeErrorReply,
  encodeInfoReply,
  encodeV1StatusReply,
  type ErrorCode,
  type RegisteredCredentials,
  v1Signature,
} from "@softap/protocol";
import type { DeviceIdentity } from "../options.ts";

/** Characters of a v1 connection id. */
const connIdLength = 5;

/** Writes what the device says of itself. */
export class Replies {
  readonly #identity: Required<DeviceIdentity>;

  constructor(identity: Required<DeviceIdentity>) {
    this.#identity = identity;
  }

  /** Device info, with where the device is for phones that understand it. */
  info(status?: DeviceStatus): Uint8Array {
    return encodeInfoReply(status === undefined ? this.#identity : { ...this.#identity, status });
  }

  /** An error of this session, or of an earlier one. */
  error(error: {
    readonly isCurrent: boolean;
    readonly code: ErrorCode;
    readonly subId?: number | undefined;
    readonly attempt?: number | undefined;
  }): Uint8Array {
    const { isCurrent, code, subId, attempt } = error;
    return encodeErrorReply({
      isCurrent,
      code,
      ...(subId === undefined ? {} : { subId }),
      ...(attempt === undefined ? {} : { attempt }),
    });
  }

  /** The v1 answer to "who are you?": signed where the device has a key, plain device info where it has none. */
  v1Status(
    ports: { readonly clock: Clock; readonly random: Random; readonly crypto: Crypto },
    state: {
      readonly credentials: RegisteredCredentials | undefined;
      readonly isWifiConnected: boolean;
      readonly isMqttConnected: boolean;
    },
  ): Uint8Array {
    const { credentials, isWifiConnected, isMqttConnected } = state;
    if (credentials?.kind !== "psk") return this.info();
    const { productId, deviceName } = this.#identity;
    const signed = {
      productId,
      deviceName,
      connId: randomText(ports.random, connIdLength),
      timestampS: Math.floor((ports.clock.wallMs() ?? 0) / 1000),
    };
    const signature = v1Signature(ports.crypto, { ...signed, deviceSecret: credentials.deviceSecret });
    return encodeV1StatusReply({ ...signed, signature, isWifiConnected, isMqttConnected });
  }
}
