import type { TimerEffect } from "@softap/ports";
import { type ErrorReply, ProtocolError } from "@softap/protocol";
import { failureOf } from "./failure.ts";
import type { Failure } from "./options.ts";
import {
  type Effect,
  type Ending,
  type Event,
  type Link,
  type Next,
  type Plan,
  type StateOf,
  type Timer,
  timers,
} from "./state.ts";

/** Effects of the machine and of its timers. */
export type Effects = readonly (Effect | TimerEffect<Timer>)[];

/** (Re)starts a timer. */
export function start(timer: Timer, afterMs: number): TimerEffect<Timer> {
  return { do: "startTimer", timer, afterMs };
}

/** Stops timers. */
export function stop(...names: readonly Timer[]): TimerEffect<Timer>[] {
  return names.map((timer) => ({ do: "stopTimer", timer }));
}

/** Stops every timer. */
export const stopAll: readonly TimerEffect<Timer>[] = stop(...timers);

/** Starts the timer of the next send, while one is left. */
export function startNextSend([gapMs]: readonly number[]): TimerEffect<Timer>[] {
  return gapMs === undefined ? [] : [start("send", gapMs)];
}

/** Begins an attempt, or goes on with it on the soft AP joined anew. */
export function send(link: Link, gapsMs: readonly number[], { limits }: Plan): Next {
  return [
    { name: "sending", link, gapsMs, refusal: undefined, oldReplies: 0 },
    { do: "sendCredentials", attempt: link.attempt },
    ...startNextSend(gapsMs),
    start("silence", limits.silentAfterMs),
    start("contact", limits.softApCheckMs),
    start("verdict", limits.verdictTimeoutMs),
  ];
}

/** Asks the cloud now. */
export function ask(state: StateOf<"following"> | StateOf<"lastAsking">, first: Effects = []): Next {
  const asked = state.link.asked + 1;
  return [{ ...state, link: { ...state.link, asked } }, ...first, ...stop("ask"), { do: "askCloud", asked }];
}

/** The cloud has not heard of the device, or could not be asked: it is asked again. */
export function askLater(
  state: StateOf<"following"> | StateOf<"lastAsking">,
  event: Extract<Event, { type: "cloudAnswered" | "cloudSilent" }>,
  { limits }: Plan,
): Next {
  const obstacle = event.type === "cloudSilent" ? event.error : undefined;
  const { asked } = state.link;
  const gapMs = asked < limits.frequentAsks ? limits.askGapMs : limits.maxAskGapMs;
  return [{ ...state, link: { ...state.link, obstacle } }, start("ask", gapMs)];
}

/** Begins to tie the device to the family. */
export function bind(link: Link, { limits }: Plan): Next {
  const { productId, deviceName } = link.device;
  if (productId === undefined || deviceName === undefined)
    return fail(new ProtocolError("REPLY_INVALID", "Nobody told which device it is"));
  const device = { productId, deviceName };
  return [
    { name: "binding", link, device, attempt: 1, gapMs: limits.bindGapMs, isAmbiguous: false },
    ...stopAll,
    start("verdict", limits.bindTimeoutMs),
    { do: "bindFamily", device, attempt: 1 },
  ];
}

/** The device told why it did not work: somebody may know better, else it is over. */
export function attemptFailed(link: Link, reply: ErrorReply, plan: Plan): Next {
  const failure = failureOf(reply, link.attempt);
  const isInReach = link.place !== "home";
  const canTryAgain = failure.retry !== "no" && link.attempt < plan.limits.maxAttempts;
  if (!plan.canAskPerson || !isInReach || !canTryAgain) return fail(failure.error, failure.retry);
  const deviceFloor = Math.max(link.deviceFloor, reply.attempt ?? 0);
  return [
    { name: "askingPerson", link: { ...link, deviceFloor }, failure },
    ...stopAll,
    { do: "askPerson", failure },
  ];
}

/** Adds what was told about who the device is. */
export function learn(
  link: Link,
  told: { readonly productId?: string | undefined; readonly deviceName?: string | undefined },
): Link {
  const { productId, deviceName } = told;
  if (productId === undefined || deviceName === undefined) return link;
  return { ...link, device: { productId, deviceName } };
}

/** It is certain that it did not work. */
export function fail(error: Failure["error"], retry: Failure["retry"] = error.entry.retry): Next {
  return finish({ verdict: "failed", error, retry });
}

/** Ends with no timer left. */
export function finish(ending: Ending): Next {
  return [{ name: "finished", ending }, ...stopAll, { do: "finish", ending }];
}
