import type { Crypto } from "@softap/ports";
import { encodeUtf8, formatHex, type Secret } from "@softap/protocol";
import type { TargetNetwork } from "./state.ts";

/** Digits of a key: enough that two requests of one session never meet. */
const keyDigits = 32;

/** Fingerprint of what a phone asked for: the same values give the same key, and a key gives nothing back. Never logged. */
export function requestKey(
  crypto: Crypto,
  request: { readonly network?: TargetNetwork; readonly token?: Secret },
): string {
  const { network, token } = request;
  const parts = [
    network === undefined ? "" : formatHex(network.ssid),
    network?.passphrase === undefined ? "" : network.passphrase.reveal(),
    token?.reveal(),
  ];
  return formatHex(crypto.sha256(encodeUtf8(JSON.stringify(parts)))).slice(0, keyDigits);
}
