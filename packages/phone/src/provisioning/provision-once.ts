import type { MakeClaim } from "./claim.ts";
import type { ProvisionOnceOptions } from "./options.ts";
import type { ProvisioningStep } from "./progress.ts";
import { Session } from "./session.ts";
import { readSettings } from "./settings.ts";
import type { Verdict } from "./verdict.ts";

/**
 * `provision()` for an app that counts bytes: the family is given, a failure is final, and steps are told to a listener.
 *
 * @param onStep - Hears every step as it happens. Must not throw.
 * @returns The verdict, when nothing runs any more and the phone is back on its network.
 * @throws {@link ProtocolError} `SSID_LENGTH`, `PASSPHRASE_LENGTH`, `TOKEN_LENGTH`, `REGION_LENGTH`; {@link UsageError} `USAGE`, both
 * before anything was sent
 */
export async function provisionOnce(
  options: ProvisionOnceOptions,
  onStep: (step: ProvisioningStep) => void,
): Promise<Verdict> {
  const { cloud, token, familyId } = options;
  const claim: MakeClaim = async (signal) => ({
    token: token ?? (await cloud.createBindToken({ signal })),
    familyId,
  });
  return new Session(options, readSettings(options), { claim, onStep }).result;
}
