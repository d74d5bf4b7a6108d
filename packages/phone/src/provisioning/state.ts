import type { Step, TimerFired } from "@softap/ports";
import type { DeviceReply, Phase, SoftApError } from "@softap/protocol";
import type { BindTokenState } from "../app/account.ts";
import type { PhoneLimits } from "../limits.ts";
import type { Failure } from "./options.ts";

/** Which network the phone is on: `here` when nobody switches it, so that device and cloud may both be in reach. */
export type Place = "here" | "softAp" | "home";

/** Who the device is. */
export interface DeviceIdentity {
  readonly productId: string;
  readonly deviceName: string;
}

/** What stays the same from the first datagram to the verdict, or changes slowly. No secret is among it. */
export interface Link {
  readonly place: Place;
  /** From 1. */
  readonly attempt: number;
  /** Highest number that the device gave to an attempt before this one: what it says about those is old. */
  readonly deviceFloor: number;
  /** What the device told of itself. */
  readonly device: Partial<DeviceIdentity>;
  /** Questions asked of the cloud. */
  readonly asked: number;
  /** How often the phone was thrown off the soft AP before the device answered. */
  readonly rejoins: number;
  /** What stood in the way of the last question to the cloud. */
  readonly obstacle: SoftApError | undefined;
}

/** How it ends. */
export type Ending =
  | { readonly verdict: "bound"; readonly device: DeviceIdentity }
  | { readonly verdict: "failed"; readonly error: SoftApError; readonly retry: "yes" | "no" | "input" }
  | { readonly verdict: "unknown"; readonly cause: SoftApError | undefined };

/** Where a provisioning is. */
export type State =
  | { readonly name: "idle" }
  /** The token is being made, while online. */
  | { readonly name: "preparing" }
  /** `former` is what it was thrown out of, when the phone's system left the soft AP before the device answered. */
  | { readonly name: "joiningSoftAp"; readonly former: StateOf<"sending"> | undefined }
  | { readonly name: "opening"; readonly place: Place }
  /** Credentials are repeated until the device answers. */
  | {
      readonly name: "sending";
      readonly link: Link;
      /** Gaps to the sends that are left, ms. */
      readonly gapsMs: readonly number[];
      /** An error that may be about an earlier attempt, kept in case that nothing else comes. */
      readonly refusal: Failure | undefined;
      /** Replies that carried the number of an earlier attempt. */
      readonly oldReplies: number;
    }
  /** The device has the credentials: it is listened to, and the cloud is asked. */
  | {
      readonly name: "following";
      readonly link: Link;
      /** What a device of ours said last; `undefined` for an old one, which is never sent anything more. */
      readonly phase: Phase | undefined;
      /** Gap to the next question to the device, ms. */
      readonly gapMs: number;
    }
  /** Nothing that counts was heard within the limit: the cloud may know better. */
  | {
      readonly name: "lastAsking";
      readonly link: Link;
      readonly failure: Failure;
      /** The device said nothing at all, so it may be on its way: the cloud is asked for a while, else once. */
      readonly mayBeJoining: boolean;
      /** Not before the phone is home: until then nobody was asked, and what the cloud says answers something older. */
      readonly isAsking: boolean;
    }
  /** The device failed; a person may have other input. */
  | { readonly name: "askingPerson"; readonly link: Link; readonly failure: Failure }
  /** The device reported the token; it is being tied to the family. */
  | {
      readonly name: "binding";
      readonly link: Link;
      readonly device: DeviceIdentity;
      readonly attempt: number;
      readonly gapMs: number;
      /** An earlier try was neither accepted nor refused: it may have been carried out. */
      readonly isAmbiguous: boolean;
    }
  | { readonly name: "finished"; readonly ending: Ending };

/** The state of one name. */
export type StateOf<Name extends State["name"]> = Extract<State, { readonly name: Name }>;

/** What may happen. */
export type Event =
  | { readonly type: "started" }
  | { readonly type: "prepared" }
  | { readonly type: "prepareFailed"; readonly error: SoftApError }
  | { readonly type: "softApJoined"; readonly gapsMs: readonly number[] }
  | { readonly type: "softApFailed"; readonly error: SoftApError }
  /** The phone is seen elsewhere. */
  | { readonly type: "softApLost" }
  | { readonly type: "socketOpened"; readonly gapsMs: readonly number[] }
  | { readonly type: "socketFailed"; readonly error: SoftApError }
  /** Never a `Previous_Error`: those go past the machine. */
  | { readonly type: "replyReceived"; readonly reply: DeviceReply }
  | { readonly type: "cloudAnswered"; readonly answer: BindTokenState }
  /** The cloud could not be asked now. */
  | { readonly type: "cloudSilent"; readonly error: SoftApError }
  /** The cloud's answer is final. */
  | { readonly type: "cloudRefused"; readonly error: SoftApError }
  /** Also when it failed: there is nothing else that could be done about it. */
  | { readonly type: "networkRestored" }
  | { readonly type: "inputGiven"; readonly gapsMs: readonly number[] }
  | { readonly type: "inputDeclined" }
  | { readonly type: "familyBound" }
  | {
      readonly type: "bindFailed";
      readonly error: SoftApError;
      /** Whether trying again can help. */
      readonly canRetry: boolean;
      /** Whether the cloud may have carried it out all the same. */
      readonly isAmbiguous: boolean;
    }
  | { readonly type: "canceled"; readonly error: SoftApError };

/** What is to be done. */
export type Effect =
  | { readonly do: "prepare" }
  | { readonly do: "joinSoftAp" }
  /** Looks whether the phone is still on it. */
  | { readonly do: "checkSoftAp" }
  | { readonly do: "openSocket" }
  | { readonly do: "sendCredentials"; readonly attempt: number }
  /** The same datagram again, as a question. */
  | { readonly do: "askDevice" }
  /** Replaces a question that is on its way. */
  | { readonly do: "askCloud"; readonly asked: number }
  | { readonly do: "restoreNetwork" }
  | { readonly do: "askPerson"; readonly failure: Failure }
  | { readonly do: "bindFamily"; readonly device: DeviceIdentity; readonly attempt: number }
  | { readonly do: "finish"; readonly ending: Ending };

/** Every timer of the machine. */
export const timers = ["send", "silence", "question", "contact", "return", "ask", "bind", "verdict"] as const;
/** One of {@link timers}. */
export type Timer = (typeof timers)[number];

/** An event of the world or of a timer. */
export type Input = Event | TimerFired<Timer>;

/** What one step answers. */
export type Next = Step<State, Effect, Timer>;

/** What holds for a whole session. */
export interface Plan {
  /** Whether the phone switches its Wi-Fi by itself. */
  readonly joinsSoftAp: boolean;
  /** Whether there is somebody to ask for other input. */
  readonly canAskPerson: boolean;
  readonly limits: PhoneLimits;
}
