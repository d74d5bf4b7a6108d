import type { DeviceReply, DeviceStatus, Phase } from "@softap/protocol";
import type { Input, Link, Next, Plan, StateOf, Timer } from "./state.ts";
import { ask, attemptFailed, type Effects, finish, learn, start, askLater, stop } from "./transitions.ts";

type Following = StateOf<"following">;

/** One step while the device has the credentials. */
export function stepFollowing(state: Following, event: Input, plan: Plan): Next {
  const { link } = state;
  const { limits } = plan;
  switch (event.type) {
    case "replyReceived":
      return heard(state, event.reply, plan);
    case "cloudAnswered":
    case "cloudSilent":
      return askLater(state, event, plan);
    case "networkRestored":
      // What was asked over the soft AP will not be answered any more.
      return ask(state, startReturn(state, plan));
    case "softApJoined":
      if (state.phase === undefined || link.place !== "home") return [state];
      return [
        { ...state, link: { ...link, place: "softAp" }, gapMs: limits.questionGapMs },
        { do: "askDevice" },
        start("question", limits.questionGapMs),
        start("contact", limits.contactLostMs),
      ];
    case "softApFailed":
      if (state.phase === undefined || link.place !== "home") return [state];
      return [state, start("return", limits.returnAfterMs)];
    case "timerFired":
      return timerFired(state, event.timer, plan);
    default:
      return [state];
  }
}

/** Begins to follow a device that has just answered; `status` is `undefined` for an old one. */
export function follow(link: Link, status: DeviceStatus | undefined, plan: Plan, first: Effects): Next {
  const { questionGapMs, askGapMs } = plan.limits;
  const state: Following = { name: "following", link, phase: undefined, gapMs: questionGapMs };
  const begin = [...first, start("ask", askGapMs)];
  // An old device leaves its soft AP by itself, and what else is sent to it could only harm.
  if (status === undefined) return goHome(state, begin);
  // Whoever answers when the phone is on its way home will not hear a question any more.
  const questions = link.place === "home" ? [] : [start("question", questionGapMs)];
  return advance(state, status, plan, [...begin, ...questions]);
}

function heard(state: Following, reply: DeviceReply, plan: Plan): Next {
  const { link } = state;
  switch (reply.type) {
    case "error": {
      const isOld = reply.attempt !== undefined && reply.attempt <= link.deviceFloor;
      return isOld ? [state] : attemptFailed(link, reply, plan);
    }
    case "info":
      if (reply.status === undefined || reply.status.attempt <= link.deviceFloor) return [state];
      return advance({ ...state, link: learn(link, reply) }, reply.status, plan);
    case "joined":
      return goHome(state);
    case "v1Received":
      return [state];
  }
}

/** Takes in where a device of ours is. */
function advance(state: Following, status: DeviceStatus, plan: Plan, first: Effects = []): Next {
  const { phase } = status;
  const { causeGapMs, contactLostMs, resultWaitMs } = plan.limits;
  const link = { ...state.link, deviceFloor: status.attempt - 1 };
  const next: Following = { ...state, link, phase };
  const isNews = phase !== state.phase;
  // A device with one radio waits for the phone to leave: staying would only delay both.
  if (phase === "received") return goHome(next, first);
  if (phase === "bound") return isNews && link.place !== "softAp" ? ask(next, first) : goHome(next, first);
  if (link.place === "home") return [next, ...first];
  // The cause comes right behind; when it was lost, it is asked for.
  const questions = phase === "failed" && isNews ? [start("question", causeGapMs)] : [];
  if (link.place === "here") return [next, ...first, ...questions];
  if (!isOnNetwork(phase)) return [next, ...first, ...questions, start("contact", contactLostMs)];
  // It stays a moment longer: only here can be heard why the cloud refused the device.
  const wasOnNetwork = state.phase !== undefined && isOnNetwork(state.phase);
  return wasOnNetwork ? [next, ...first] : [next, ...first, start("contact", resultWaitMs)];
}

function timerFired(state: Following, timer: Timer, plan: Plan): Next {
  const { link, gapMs } = state;
  const { limits } = plan;
  switch (timer) {
    case "question": {
      const isCauseLost = state.phase === "failed";
      const nextMs = isCauseLost ? limits.causeGapMs : Math.min(gapMs * 2, limits.maxQuestionGapMs);
      return [{ ...state, gapMs: nextMs }, { do: "askDevice" }, start("question", nextMs)];
    }
    case "ask":
      return ask(state);
    case "contact":
      return goHome(state);
    case "return":
      return [state, { do: "joinSoftAp" }];
    case "verdict":
      return finish({ verdict: "unknown", cause: link.obstacle });
    default:
      return [state];
  }
}

/** Leaves the soft AP, when the phone is on it: from here on the cloud is the one to ask. */
function goHome(state: Following, first: Effects = []): Next {
  const { link } = state;
  if (link.place !== "softAp") return [state, ...first];
  return [
    { ...state, link: { ...link, place: "home" } },
    ...first,
    ...stop("question", "contact", "return"),
    { do: "restoreNetwork" },
  ];
}

/** A device that failed tells why on its soft AP: the phone looks for it there when the cloud has not heard of it by then. */
function startReturn({ phase }: Following, { limits }: Plan): Effects {
  if (phase === undefined || phase === "bound") return [];
  // A device with one radio drops its soft AP to join, and opens it again when that failed.
  return [start("return", isOnNetwork(phase) ? limits.reasonAfterMs : limits.returnAfterMs)];
}

function isOnNetwork(phase: Phase): boolean {
  return phase !== "received" && phase !== "joining" && phase !== "failed";
}
