import type { Failure, ProvisioningStep, Verdict } from "@softap/phone";

/** What a screen shows. Every change is a new object. */
export type ProvisioningState =
  | { readonly phase: "idle" }
  | {
      readonly phase: "running";
      /** What happened, oldest first; the last one lasts. */
      readonly steps: readonly ProvisioningStep[];
      /** Until what is going on is given up, whole seconds, 0 or more. `undefined`: it is not limited, or not for long. */
      readonly remainingS: number | undefined;
      /** It was cancelled, and the phone is on its way home. */
      readonly isCanceling: boolean;
    }
  /** The device failed for a reason that other input, or trying again, may cure. */
  | {
      readonly phase: "asking";
      readonly steps: readonly ProvisioningStep[];
      readonly failure: Failure;
    }
  | {
      readonly phase: "finished";
      readonly steps: readonly ProvisioningStep[];
      readonly verdict: Verdict;
    };
