import type { Phase, Secret } from "@softap/protocol";
import type { TimerFired } from "@softap/ports";
import type { Failure } from "../failure.ts";

/** A network to join. */
export interface TargetNetwork {
  /** 1–32 bytes. */
  readonly ssid: Uint8Array;
  readonly passphrase: Secret | undefined;
}

/** What a phone asked for. */
export interface AttemptRequest {
  /** Fingerprint of network, passphrase and token: tells a repetition from something new without keeping either. */
  readonly key: string;
  /** Absent when the phone sent a token alone: the network is the one that the device has. */
  readonly network?: TargetNetwork;
  /** Absent when joining the network is all that is asked for. */
  readonly token?: Secret;
  readonly trace?: string;
}

/** The peer to which an attempt's news go. */
export interface Contact {
  readonly peer: string;
  /** Whether it sent a trace: only such phones read status and pushes. */
  readonly isTraced: boolean;
}

/** An attempt that failed; questions about it are answered until another begins. */
export interface FailedAttempt {
  readonly key: string;
  readonly trace?: string;
  readonly contact?: Contact;
  readonly failure: Failure;
  /** Whether the phone's repetitions have not paused yet. */
  readonly isBurst: boolean;
  /** Whether the error was sent while a phone could hear it. */
  readonly isDelivered: boolean;
}

interface InSession {
  /** Number of the current or last attempt, from 1; 0 before the first. */
  readonly attempt: number;
  /** The session's time is up: a failure now ends it. */
  readonly isExpired?: true;
}

interface InAttempt extends InSession {
  readonly key: string;
  /** The phone named no network: the device uses the one that it has, and does not leave it. */
  readonly usesKept?: true;
  /** There is no token: the attempt ends well when the network is kept. */
  readonly isNetworkOnly?: true;
  readonly trace?: string;
  readonly contact?: Contact;
}

/** Where a session is. A state holds what it needs and no more: no passphrase behind `joining`, no token behind its report. */
export type ProvisioningState =
  | (InSession & { readonly name: "advertising"; readonly failed?: FailedAttempt })
  | (InAttempt & { readonly name: "saving"; readonly request: AttemptRequest })
  | (InAttempt & { readonly name: "leaving"; readonly request: AttemptRequest })
  | (InAttempt & {
      readonly name: "joining";
      readonly request: AttemptRequest;
      readonly joinTry: number;
      readonly hasRejoined?: true;
    })
  | (InAttempt & {
      readonly name: "binding";
      readonly phase: "joined" | "registering" | "connecting" | "reporting";
      readonly hasRejoined?: true;
    })
  /** The network was lost: the journal has what is needed to join it again, once. */
  | (InAttempt & { readonly name: "reloading"; readonly isAccepted: boolean })
  | (InAttempt & { readonly name: "keeping"; readonly keepTry: number; readonly hasRejoined?: true })
  | (InAttempt & { readonly name: "bound" })
  /** A radio that cannot do both brings its soft AP back to tell of the failure. */
  | (InSession & { readonly name: "reopening"; readonly failed: FailedAttempt })
  | { readonly name: "closed"; readonly result: SessionResult };

/** How a session ended. */
export type SessionResult =
  | { readonly type: "bound" }
  | { readonly type: "joined" }
  | { readonly type: "failed"; readonly failure: Failure }
  | { readonly type: "stopped" };

/** Timers of a session. */
export type ProvisioningTimer = "session" | "burst" | "leave" | "joinRetry" | "keepRetry" | "linger";

/** What can happen to a session. Results carry the attempt's number: those of an attempt given up are ignored. */
export type ProvisioningEvent =
  | { readonly type: "opened" }
  | { readonly type: "requestReceived"; readonly request: AttemptRequest; readonly peer: string }
  | { readonly type: "requestResumed"; readonly request: AttemptRequest; readonly attempt: number }
  | { readonly type: "pendingSaved"; readonly attempt: number }
  | { readonly type: "pendingMissing"; readonly attempt: number }
  | { readonly type: "phonesChanged"; readonly count: number }
  | { readonly type: "stationJoined"; readonly attempt: number }
  | { readonly type: "joinFailed"; readonly attempt: number; readonly failure: Failure }
  | { readonly type: "stationLost" }
  | {
      readonly type: "bindingMoved";
      readonly attempt: number;
      readonly phase: "registering" | "connecting" | "reporting";
    }
  | { readonly type: "tokenAccepted"; readonly attempt: number }
  | { readonly type: "bindingFailed"; readonly attempt: number; readonly failure: Failure }
  | { readonly type: "networkKept" }
  | { readonly type: "keepFailed" }
  | { readonly type: "softApReopened" }
  | { readonly type: "softApReopenFailed"; readonly failure: Failure }
  | { readonly type: "stopRequested" }
  | TimerFired<ProvisioningTimer>;

/** What a session wants done. */
export type ProvisioningEffect =
  | { readonly do: "savePending"; readonly request: AttemptRequest; readonly attempt: number }
  | { readonly do: "loadPending"; readonly attempt: number }
  | { readonly do: "clearPending" }
  /** Device info, with copies; `isTraced` adds the status. */
  | ({ readonly do: "replyInfo" } & Contact)
  /** Unasked device info with the status. */
  | { readonly do: "pushStatus"; readonly peer: string }
  | { readonly do: "replyError"; readonly peer: string; readonly failure: Failure; readonly attempt?: number }
  | { readonly do: "stopSoftAp" }
  | { readonly do: "reopenSoftAp" }
  | { readonly do: "joinStation"; readonly attempt: number; readonly network?: TargetNetwork }
  | { readonly do: "cancelJoin" }
  | { readonly do: "leaveStation" }
  | { readonly do: "bind"; readonly attempt: number; readonly token: Secret; readonly trace?: string }
  | { readonly do: "stopBinding" }
  | { readonly do: "keepNetwork"; readonly isNetworkOnly: boolean }
  | { readonly do: "rememberError"; readonly failure: Failure; readonly attempt: number }
  | { readonly do: "closeSession"; readonly result: SessionResult };

/** What the machine goes by. */
export interface ProvisioningRules {
  /** Whether the soft AP stays while the station joins. */
  readonly softApWhileStation: boolean;
  readonly sessionMs: number;
  readonly burstGapMs: number;
  readonly leaveDelayMs: number;
  readonly joinRetryMs: number;
  readonly keepRetryMs: number;
  readonly lingerMs: number;
  readonly maxAttempts: number;
  readonly maxJoinTries: number;
  readonly maxKeepTries: number;
}

/** What a phone is told of a state. */
export function phaseOf(state: ProvisioningState): Phase {
  switch (state.name) {
    case "saving":
    case "leaving":
      return "received";
    case "joining":
    case "reloading":
      return "joining";
    case "binding":
      return state.phase;
    case "keeping":
      return "isNetworkOnly" in state ? "joined" : "reporting";
    case "bound":
      return "isNetworkOnly" in state ? "joined" : "bound";
    case "closed":
      return state.result.type === "stopped" ? "failed" : state.result.type;
    case "reopening":
      return "failed";
    case "advertising":
      return state.failed === undefined ? "received" : "failed";
  }
}
