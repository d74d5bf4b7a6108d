import type { Step, TimerFired } from "@softap/ports";
import type { ErrorCode } from "@softap/protocol";
import { backoffMs } from "../backoff.ts";
import type { SoftApPolicy } from "../options.ts";

/** The soft AP session, as far as the supervisor cares. */
export interface SessionView {
  /** Whether one is open, and who opened it. */
  readonly openedBy?: "supervisor" | "caller";
  /** Whether an attempt is under way or a phone is talking. */
  readonly isBusy: boolean;
  /** Phones on the soft AP. */
  readonly phones: number;
}

/** Where the device stands with its network. */
export type SupervisorState = SessionView &
  (
    | { readonly name: "off" }
    /** No network is kept. */
    | { readonly name: "blank" }
    | { readonly name: "online" }
    /** A network is kept but not joined. */
    | {
        readonly name: "away";
        readonly isTrying: boolean;
        /** Tries in a row that failed. */
        readonly tries: number;
        /** How many of them the router refused. */
        readonly refusals: number;
        /** An attempt has just failed: the next try may disturb a phone. */
        readonly isRestoring?: true;
      }
  );

/** Timers of the supervisor. */
export type SupervisorTimer = "open" | "retry" | "reopen";

/** What can happen. `chance` is a number in [0, 1) for the spread of pauses. */
export type SupervisorEvent =
  | { readonly type: "started"; readonly hasKept: boolean }
  | { readonly type: "stopped" }
  | { readonly type: "joined" }
  | { readonly type: "joinFailed"; readonly code: ErrorCode; readonly chance: number }
  | { readonly type: "networkLost" }
  | { readonly type: "sessionOpened"; readonly by: "supervisor" | "caller" }
  | { readonly type: "sessionNotOpened" }
  | { readonly type: "sessionBusy"; readonly isBusy: boolean; readonly needsStation: boolean }
  | { readonly type: "sessionClosed"; readonly isBound: boolean; readonly hasKept: boolean }
  | { readonly type: "phonesChanged"; readonly count: number }
  | TimerFired<SupervisorTimer>;

/** What the supervisor wants done. */
export type SupervisorEffect =
  | { readonly do: "joinKept" }
  | { readonly do: "cancelJoin" }
  | { readonly do: "openSession" }
  | { readonly do: "closeSession" }
  | { readonly do: "goOnline" }
  | { readonly do: "goOffline" };

/** What the machine goes by. */
export interface SupervisorRules {
  readonly policy: SoftApPolicy;
  readonly softApWhileStation: boolean;
  readonly openAfterMs: number;
  readonly rejoinMs: number;
  readonly rejoinAttendedMs: number;
  readonly rejoinRefusedMs: number;
  readonly maxRefusals: number;
  readonly restoreMs: number;
  readonly reopenMs: number;
}

/** Answer of {@link stepSupervisor}. */
export type SupervisorStep = Step<SupervisorState, SupervisorEffect, SupervisorTimer>;
type Away = Extract<SupervisorState, { name: "away" }>;
type Effects = SupervisorStep extends readonly [SupervisorState, ...infer Rest] ? Rest : never;

/** The state before `started`. */
export const newSupervisor: SupervisorState = { name: "off", isBusy: false, phones: 0 };

/**
 * One step of what the device does when nobody tells it. Pure.
 *
 * It keeps trying the kept network, also beside an open soft AP. While a phone is on it that happens seldom, because a search
 * disturbs the phone, and never while it talks. A router that refuses the passphrase is not an absent one: it is asked seldom, and the soft AP opens sooner.
 *
 * ```mermaid
 * stateDiagram-v2
 *   off --> blank: started [nothing kept]
 *   off --> away: started [network kept]
 *   away --> online: joined
 *   away --> away: joinFailed / timerFired(retry) / timerFired(open)
 *   online --> away: networkLost / sessionBusy
 *   blank --> online: sessionClosed [bound]
 *   blank --> blank: sessionClosed / timerFired(reopen)
 *   away --> online: sessionClosed [bound]
 * ```
 *
 * `stopped` leads from every state to `off`.
 */
export function stepSupervisor(
  state: SupervisorState,
  event: SupervisorEvent,
  rules: SupervisorRules,
): SupervisorStep {
  switch (event.type) {
    case "stopped":
      return stop();
    case "started":
      return event.hasKept ? leave(viewOf(state), 0, rules) : goBlank(viewOf(state), 0, rules);
    case "sessionOpened": {
      const opened = { ...state, openedBy: event.by };
      // One radio cannot look for the network and carry the soft AP.
      if (opened.name === "away" && !rules.softApWhileStation) return pause(opened);
      if (opened.name === "online" && !rules.softApWhileStation) return goAway(opened);
      return [opened, { do: "stopTimer", timer: "reopen" }];
    }
    case "sessionNotOpened":
      if (state.name === "off") return [state];
      return [
        state,
        { do: "startTimer", timer: "reopen", afterMs: rules.rejoinMs },
        ...(state.name === "away" && !state.isTrying ? [retryIn(pauseMs(state, rules))] : []),
      ];
    case "sessionBusy":
      return setBusy({ ...state, isBusy: event.isBusy }, event.needsStation, rules);
    case "sessionClosed":
      return afterSession(state, event, rules);
    case "phonesChanged": {
      const changed = { ...state, phones: event.count };
      if (changed.name !== "away" || changed.isRestoring === true || changed.isBusy) return [changed];
      if (event.count > 0) return pause(changed, retryIn(rules.rejoinAttendedMs));
      return changed.isTrying ? [changed] : [changed, retryIn(rules.rejoinMs)];
    }
    case "joined":
      return join(state);
    case "networkLost":
      return state.name === "online" ? loseNetwork(state, rules) : [state];
    case "joinFailed":
      return state.name === "away" && state.isTrying ? failJoin(state, event, rules) : [state];
    case "timerFired":
      return fire(state, event.timer, rules);
  }
}

function fire(state: SupervisorState, timer: SupervisorTimer, rules: SupervisorRules): SupervisorStep {
  switch (timer) {
    case "retry":
      return state.name === "away" ? tryJoin(state, rules, { mayDisturb: true }) : [state];
    case "open":
    case "reopen": {
      const isWanted = state.name === "blank" || state.name === "away";
      if (!isWanted || rules.policy !== "auto" || state.openedBy !== undefined) return [state];
      const mustYield = state.name === "away" && state.isTrying && !rules.softApWhileStation;
      const [next, ...effects] = mustYield ? pause(state) : [state];
      return [next, ...effects, { do: "openSession" }];
    }
  }
}

function tryJoin(state: Away, rules: SupervisorRules, { mayDisturb = false } = {}): SupervisorStep {
  const isInTheWay = state.isBusy || (state.phones > 0 && state.isRestoring !== true && !mayDisturb);
  const hasRadio = rules.softApWhileStation || state.openedBy === undefined;
  if (state.isTrying) return [state];
  if (isInTheWay || !hasRadio) return [state, retryIn(pauseMs(state, rules))];
  return [{ ...state, isTrying: true }, { do: "joinKept" }];
}

function failJoin(
  state: Away,
  event: { code: ErrorCode; chance: number },
  rules: SupervisorRules,
): SupervisorStep {
  const isRefusal = event.code === "WIFI_AUTH_FAILED";
  const tries = state.tries + 1;
  const refusals = isRefusal ? state.refusals + 1 : 0;
  const mayWait = isRefusal && refusals >= rules.maxRefusals;
  const firstMs = mayWait ? rules.rejoinRefusedMs : pauseMs(state, rules);
  const afterMs = backoffMs(1, event.chance, { firstMs, maxMs: firstMs });
  const mayOpen = mayWait && rules.policy === "auto" && state.openedBy === undefined;
  return [
    { ...viewOf(state), name: "away", isTrying: false, tries, refusals },
    retryIn(afterMs),
    ...(mayOpen ? [{ do: "openSession" } as const] : []),
  ];
}

function join(state: SupervisorState): SupervisorStep {
  const mayClose = state.openedBy === "supervisor" && !state.isBusy;
  return [
    { ...viewOf(state), name: "online" },
    { do: "stopTimer", timer: "open" },
    { do: "stopTimer", timer: "retry" },
    { do: "goOnline" },
    ...(mayClose ? [{ do: "closeSession" } as const] : []),
  ];
}

/** The network went without our doing: it is tried at once. */
function loseNetwork(state: SupervisorState, rules: SupervisorRules): SupervisorStep {
  const [next, ...effects] = leave(viewOf(state), 0, rules);
  return [next, { do: "goOffline" }, ...effects];
}

/** An attempt needs the station, and gives it back by `sessionBusy` or `sessionClosed`. */
function setBusy(state: SupervisorState, needsStation: boolean, rules: SupervisorRules): SupervisorStep {
  if (state.name === "online") {
    if (state.isBusy) return needsStation ? goAway(state) : [state];
    return [state, { do: "goOnline" }];
  }
  if (state.name !== "away") return [state];
  if (state.isBusy) return pause(state);
  // The previous network comes back even while the phone is there: once, when nothing new was asked for in between.
  return [{ ...state, isRestoring: true }, retryIn(rules.restoreMs)];
}

function afterSession(
  state: SupervisorState,
  event: { isBound: boolean; hasKept: boolean },
  rules: SupervisorRules,
): SupervisorStep {
  const { openedBy: _by, ...rest } = state;
  const closed: SupervisorState = { ...rest, isBusy: false, phones: 0 };
  if (closed.name === "off" || closed.name === "online") return [closed];
  if (closed.name === "away" && closed.isTrying) return [closed, ...openLater(rules)];
  if (closed.name === "away" && event.isBound) return tryJoin(closed, rules);
  if (event.hasKept) return leave(viewOf(closed), 0, rules);
  return goBlank(viewOf(closed), rules.reopenMs, rules);
}

/** Looks for the kept network, after a while. */
function leave(view: SessionView, afterMs: number, rules: SupervisorRules): SupervisorStep {
  const away: Away = { ...view, name: "away", isTrying: false, tries: 0, refusals: 0 };
  if (afterMs > 0) return [away, ...openLater(rules), retryIn(afterMs)];
  const [next, ...effects] = tryJoin(away, rules);
  return [next, ...openLater(rules), ...effects];
}

function openLater({ policy, openAfterMs }: SupervisorRules): Effects {
  return policy === "auto" ? [{ do: "startTimer", timer: "open", afterMs: openAfterMs }] : [];
}

function goBlank(view: SessionView, afterMs: number, rules: SupervisorRules): SupervisorStep {
  const blank: SupervisorState = { ...view, name: "blank" };
  if (rules.policy !== "auto" || view.openedBy !== undefined) return [blank];
  return afterMs > 0
    ? [blank, { do: "startTimer", timer: "reopen", afterMs }]
    : [blank, { do: "openSession" }];
}

/** Leaves the network to an attempt. */
function goAway(state: SupervisorState): SupervisorStep {
  return [{ ...viewOf(state), name: "away", isTrying: false, tries: 0, refusals: 0 }, { do: "goOffline" }];
}

function pause(state: SupervisorState, ...last: Effects): SupervisorStep {
  if (state.name !== "away") return [state, ...last];
  return [
    { ...state, isTrying: false },
    { do: "stopTimer", timer: "retry" },
    ...(state.isTrying ? [{ do: "cancelJoin" } as const] : []),
    ...last,
  ];
}

function stop(): SupervisorStep {
  return [
    newSupervisor,
    { do: "stopTimer", timer: "open" },
    { do: "stopTimer", timer: "retry" },
    { do: "stopTimer", timer: "reopen" },
    { do: "cancelJoin" },
    { do: "goOffline" },
  ];
}

/** Between two tries of the kept network. */
function pauseMs({ phones }: Away, { rejoinMs, rejoinAttendedMs }: SupervisorRules): number {
  return phones > 0 ? rejoinAttendedMs : rejoinMs;
}

function retryIn(afterMs: number): { do: "startTimer"; timer: "retry"; afterMs: number } {
  return { do: "startTimer", timer: "retry", afterMs };
}

function viewOf({ openedBy, isBusy, phones }: SessionView): SessionView {
  return { ...(openedBy === undefined ? {} : { openedBy }), isBusy, phones };
}
