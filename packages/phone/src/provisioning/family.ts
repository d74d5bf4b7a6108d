import type { CancelSignal } from "@softap/ports";
import type { Claim } from "./claim.ts";
import type { ProvisionOptions } from "./options.ts";

/** What of the options concerns the claim. */
export type ClaimOptions = Pick<ProvisionOptions, "cloud" | "token" | "familyId" | "familyName">;

/** Makes the token, unless it is given, and meanwhile finds the family, unless it is given. */
export async function claimInFamily(options: ClaimOptions, signal: CancelSignal): Promise<Claim> {
  const [token, familyId] = await Promise.allSettled([
    options.token ?? options.cloud.createBindToken({ signal }),
    options.familyId ?? findFamily(options, signal),
  ]);
  if (token.status === "rejected") throw token.reason;
  if (familyId.status === "rejected") throw familyId.reason;
  return { token: token.value, familyId: familyId.value };
}

async function findFamily(options: ClaimOptions, signal: CancelSignal): Promise<string> {
  const { cloud, familyName: name = "Home" } = options;
  const [first] = await cloud.families({ signal });
  return first?.familyId ?? (await cloud.createFamily({ name }, { signal }));
}
