import { type DeviceReply, ProtocolError, type SoftApError } from "@softap/protocol";
import { failureOf, silenceOf } from "./failure.ts";
import { follow, stepFollowing } from "./following.ts";
import { type Input, type Next, type Place, type Plan, type State, type StateOf } from "./state.ts";
import {
  ask,
  attemptFailed,
  bind,
  type Effects,
  fail,
  finish,
  learn,
  send,
  start,
  askLater,
  startNextSend,
  stopAll,
} from "./transitions.ts";

/** Versions that speak as this package does; "1.0" is what a device that sends none counts as. */
const knownVersions: readonly string[] = ["1.0", "2.0", "3.0"];

/**
 * More replies than a device's copies about the attempt before can be: it counts its attempts anew (it restarted), and
 * answers to these credentials.
 */
const maxOldReplies = 5;

const newLink = { attempt: 1, deviceFloor: 0, device: {}, asked: 0, rejoins: 0, obstacle: undefined };

/**
 * One step of the phone's side. Pure: same arguments, same answer; it performs nothing itself.
 *
 * ```mermaid
 * stateDiagram-v2
 *   [*] --> idle
 *   idle --> preparing: started
 *   preparing --> joiningSoftAp: prepared [switches Wi-Fi]
 *   preparing --> opening: prepared
 *   joiningSoftAp --> opening: softApJoined
 *   opening --> sending: socketOpened
 *   sending --> following: device answered
 *   sending --> lastAsking: timer silence
 *   sending --> joiningSoftAp: softApLost [not too often]
 *   joiningSoftAp --> sending: softApJoined [again]
 *   joiningSoftAp --> lastAsking: softApFailed [again]
 *   sending --> askingPerson: Current_Error [can be cured]
 *   following --> askingPerson: Current_Error [can be cured]
 *   askingPerson --> sending: inputGiven
 *   lastAsking --> following: device answered
 *   lastAsking --> binding: token in state 2
 *   following --> binding: token in state 2
 *   lastAsking --> finished: not in state 2 in time (failed), cloud out of reach (unknown)
 *   following --> finished: Current_Error, cloudRefused (failed), timer verdict (unknown)
 *   binding --> finished: familyBound (bound), refused (failed), timer verdict (unknown)
 *   finished --> [*]
 * ```
 *
 * `canceled` leads from every state to `finished`; so do `prepareFailed`, `softApFailed` and `socketFailed` from theirs.
 */
export function step(state: State, event: Input, plan: Plan): Next {
  if (state.name === "finished") return [state];
  if (event.type === "canceled") return fail(event.error);
  // Also the answer to a question of the attempt before decides.
  if ("link" in state && state.name !== "binding") {
    if (event.type === "cloudAnswered" && event.answer.state === 2)
      return bind(learn(state.link, event.answer), plan);
    if (event.type === "cloudRefused" && state.name !== "lastAsking") return fail(event.error);
  }
  switch (state.name) {
    case "idle":
      return event.type === "started" ? [{ name: "preparing" }, { do: "prepare" }] : [state];
    case "preparing":
      if (event.type === "prepareFailed") return fail(event.error);
      if (event.type !== "prepared") return [state];
      return plan.joinsSoftAp
        ? [{ name: "joiningSoftAp", former: undefined }, { do: "joinSoftAp" }]
        : open("here");
    case "joiningSoftAp":
      return stepJoining(state, event, plan);
    case "opening":
      if (event.type === "socketFailed") return fail(event.error);
      return event.type === "socketOpened"
        ? send({ ...newLink, place: state.place }, event.gapsMs, plan)
        : [state];
    case "sending":
      return stepSending(state, event, plan);
    case "following":
      return stepFollowing(state, event, plan);
    case "lastAsking":
      return stepLastAsking(state, event, plan);
    case "askingPerson":
      if (event.type === "inputDeclined") return fail(state.failure.error, state.failure.retry);
      if (event.type !== "inputGiven") return [state];
      return send({ ...state.link, attempt: state.link.attempt + 1 }, event.gapsMs, plan);
    case "binding":
      return stepBinding(state, event, plan);
  }
}

/** Replies cannot come meanwhile: the device is asked once more afterwards. */
function stepJoining(state: StateOf<"joiningSoftAp">, event: Input, plan: Plan): Next {
  const { former } = state;
  if (event.type === "softApJoined") return former ? send(former.link, event.gapsMs, plan) : open("softAp");
  if (event.type !== "softApFailed") return [state];
  return former ? silent(former, plan, event.error) : fail(event.error);
}

function open(place: Place): Next {
  return [{ name: "opening", place }, { do: "openSocket" }];
}

function stepSending(state: StateOf<"sending">, event: Input, plan: Plan): Next {
  const { link } = state;
  const { limits } = plan;
  if (event.type === "replyReceived") {
    const { reply } = event;
    if (reply.type !== "error") return answered(state, reply, plan);
    if (reply.attempt !== undefined && reply.attempt <= link.deviceFloor) return [state];
    if (reply.attempt !== undefined || link.attempt === 1) return attemptFailed(link, reply, plan);
    // A device that does not number its attempts may still be talking about the one before.
    return [{ ...state, refusal: failureOf(reply, link.attempt) }];
  }
  if (event.type === "softApLost" && link.rejoins < limits.maxRejoins)
    return [
      { name: "joiningSoftAp", former: { ...state, link: { ...link, rejoins: link.rejoins + 1 } } },
      ...stopAll,
      { do: "joinSoftAp" },
    ];
  if (event.type !== "timerFired") return [state];
  if (event.timer === "silence") return silent(state, plan);
  if (event.timer === "contact" && link.place === "softAp")
    return [state, { do: "checkSoftAp" }, start("contact", limits.softApCheckMs)];
  if (event.timer !== "send") return [state];
  const gapsMs = state.gapsMs.slice(1);
  return [{ ...state, gapsMs }, { do: "sendCredentials", attempt: link.attempt }, ...startNextSend(gapsMs)];
}

/** The replies may be lost while the credentials arrived: before it is called a failure, the cloud is asked. */
function silent({ link, refusal }: StateOf<"sending">, plan: Plan, cause?: SoftApError): Next {
  const failure = refusal ?? silenceOf(link.attempt, plan.limits.silentAfterMs, cause);
  const mayBeJoining = refusal === undefined;
  // On the soft AP there is no cloud to ask.
  const isAsking = link.place !== "softAp";
  const state = { name: "lastAsking", link, failure, mayBeJoining, isAsking } as const;
  if (isAsking) return askAtLast(state, plan, stopAll);
  return [{ ...state, link: { ...link, place: "home" } }, ...stopAll, { do: "restoreNetwork" }];
}

function askAtLast(state: StateOf<"lastAsking">, { limits }: Plan, first: Effects = []): Next {
  const { silentAskMs, verdictTimeoutMs } = limits;
  const deadline = start("verdict", Math.min(silentAskMs, verdictTimeoutMs));
  return ask(state, state.mayBeJoining ? [...first, deadline] : first);
}

function stepLastAsking(state: StateOf<"lastAsking">, event: Input, plan: Plan): Next {
  const { link, failure, mayBeJoining, isAsking } = state;
  switch (event.type) {
    case "replyReceived":
      return event.reply.type === "error" ? [state] : answered(state, event.reply, plan);
    case "networkRestored":
      return askAtLast({ ...state, isAsking: true }, plan);
    case "cloudAnswered":
    case "cloudSilent":
      if (!isAsking) return [state];
      return mayBeJoining ? askLater(state, event, plan) : fail(failure.error, failure.retry);
    case "cloudRefused":
      return fail(failure.error, failure.retry);
    case "timerFired":
      if (event.timer === "ask") return ask(state);
      if (event.timer !== "verdict") return [state];
      // Nobody could say whether the device got through.
      if (link.obstacle !== undefined) return finish({ verdict: "unknown", cause: link.obstacle });
      return fail(failure.error, failure.retry);
    default:
      return [state];
  }
}

/** The first sign that the device has the credentials of this attempt, in time or a little late. */
function answered(
  state: StateOf<"sending"> | StateOf<"lastAsking">,
  reply: Exclude<DeviceReply, { type: "error" }>,
  plan: Plan,
): Next {
  const { link } = state;
  const first = [...stopAll, start("verdict", plan.limits.verdictTimeoutMs)];
  if (reply.type !== "info") return follow(link, undefined, plan, first);
  const { status, protoVersion } = reply;
  // What it said about the attempt before, on its way twice; the answer to these credentials carries a higher number.
  if (status !== undefined && status.attempt <= link.deviceFloor) {
    if (state.name === "lastAsking") return [state];
    if (state.oldReplies < maxOldReplies) return [{ ...state, oldReplies: state.oldReplies + 1 }];
  }
  if (!knownVersions.includes(protoVersion))
    return fail(
      new ProtocolError("PROTOCOL_VERSION_UNKNOWN", "The device speaks an unknown version", {
        context: { protoVersion: protoVersion.slice(0, 16) },
      }),
    );
  return follow(learn(link, reply), status, plan, first);
}

function stepBinding(state: StateOf<"binding">, event: Input, { limits }: Plan): Next {
  const { link, device, gapMs } = state;
  const attempt = state.attempt + 1;
  switch (event.type) {
    case "familyBound":
      return finish({ verdict: "bound", device });
    case "bindFailed": {
      const isAmbiguous = state.isAmbiguous || event.isAmbiguous;
      const next = { ...state, isAmbiguous, link: { ...link, obstacle: event.error } };
      if (event.canRetry)
        return [{ ...next, gapMs: Math.min(gapMs * 2, limits.maxBindGapMs) }, start("bind", gapMs)];
      // A try that was never answered may have used the token up: then this refusal says nothing.
      return isAmbiguous ? finish({ verdict: "unknown", cause: event.error }) : fail(event.error);
    }
    case "softApJoined":
      // The phone was looking for the device when the cloud heard of it.
      return [{ ...state, link: { ...link, place: "home" } }, { do: "restoreNetwork" }];
    case "timerFired":
      if (event.timer === "verdict") return finish({ verdict: "unknown", cause: link.obstacle });
      if (event.timer !== "bind") return [state];
      return [
        { ...state, attempt },
        { do: "bindFamily", device, attempt },
      ];
    default:
      return [state];
  }
}
