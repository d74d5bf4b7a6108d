import type { PhonePorts, RetryInput } from "@softap/phone";
import { useMemo, useState, useSyncExternalStore } from "react";
import { ProvisioningControl, type StartOptions } from "./control.ts";
import type { ProvisioningState } from "./state.ts";

/** What a component gets of {@link useProvisioning}. The functions stay the same from render to render. */
export interface UseProvisioning {
  readonly state: ProvisioningState;
  /**
   * Starts, unless something is going on.
   *
   * @returns Whether it started.
   * @throws {@link ProtocolError} `SSID_LENGTH`, `PASSPHRASE_LENGTH`, `TOKEN_LENGTH`, `REGION_LENGTH`; {@link UsageError} `USAGE`
   */
  readonly start: (options: StartOptions) => boolean;
  /** In the phase `asking`: tries once more in the same session with the same token. @returns Whether it was asked for. */
  readonly retry: (input?: RetryInput) => boolean;
  /** In the phase `asking`: takes the failure for the verdict. @returns Whether it was asked for. */
  readonly decline: () => boolean;
  /** Gives up and brings the phone home. Idempotent. */
  readonly cancel: () => void;
}

/**
 * Provisions a device from a component. A component that goes away abandons what it started: the phone goes back to its
 * network, and nothing is rendered any more.
 *
 * @param ports - Made once, outside of components; the first ones count.
 */
export function useProvisioning(ports: PhonePorts): UseProvisioning {
  const [control] = useState(() => new ProvisioningControl(ports));
  const state = useSyncExternalStore(control.subscribe, control.getState, control.getState);
  return useMemo(() => {
    const { start, retry, decline, cancel } = control;
    return { state, start, retry, decline, cancel };
  }, [control, state]);
}
