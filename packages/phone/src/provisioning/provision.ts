import { claimInFamily } from "./family.ts";
import type { ProvisionOptions } from "./options.ts";
import { askBy } from "./person.ts";
import type { ProvisioningStep } from "./progress.ts";
import { Session } from "./session.ts";
import { readSettings } from "./settings.ts";
import { StepStream } from "./step-stream.ts";
import type { Verdict } from "./verdict.ts";

/** A provisioning that runs. Iterating gives every step from the first to the verdict, also to those who come late. */
export interface Provisioning extends AsyncIterable<ProvisioningStep> {
  /** Resolves when nothing runs any more and the phone is back on its network. Never rejects. */
  readonly result: Promise<Verdict>;
  /**
   * Gives up: the verdict becomes `failed` with `CANCELED`, unless there is one already. Idempotent. A device that has the
   * credentials is not called back: it may join and report its token all the same, but is not tied to a family.
   *
   * @param reason - Becomes the cause of the error.
   */
  cancel(reason?: unknown): void;
}

/**
 * Gets a device onto a network and into a family: token, soft AP, credentials, the device's own account, the cloud's, binding.
 *
 * It runs at once; the verdict is a value, not an exception. Losing contact with the device is not a failure: the cloud
 * is asked until the deadline, and the verdict is `unknown` after it.
 *
 * @throws {@link ProtocolError} `SSID_LENGTH`, `PASSPHRASE_LENGTH`, `TOKEN_LENGTH`, `REGION_LENGTH`; {@link UsageError} `USAGE`, both
 * before anything was sent
 * @example
 * ```ts
 * const provisioning = provision({ cloud, network: { ssid: "Home-WiFi", passphrase }, ports });
 * for await (const step of provisioning) show(step.number, step.name);
 * const verdict = await provisioning.result;
 * if (verdict.verdict === "failed") explain(verdict.code);
 * ```
 */
export function provision(options: ProvisionOptions): Provisioning {
  const { retry } = options;
  const steps = new StepStream();
  const session = new Session(options, readSettings(options), {
    claim: (signal) => claimInFamily(options, signal),
    onStep: (step) => steps.push(step),
    askPerson: retry && askBy(retry),
  });
  return {
    result: session.result.finally(() => steps.end()),
    cancel: (reason) => session.cancel(reason),
    [Symbol.asyncIterator]: () => steps[Symbol.asyncIterator](),
  };
}
