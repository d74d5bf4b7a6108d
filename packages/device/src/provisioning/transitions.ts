import type { Step } from "@softap/ports";
import { type Failure, failure } from "../failure.ts";
import type {
  AttemptRequest,
  Contact,
  FailedAttempt,
  ProvisioningEffect as Effect,
  ProvisioningEvent as Event,
  ProvisioningRules as Rules,
  ProvisioningState as State,
  ProvisioningTimer as Timer,
  SessionResult,
} from "./state.ts";

/** Answer of a step: the next state and what is to be done. */
export type ProvisioningStep = Step<State, Effect, Timer>;
/** The state of a name. */
export type Named<Name extends State["name"]> = Extract<State, { name: Name }>;
/** States in which an attempt is under way. */
export type Active = Exclude<State, { name: "advertising" | "reopening" | "closed" }>;
/** A phone's request. */
export type RequestReceived = Extract<Event, { type: "requestReceived" }>;
type Effects = ProvisioningStep extends readonly [State, ...infer Rest] ? Rest : never;

const timers = ["session", "burst", "leave", "joinRetry", "keepRetry", "linger"] as const;

/** Starts the next attempt. The journal is written first: a device that answered must not forget after a power cut. */
export function begin(
  state: Named<"advertising"> | Active,
  event: RequestReceived,
  rules: Rules,
): ProvisioningStep {
  const { request, peer } = event;
  if (state.attempt >= rules.maxAttempts)
    return [state, { do: "replyError", peer, failure: failure("RATE_LIMITED") }];
  const attempt = state.attempt + 1;
  return [
    {
      name: "saving",
      attempt,
      request,
      ...attemptOf(request),
      contact: contactOf(event),
      ...expiryOf(state),
    },
    { do: "stopTimer", timer: "burst" },
    { do: "savePending", request, attempt },
  ];
}

/** Joins the network of an attempt, for the first time. */
export function join(
  state: (Named<"advertising"> & Pick<Active, "key">) | Active,
  request: AttemptRequest,
  rules: Rules,
  ...first: Effects
): ProvisioningStep {
  return [
    { ...activeOf(state), name: "joining", request, joinTry: 1 },
    ...first,
    ...(rules.softApWhileStation ? [] : [{ do: "stopSoftAp" } as const]),
    joinEffect(request, state.attempt),
  ];
}

/** The effect that joins. */
export function joinEffect({ network }: AttemptRequest, attempt: number): Effect {
  return { do: "joinStation", attempt, ...(network === undefined ? {} : { network }) };
}

/** The network went: stops the binding and asks the journal for what joining it again takes. */
export function reload(state: Named<"binding"> | Named<"keeping">, isAccepted: boolean): ProvisioningStep {
  return [
    { ...activeOf(state), name: "reloading", isAccepted },
    { do: "stopTimer", timer: "keepRetry" },
    { do: "stopBinding" },
    { do: "loadPending", attempt: state.attempt },
  ];
}

/** The attempt reached its aim. Its soft AP lingers so that the phone hears of it. */
export function succeed(state: Named<"keeping"> | Named<"reloading">, rules: Rules): ProvisioningStep {
  return [
    { ...activeOf(state), name: "bound" },
    { do: "stopTimer", timer: "keepRetry" },
    { do: "stopTimer", timer: "session" },
    { do: "startTimer", timer: "linger", afterMs: rules.lingerMs },
    ...pushTo(state.contact),
  ];
}

/** The attempt failed: everything it did is undone, the phone is told, the session goes on. */
export function fail(state: Active, cause: Failure, rules: Rules, ...first: Effect[]): ProvisioningStep {
  const { attempt, key, trace, contact } = state;
  const failed: FailedAttempt = {
    key,
    ...(trace === undefined ? {} : { trace }),
    ...(contact === undefined ? {} : { contact }),
    failure: cause,
    isBurst: true,
    isDelivered: rules.softApWhileStation,
  };
  const undo: Effect[] = [
    ...first,
    { do: "clearPending" },
    { do: "rememberError", failure: cause, attempt },
    ...(state.usesKept === true ? [] : [{ do: "leaveStation" } as const]),
  ];
  if (!rules.softApWhileStation)
    return [{ name: "reopening", attempt, failed, ...expiryOf(state) }, ...undo, { do: "reopenSoftAp" }];
  const told = errorTo(failed, attempt);
  if (state.isExpired === true) return close({ type: "failed", failure: cause }, ...undo, ...told);
  return [
    { name: "advertising", attempt, failed },
    ...undo,
    ...told,
    { do: "startTimer", timer: "burst", afterMs: rules.burstGapMs },
  ];
}

/** The session's time is up. */
export function expire(state: Exclude<State, { name: "closed" }>): ProvisioningStep {
  if (state.name === "advertising")
    return close({ type: "failed", failure: state.failed?.failure ?? failure("SESSION_EXPIRED") });
  // A success must not be cut off by the clock: what is under way may end.
  return [{ ...state, isExpired: true }];
}

/** The session is given up from outside. */
export function stop(state: Exclude<State, { name: "closed" }>): ProvisioningStep {
  if (state.name === "bound") return close(resultOf(state));
  if (state.name === "advertising" || state.name === "reopening") return close({ type: "stopped" });
  // The journal stays: a device that is stopped in the middle takes the attempt up again at its next start.
  const undo: Effect[] = [{ do: "cancelJoin" }, { do: "stopBinding" }];
  return close(
    { type: "stopped" },
    ...undo,
    ...(state.usesKept === true ? [] : [{ do: "leaveStation" } as const]),
  );
}

/** How a session that reached its aim ended. */
export function resultOf(state: Named<"bound">): SessionResult {
  return { type: "isNetworkOnly" in state ? "joined" : "bound" };
}

/** Keeps the network that was joined, and finishes the journal. */
export function keep(state: Active): Effect {
  return { do: "keepNetwork", isNetworkOnly: "isNetworkOnly" in state };
}

/** Ends the session. */
export function close(result: SessionResult, ...first: Effect[]): ProvisioningStep {
  return [
    { name: "closed", result },
    ...timers.map((timer) => ({ do: "stopTimer", timer }) as const),
    ...first,
    { do: "closeSession", result },
  ];
}

/** Answers a question about the attempt under way and makes who asked its contact. */
export function answer(state: Active, event: RequestReceived): ProvisioningStep {
  const contact = contactOf(event);
  return [
    { ...state, contact },
    { do: "replyInfo", ...contact },
  ];
}

/** Answers a question; other values come too late. */
export function answerOrRefuse(state: Active, event: RequestReceived): ProvisioningStep {
  if (event.request.key === state.key) return answer(state, event);
  return [state, { do: "replyError", peer: event.peer, failure: failure("PROVISIONING_ACTIVE") }];
}

/** Tells a phone of ours the new state. */
export function pushTo(contact: Contact | undefined): Effect[] {
  return contact?.isTraced === true ? [{ do: "pushStatus", peer: contact.peer }] : [];
}

/** Tells the phone of a failed attempt. */
export function errorTo(failed: FailedAttempt, attempt: number): Effect[] {
  const { contact, failure: cause } = failed;
  return contact === undefined ? [] : [{ do: "replyError", peer: contact.peer, failure: cause, attempt }];
}

/** Who sent a request. */
export function contactOf({ peer, request }: RequestReceived): Contact {
  return { peer, isTraced: request.trace !== undefined };
}

/** What an attempt carries from its request. */
export function attemptOf({ key, trace, network, token }: AttemptRequest): {
  key: string;
  trace?: string;
  usesKept?: true;
  isNetworkOnly?: true;
} {
  return {
    key,
    ...(trace === undefined ? {} : { trace }),
    ...(network === undefined ? { usesKept: true } : {}),
    ...(token === undefined ? { isNetworkOnly: true } : {}),
  };
}

/** The mark of a session whose time is up. */
export function expiryOf({ isExpired }: { isExpired?: true }): { isExpired?: true } {
  return isExpired === true ? { isExpired } : {};
}

/** What every state of an attempt carries, without what single states add: leaving a state drops its secrets. */
export function activeOf(state: (Named<"advertising"> & Pick<Active, "key">) | Active): {
  attempt: number;
  key: string;
  trace?: string;
  contact?: Contact;
  usesKept?: true;
  isNetworkOnly?: true;
  isExpired?: true;
} {
  const trace = "trace" in state ? state.trace : undefined;
  const contact = "contact" in state ? state.contact : undefined;
  return {
    attempt: state.attempt,
    key: state.key,
    ...(trace === undefined ? {} : { trace }),
    ...(contact === undefined ? {} : { contact }),
    ...("usesKept" in state ? { usesKept: true } : {}),
    ...("isNetworkOnly" in state ? { isNetworkOnly: true } : {}),
    ...expiryOf(state),
  };
}
