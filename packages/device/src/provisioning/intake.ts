import type { Crypto } from "@softap/ports";
import { decodeRequest, ProtocolError, softApError, type SoftApError } from "@softap/protocol";
import { requestKey } from "./request-key.ts";
import type { AttemptRequest } from "./state.ts";

/** A message of a phone, understood. */
export type Intake =
  | { readonly type: "attempt"; readonly request: AttemptRequest }
  | { readonly type: "logQuery" }
  | { readonly type: "v1Status"; readonly timestampS: number };

/**
 * Reads what a phone sent. The region is compared here: a token of another region can never be used, so the phone
 * hears of it before the device leaves for the router.
 *
 * @returns The message, or the error to answer with: `REGION_MISMATCH` or one of the decoder's
 */
export function readIntake(
  bytes: Uint8Array,
  context: { readonly crypto: Crypto; readonly productRegion: string },
): Intake | SoftApError {
  const message = decodeRequest(bytes);
  if (message instanceof ProtocolError) return message;
  if (message.type === "logQuery" || message.type === "v1Status") return message;
  const { region, trace, token } = message;
  if (region !== undefined && region.toLowerCase() !== context.productRegion.toLowerCase())
    return softApError("REGION_MISMATCH", "The token belongs to another cloud region", {
      context: { region, productRegion: context.productRegion },
    });
  const target =
    message.type === "network"
      ? { token, network: { ssid: message.ssid, passphrase: message.passphrase } }
      : { token };
  const key = requestKey(context.crypto, target);
  return {
    type: "attempt",
    request: { key, ...target, ...(trace === undefined ? {} : { trace }) },
  };
}
