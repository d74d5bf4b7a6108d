import type { Step } from "@softap/ports";
import { backoffMs } from "../backoff.ts";
import { type Failure, failure } from "../failure.ts";
import type {
  BindingEffect as Effect,
  BindingEvent as Event,
  BindingRules as Rules,
  BindingState as State,
  BindingTimer as Timer,
  TokenReport,
} from "./state.ts";

/** Answer of {@link stepBinding}. */
export type BindingStep = Step<State, Effect, Timer>;
type OnTheWay = Extract<State, { name: "registering" | "connecting" | "waiting" }>;

/**
 * One step of the device's relation to its cloud. Pure.
 *
 * With a token to report a final answer, or `bindTimeoutMs`, ends in `off`; without one the session is kept and opened
 * again for as long as the device has a network.
 *
 * ```mermaid
 * stateDiagram-v2
 *   off --> registering: reportRequested / stayRequested [no secret]
 *   off --> connecting: reportRequested / stayRequested
 *   registering --> connecting: registered
 *   registering --> waiting: registerFailed [may pass]
 *   connecting --> reporting: connected [token]
 *   connecting --> online: connected
 *   connecting --> waiting: connectFailed [may pass]
 *   waiting --> registering: timerFired(retry) [no secret]
 *   waiting --> connecting: timerFired(retry)
 *   reporting --> reporting: timerFired(reply) [reports left]
 *   reporting --> online: accepted
 *   reporting --> waiting: linkLost
 *   reporting --> off: refused [final] / timerFired(reply) / timerFired(bind)
 *   online --> reporting: reportRequested
 *   online --> waiting: linkLost
 *   registering --> off: registerFailed [token, final] / timerFired(bind)
 *   connecting --> off: connectFailed [token, final] / timerFired(bind)
 *   waiting --> off: timerFired(bind)
 * ```
 *
 * `stopRequested` leads from every state to `off`.
 */
export function stepBinding(state: State, event: Event, rules: Rules): BindingStep {
  if (event.type === "stopRequested") return stop();
  if (event.type === "reportRequested") return beginReport(state, event.report, event.isRegistered, rules);
  if (event.type === "timerFired" && event.timer === "bind") return giveUp(state);
  switch (state.name) {
    case "off":
      if (event.type !== "stayRequested") return [state];
      return approach({ tries: 0 }, event.isRegistered);
    case "registering":
      if (event.type === "registered") return approach({ ...onTheWay(state), tries: 0 }, true);
      if (event.type === "registerFailed") return retryOrFail(state, event, false, rules);
      return [state];
    case "connecting":
      if (event.type === "connected") return arrive(state, rules);
      if (event.type === "connectFailed") return retryOrFail(state, event, true, rules);
      return [state];
    case "waiting":
      if (event.type !== "timerFired" || event.timer !== "retry") return [state];
      return approach(onTheWay(state), state.isRegistered);
    case "reporting":
      return stepReporting(state, event, rules);
    case "online":
      if (event.type !== "linkLost") return [state];
      return [
        { name: "waiting", tries: 1, isRegistered: true },
        retryTimer({ tries: 1, chance: event.chance, hasReport: false }, rules),
      ];
  }
}

function stepReporting(
  state: Extract<State, { name: "reporting" }>,
  event: Event,
  rules: Rules,
): BindingStep {
  const { report, sent, tries } = state;
  switch (event.type) {
    case "accepted":
      return [
        { name: "online" },
        { do: "stopTimer", timer: "reply" },
        { do: "stopTimer", timer: "bind" },
        { do: "tellAccepted", attempt: report.attempt },
      ];
    case "refused":
      if (!event.failure.canRetry || sent >= rules.maxReports) return fail(report, event.failure);
      return [
        state,
        {
          do: "startTimer",
          timer: "reply",
          afterMs: backoffMs(sent, event.chance, {
            firstMs: rules.backoffFirstMs,
            maxMs: rules.backoffMaxMs,
          }),
        },
      ];
    case "linkLost":
      return [
        {
          name: "waiting",
          report,
          tries: tries + 1,
          lastFailure: failure("MQTT_LOST"),
          isRegistered: true,
        },
        { do: "stopTimer", timer: "reply" },
        retryTimer({ tries: tries + 1, chance: event.chance, hasReport: true }, rules),
      ];
    case "timerFired":
      if (event.timer !== "reply") return [state];
      if (sent >= rules.maxReports) return fail(report, failure("BIND_REPLY_TIMEOUT"));
      return [
        { ...state, sent: sent + 1 },
        { do: "startTimer", timer: "reply", afterMs: rules.replyTimeoutMs },
        { do: "reportToken", report },
      ];
    default:
      return [state];
  }
}

function beginReport(state: State, report: TokenReport, isRegistered: boolean, rules: Rules): BindingStep {
  const deadline = { do: "startTimer", timer: "bind", afterMs: rules.bindTimeoutMs } as const;
  switch (state.name) {
    case "off":
    case "waiting": {
      const [next, ...effects] = approach({ report, tries: 0 }, isRegistered);
      return [next, { do: "stopTimer", timer: "retry" }, deadline, ...effects];
    }
    case "registering":
    case "connecting":
      return [{ ...onTheWay(state), name: state.name, report }, deadline, moved(report, state.name)];
    case "reporting":
    case "online": {
      const [next, ...effects] = arrive({ report, tries: 0 }, rules);
      return [next, deadline, ...effects];
    }
  }
}

/** Goes to the cloud: registers first where there is no secret. */
function approach(way: Omit<OnTheWay, "name" | "isRegistered">, isRegistered: boolean): BindingStep {
  const name = isRegistered ? "connecting" : "registering";
  const tell = way.report === undefined ? [] : [moved(way.report, name)];
  return [{ name, ...way }, ...tell, { do: isRegistered ? "connect" : "register" }];
}

/** The session is open. */
function arrive(way: { report?: TokenReport; tries: number }, rules: Rules): BindingStep {
  const { report, tries } = way;
  if (report === undefined) return [{ name: "online" }, { do: "resumeService" }];
  return [
    { name: "reporting", report, sent: 1, tries },
    { do: "startTimer", timer: "reply", afterMs: rules.replyTimeoutMs },
    moved(report, "reporting"),
    { do: "reportToken", report },
  ];
}

function retryOrFail(
  state: OnTheWay,
  event: { failure: Failure; chance: number },
  isRegistered: boolean,
  rules: Rules,
): BindingStep {
  const { report } = state;
  if (report !== undefined && !event.failure.canRetry) return fail(report, event.failure);
  const tries = state.tries + 1;
  return [
    {
      name: "waiting",
      ...(report === undefined ? {} : { report }),
      tries,
      lastFailure: event.failure,
      isRegistered,
    },
    retryTimer({ tries, chance: event.chance, hasReport: report !== undefined }, rules),
  ];
}

function giveUp(state: State): BindingStep {
  switch (state.name) {
    case "off":
    case "online":
      return [state];
    case "reporting":
      return fail(state.report, failure("BIND_REPLY_TIMEOUT"));
    default:
      if (state.report === undefined) return [state];
      return fail(state.report, state.lastFailure ?? failure("CLOUD_UNREACHABLE", { cause: "TIMEOUT" }));
  }
}

function fail(report: TokenReport, cause: Failure): BindingStep {
  return [...stop(), { do: "tellFailed", attempt: report.attempt, failure: cause }];
}

function stop(): [State, ...BindingStepEffect[]] {
  return [
    { name: "off" },
    { do: "stopTimer", timer: "bind" },
    { do: "stopTimer", timer: "reply" },
    { do: "stopTimer", timer: "retry" },
    { do: "closeLink" },
  ];
}

type BindingStepEffect = Exclude<BindingStep[number], State>;

function moved(report: TokenReport, phase: "registering" | "connecting" | "reporting"): Effect {
  return { do: "tellMoved", attempt: report.attempt, phase };
}

/** A person waits for a report, and its time is short: a cloud that comes back is not to be missed in a long pause. */
function retryTimer(
  pause: { tries: number; chance: number; hasReport: boolean },
  rules: Rules,
): { do: "startTimer"; timer: "retry"; afterMs: number } {
  const { backoffFirstMs, backoffMaxMs, reconnectMinMs, reportRetryMaxMs } = rules;
  const [leastMs, maxMs] = pause.hasReport
    ? [0, Math.min(reportRetryMaxMs, backoffMaxMs)]
    : [reconnectMinMs, backoffMaxMs];
  const range = { firstMs: backoffFirstMs, maxMs };
  const afterMs = Math.max(leastMs, backoffMs(pause.tries, pause.chance, range));
  return { do: "startTimer", timer: "retry", afterMs };
}

function onTheWay(state: OnTheWay): Omit<OnTheWay, "name" | "isRegistered"> {
  const { report, tries, lastFailure } = state;
  return {
    tries,
    ...(report === undefined ? {} : { report }),
    ...(lastFailure === undefined ? {} : { lastFailure }),
  };
}
