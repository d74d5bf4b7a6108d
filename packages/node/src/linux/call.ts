import type { CancelSignal } from "@softap/ports";

/** What every call takes that may be given up. */
export interface Call {
  readonly signal: CancelSignal;
}
