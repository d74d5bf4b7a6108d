import { type CancelSignal, type Clock, withTimeout } from "@softap/ports";
import { type Secret, tokenProblem } from "@softap/protocol";

/** What a device is claimed with: it reports the token, the account ties it to the family. */
export interface Claim {
  readonly token: Secret;
  readonly familyId: string;
}

/** Gets a claim from the cloud. */
export type MakeClaim = (signal: CancelSignal) => Promise<Claim>;

/**
 * Gets a claim while the phone is online.
 *
 * @throws {@link TimeoutError} `TIMEOUT`; {@link ProtocolError} `TOKEN_LENGTH`; {@link CanceledError}; what `make` throws
 */
export function claimWithin(
  clock: Clock,
  options: { readonly limitMs: number; readonly signal: CancelSignal },
  make: MakeClaim,
): Promise<Claim> {
  return withTimeout(clock, { phase: "Preparing the binding", ...options }, async (limited) => {
    const claim = await make(limited);
    const problem = tokenProblem(claim.token.reveal());
    if (problem !== undefined) throw problem;
    return claim;
  });
}
