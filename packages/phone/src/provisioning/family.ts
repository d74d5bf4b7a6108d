import type { CancelSignal } from "@softap/ports";
import type { Claim } from "./claim.ts";
import type { ProvisionOptions } from "./options.ts";

/** What of the options concerns the claim. */
export type ClaimOptions = Pick<ProvisionOptions, "cloud" | "token" | "familyId" | "familyName">;

/** Makes the token, unless it is given, and meanwhile finds the family, unless it is given. */
export async function claimInFamily(options: ClaimOptions, signal: CancelSignal): Promise<Claim> {
  const finding = Promise.resolve(options.familyId ?? findFamily(options, signal));
  const found = finding.catch(() => {});
  try {
    const token = options.token ?? (await options.cloud.createBindToken({ signal }));
    return { token, familyId: await finding };
  } finally {
    // Also when there is no token: nothing goes on behind the caller's back.
    await found;
  }
}

async function findFamily(options: ClaimOptions, signal: CancelSignal): Promise<string> {
  const { cloud, familyName: name = "Home" } = options;
  const [first] = await cloud.families({ signal });
  return first?.familyId ?? (await cloud.createFamily({ name }, { signal }));
}
