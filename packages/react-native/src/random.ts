import type { Random } from "@softap/ports";
import { reactNativeLimits } from "./limits.ts";

/** What {@link ReactNativeRandom} uses of `crypto`; `react-native-get-random-values` brings it where the engine has none. */
export interface NativeCrypto {
  getRandomValues(bytes: Uint8Array<ArrayBuffer>): unknown;
}

/** The system's cryptographically strong generator. */
export class ReactNativeRandom implements Random {
  readonly #crypto: NativeCrypto;

  constructor(crypto: NativeCrypto) {
    this.#crypto = crypto;
  }

  /** @inheritdoc */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const { maxRandomBytes } = reactNativeLimits;
    for (let at = 0; at < length; at += maxRandomBytes)
      this.#crypto.getRandomValues(bytes.subarray(at, at + maxRandomBytes));
    return bytes;
  }
}
