import type { CancelSignal, Clock, Log } from "@softap/ports";

/** What opening a radio takes under every back-end. */
export interface RadioOptions {
  /** `wlan0`, for example. */
  readonly interfaceName: string;
  readonly clock: Clock;
  readonly signal: CancelSignal;
  /** @defaultValue silent */
  readonly log?: Log;
  /** Never lets soft AP and station work at once, whatever the radio can do. @defaultValue false */
  readonly oneRoleAtATime?: boolean;
}
