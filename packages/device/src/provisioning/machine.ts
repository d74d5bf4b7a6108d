import { failure } from "../failure.ts";
import type {
  AttemptRequest,
  FailedAttempt,
  ProvisioningEffect as Effect,
  ProvisioningEvent as Event,
  ProvisioningRules as Rules,
  ProvisioningState as State,
} from "./state.ts";
import {
  activeOf,
  answer,
  answerOrRefuse,
  attemptOf,
  begin,
  close,
  contactOf,
  errorTo,
  expire,
  expiryOf,
  fail,
  join,
  joinEffect,
  keep,
  type Named,
  type ProvisioningStep,
  pushTo,
  reload,
  type RequestReceived,
  resultOf,
  stop,
  succeed,
} from "./transitions.ts";

/** The state of a session that has not opened yet. */
export const newSession: State = { name: "advertising", attempt: 0 };

/**
 * One step of a provisioning session on the device. Pure.
 *
 * A repeated request is a question and is answered from any state; one with other values replaces the attempt as long as
 * the station has not joined, is refused with `PROVISIONING_ACTIVE` from then on, and starts the next attempt after a failure.
 *
 * ```mermaid
 * stateDiagram-v2
 *   advertising --> saving: requestReceived [new values]
 *   advertising --> joining: requestResumed
 *   saving --> joining: pendingSaved [radio does both]
 *   saving --> leaving: pendingSaved [radio does one]
 *   leaving --> joining: timerFired(leave) / phonesChanged(0)
 *   saving --> saving: requestReceived [new values]
 *   leaving --> saving: requestReceived [new values]
 *   joining --> saving: requestReceived [new values]
 *   joining --> joining: joinFailed [may pass, tries left]
 *   joining --> binding: stationJoined
 *   joining --> keeping: stationJoined [no token]
 *   binding --> reloading: stationLost [first time]
 *   keeping --> reloading: stationLost [first time]
 *   reloading --> joining: requestResumed
 *   reloading --> bound: pendingMissing [accepted]
 *   reloading --> advertising: pendingMissing
 *   binding --> keeping: tokenAccepted
 *   keeping --> bound: networkKept / keepFailed [no tries left]
 *   bound --> closed: timerFired(linger) / phonesChanged(0)
 *   joining --> advertising: joinFailed [radio does both]
 *   binding --> advertising: bindingFailed [radio does both]
 *   joining --> reopening: joinFailed [radio does one]
 *   binding --> reopening: bindingFailed [radio does one]
 *   reopening --> advertising: softApReopened
 *   reopening --> closed: softApReopenFailed
 *   advertising --> closed: timerFired(session)
 *   joining --> closed: joinFailed [session expired]
 *   binding --> closed: bindingFailed [session expired]
 * ```
 *
 * `stopRequested` leads from every state to `closed`.
 */
export function stepProvisioning(state: State, event: Event, rules: Rules): ProvisioningStep {
  if (state.name === "closed") return [state];
  if (event.type === "stopRequested") return stop(state);
  if (event.type === "timerFired" && event.timer === "session") return expire(state);
  switch (state.name) {
    case "advertising":
      return stepAdvertising(state, event, rules);
    case "saving":
      return stepSaving(state, event, rules);
    case "leaving":
      return stepLeaving(state, event, rules);
    case "joining":
      return stepJoining(state, event, rules);
    case "binding":
      return stepBinding(state, event, rules);
    case "reloading":
      return stepReloading(state, event, rules);
    case "keeping":
      return stepKeeping(state, event, rules);
    case "bound":
      return stepBound(state, event);
    case "reopening":
      return stepReopening(state, event, rules);
  }
}

function stepAdvertising(state: Named<"advertising">, event: Event, rules: Rules): ProvisioningStep {
  const { failed } = state;
  switch (event.type) {
    case "opened":
      return [state, { do: "startTimer", timer: "session", afterMs: rules.sessionMs }];
    case "requestReceived":
      return failed !== undefined && isQuestionAbout(failed, event.request)
        ? answerFailed({ ...state, failed }, event, rules)
        : begin(state, event, rules);
    case "requestResumed": {
      const resumed = { name: "advertising", attempt: event.attempt } as const;
      return join({ ...resumed, ...attemptOf(event.request) }, event.request, rules);
    }
    case "phonesChanged":
      if (event.count === 0 || failed === undefined || failed.isDelivered) return [state];
      return [{ ...state, failed: { ...failed, isDelivered: true } }, ...errorTo(failed, state.attempt)];
    case "timerFired":
      if (event.timer !== "burst" || failed === undefined) return [state];
      return [{ ...state, failed: { ...failed, isBurst: false } }];
    default:
      return [state];
  }
}

/** The same values with the same trace, or without one in the same burst, ask about the attempt; else they are another try. */
function isQuestionAbout(failed: FailedAttempt, request: AttemptRequest): boolean {
  if (request.key !== failed.key) return false;
  return request.trace === undefined ? failed.isBurst : request.trace === failed.trace;
}

function answerFailed(
  state: Named<"advertising"> & { failed: FailedAttempt },
  event: RequestReceived,
  rules: Rules,
): ProvisioningStep {
  const contact = contactOf(event);
  const failed = { ...state.failed, contact, isBurst: true, isDelivered: true };
  return [
    { ...state, failed },
    { do: "replyInfo", ...contact },
    ...errorTo(failed, state.attempt),
    { do: "startTimer", timer: "burst", afterMs: rules.burstGapMs },
  ];
}

function stepSaving(state: Named<"saving">, event: Event, rules: Rules): ProvisioningStep {
  if (event.type === "requestReceived")
    // The answer follows as soon as the journal is written; then it goes to who asked last.
    return event.request.key === state.key
      ? [{ ...state, contact: contactOf(event) }]
      : begin(state, event, rules);
  if (event.type !== "pendingSaved" || event.attempt !== state.attempt) return [state];
  const reply: Effect[] = state.contact === undefined ? [] : [{ do: "replyInfo", ...state.contact }];
  if (rules.softApWhileStation) return join(state, state.request, rules, ...reply);
  return [
    { ...state, name: "leaving" },
    ...reply,
    { do: "startTimer", timer: "leave", afterMs: rules.leaveDelayMs },
  ];
}

function stepLeaving(state: Named<"leaving">, event: Event, rules: Rules): ProvisioningStep {
  if (event.type === "requestReceived") {
    if (event.request.key === state.key) return answer(state, event);
    const [next, ...effects] = begin(state, event, rules);
    return next.name === "leaving"
      ? [next, ...effects]
      : [next, { do: "stopTimer", timer: "leave" }, ...effects];
  }
  const hasPhoneLeft = event.type === "phonesChanged" && event.count === 0;
  if (hasPhoneLeft) return join(state, state.request, rules, { do: "stopTimer", timer: "leave" });
  if (event.type === "timerFired" && event.timer === "leave") return join(state, state.request, rules);
  return [state];
}

function stepJoining(state: Named<"joining">, event: Event, rules: Rules): ProvisioningStep {
  switch (event.type) {
    case "requestReceived": {
      if (event.request.key === state.key) return answer(state, event);
      const [next, ...effects] = begin(state, event, rules);
      return next.name === "joining"
        ? [next, ...effects]
        : [next, { do: "stopTimer", timer: "joinRetry" }, { do: "cancelJoin" }, ...effects];
    }
    case "stationJoined": {
      if (event.attempt !== state.attempt) return [state];
      const { request, joinTry: _try, ...kept } = state;
      const { token, trace } = request;
      // Without a token the network is all that was asked for.
      if (token === undefined)
        return [
          { ...activeOf(state), name: "keeping", keepTry: 1, ...rejoinOf(state) },
          ...pushTo(state.contact),
          keep(state),
        ];
      return [
        { ...kept, name: "binding", phase: "joined" },
        ...pushTo(state.contact),
        { do: "bind", attempt: state.attempt, token, ...(trace === undefined ? {} : { trace }) },
      ];
    }
    case "joinFailed":
      if (event.attempt !== state.attempt) return [state];
      if (event.failure.canRetry && state.joinTry < rules.maxJoinTries)
        return [
          { ...state, joinTry: state.joinTry + 1 },
          { do: "startTimer", timer: "joinRetry", afterMs: rules.joinRetryMs },
        ];
      return fail(state, event.failure, rules);
    case "timerFired":
      return event.timer === "joinRetry" ? [state, joinEffect(state.request, state.attempt)] : [state];
    default:
      return [state];
  }
}

function stepBinding(state: Named<"binding">, event: Event, rules: Rules): ProvisioningStep {
  switch (event.type) {
    case "requestReceived":
      return answerOrRefuse(state, event);
    case "bindingMoved":
      if (event.attempt !== state.attempt || event.phase === state.phase) return [state];
      return [{ ...state, phase: event.phase }, ...pushTo(state.contact)];
    case "tokenAccepted":
      if (event.attempt !== state.attempt) return [state];
      return [{ ...activeOf(state), name: "keeping", keepTry: 1, ...rejoinOf(state) }, keep(state)];
    case "bindingFailed":
      return event.attempt === state.attempt ? fail(state, event.failure, rules) : [state];
    case "stationLost":
      return state.hasRejoined === true
        ? fail(state, failure("WIFI_LOST"), rules, { do: "stopBinding" })
        : reload(state, false);
    default:
      return [state];
  }
}

function stepReloading(state: Named<"reloading">, event: Event, rules: Rules): ProvisioningStep {
  if (event.type === "requestReceived") return answerOrRefuse(state, event);
  if (event.type === "pendingMissing" && event.attempt === state.attempt)
    // A journal that is gone after the cloud's yes was finished together with keeping the network.
    return state.isAccepted ? succeed(state, rules) : fail(state, failure("WIFI_LOST"), rules);
  if (event.type !== "requestResumed" || event.attempt !== state.attempt) return [state];
  const [next, ...effects] = join(state, event.request, rules);
  return next.name === "joining" ? [{ ...next, hasRejoined: true }, ...effects] : [next, ...effects];
}

function stepKeeping(state: Named<"keeping">, event: Event, rules: Rules): ProvisioningStep {
  switch (event.type) {
    case "requestReceived":
      return answerOrRefuse(state, event);
    case "stationLost":
      return state.hasRejoined === true ? [state] : reload(state, true);
    case "networkKept":
      return succeed(state, rules);
    case "keepFailed":
      // The cloud has accepted the token, so this is a success; the journal, left in place, keeps the network at the next start.
      if (state.keepTry >= rules.maxKeepTries) return succeed(state, rules);
      return [
        { ...state, keepTry: state.keepTry + 1 },
        { do: "startTimer", timer: "keepRetry", afterMs: rules.keepRetryMs },
      ];
    case "timerFired":
      return event.timer === "keepRetry" ? [state, keep(state)] : [state];
    default:
      return [state];
  }
}

function stepBound(state: Named<"bound">, event: Event): ProvisioningStep {
  if (event.type === "requestReceived") return answerOrRefuse(state, event);
  const hasPhoneLeft = event.type === "phonesChanged" && event.count === 0;
  const hasLingered = event.type === "timerFired" && event.timer === "linger";
  return hasPhoneLeft || hasLingered ? close(resultOf(state)) : [state];
}

function stepReopening(state: Named<"reopening">, event: Event, rules: Rules): ProvisioningStep {
  if (event.type === "softApReopenFailed") return close({ type: "failed", failure: event.failure });
  if (event.type !== "softApReopened") return [state];
  const { failed, attempt } = state;
  return [
    { name: "advertising", attempt, failed, ...expiryOf(state) },
    { do: "startTimer", timer: "burst", afterMs: rules.burstGapMs },
    ...(state.isExpired === true
      ? [{ do: "startTimer", timer: "session", afterMs: rules.lingerMs } as const]
      : []),
  ];
}

function rejoinOf({ hasRejoined }: { hasRejoined?: true }): { hasRejoined?: true } {
  return hasRejoined === true ? { hasRejoined } : {};
}
