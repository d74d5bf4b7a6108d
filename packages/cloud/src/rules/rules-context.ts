import type { Clock, Crypto, Log, Random } from "@softap/ports";
import { encodeUtf8, formatHex, softApError } from "@softap/protocol";
import type { CloudLimits } from "../limits.ts";

/** What every rule needs of the world. */
export interface RulesContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly log: Log;
  readonly limits: CloudLimits;
}

/** Wall clock in unix seconds. @throws {@link InternalError} `INTERNAL` when the clock does not know it; a cloud cannot run without */
export function nowS(context: { readonly clock: Clock }): number {
  return Math.floor(nowMs(context) / 1000);
}

/** Wall clock in unix milliseconds. @throws like {@link nowS} */
export function nowMs(context: { readonly clock: Clock }): number {
  const wallMs = context.clock.wallMs();
  if (wallMs === undefined) throw softApError("INTERNAL", "The cloud needs a wall clock");
  return wallMs;
}

/** How a bearer token is stored and looked up: hex SHA-256. */
export function hashToken(context: { readonly crypto: Crypto }, token: string): string {
  return formatHex(context.crypto.sha256(encodeUtf8(token)));
}
