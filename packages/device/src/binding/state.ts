import type { TimerFired } from "@softap/ports";
import type { Secret } from "@softap/protocol";
import type { Failure } from "../failure.ts";

/** A token to bring to the cloud. */
export interface TokenReport {
  readonly token: Secret;
  readonly trace?: string;
  readonly attempt: number;
}

interface OnTheWay {
  /** Present while a token waits to be reported: only then a failure is final. */
  readonly report?: TokenReport;
  /** Failures in a row. */
  readonly tries: number;
  readonly lastFailure?: Failure;
}

/** Where the device stands with its cloud. */
export type BindingState =
  | { readonly name: "off" }
  | (OnTheWay & { readonly name: "registering" })
  | (OnTheWay & { readonly name: "connecting" })
  | (OnTheWay & { readonly name: "waiting"; readonly isRegistered: boolean })
  | {
      readonly name: "reporting";
      readonly report: TokenReport;
      readonly sent: number;
      readonly tries: number;
    }
  | { readonly name: "online" };

/** Timers of the binding. */
export type BindingTimer = "bind" | "reply" | "retry";

/** What can happen. `chance` is a number in [0, 1) for the spread of pauses. */
export type BindingEvent =
  | { readonly type: "reportRequested"; readonly report: TokenReport; readonly isRegistered: boolean }
  | { readonly type: "stayRequested"; readonly isRegistered: boolean }
  | { readonly type: "stopRequested" }
  | { readonly type: "registered" }
  | { readonly type: "registerFailed"; readonly failure: Failure; readonly chance: number }
  | { readonly type: "connected" }
  | { readonly type: "connectFailed"; readonly failure: Failure; readonly chance: number }
  | { readonly type: "accepted" }
  | { readonly type: "refused"; readonly failure: Failure; readonly chance: number }
  | { readonly type: "linkLost"; readonly chance: number }
  | TimerFired<BindingTimer>;

/** What the binding wants done. */
export type BindingEffect =
  | { readonly do: "register" }
  | { readonly do: "connect" }
  /** Subscribes and publishes the token, one right after the other. */
  | { readonly do: "reportToken"; readonly report: TokenReport }
  /** Subscribes, and asks whether the device is bound where that is not known. */
  | { readonly do: "resumeService" }
  | { readonly do: "closeLink" }
  | {
      readonly do: "tellMoved";
      readonly attempt: number;
      readonly phase: "registering" | "connecting" | "reporting";
    }
  | { readonly do: "tellAccepted"; readonly attempt: number }
  | { readonly do: "tellFailed"; readonly attempt: number; readonly failure: Failure };

/** What the machine goes by. */
export interface BindingRules {
  readonly bindTimeoutMs: number;
  readonly replyTimeoutMs: number;
  readonly maxReports: number;
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
  readonly reportRetryMaxMs: number;
  readonly reconnectMinMs: number;
}
