import type { CancelSignal } from "@softap/ports";
import { isSoftApError } from "@softap/protocol";
import type { Failure, ProvisionOptions, RetryInput } from "./options.ts";
import { type Credentials, readCredentials } from "./settings.ts";

/**
 * Asks somebody for other credentials.
 *
 * @param former - What failed.
 * @param signal - Fires when nobody waits for the answer any more.
 * @returns What to try next, or `undefined` when that is nothing.
 */
export type AskPerson = (
  failure: Failure,
  former: Credentials,
  signal: CancelSignal,
) => Promise<Credentials | undefined>;

/** Asks with {@link ProvisionOptions.retry}, until what it gives can be sent. */
export function askBy(retry: NonNullable<ProvisionOptions["retry"]>): AskPerson {
  return async (failure, former, signal) => {
    for (let asked = failure; ;) {
      const input = await retry(asked);
      if (input === undefined || signal.aborted) return undefined;
      try {
        return changed(former, input);
      } catch (error) {
        if (!isSoftApError(error)) throw error;
        asked = { code: error.code, error, retry: "input", attempt: failure.attempt };
      }
    }
  };
}

/** What is left out stays as it was. @throws {@link ProtocolError} `SSID_LENGTH`, `PASSPHRASE_LENGTH` */
function changed(former: Credentials, input: RetryInput): Credentials {
  return readCredentials(
    input.ssid ?? former.ssid,
    input.passphrase ?? former.passphrase,
    // The address belongs to the network that it was given with.
    input.ssid === undefined ? former.bssid : undefined,
  );
}
