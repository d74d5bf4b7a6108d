import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { phoneLimits as limits } from "@softap/phone";
import { Engine } from "@softap/ports";
import { CanceledError, type DeviceReply, softApError } from "@softap/protocol";
import { VirtualClock } from "@softap/virtual";
import { step } from "../src/provisioning/machine.ts";
import {
  type Effect,
  type Event,
  type Input,
  type Link,
  type Plan,
  type State,
  type Timer,
  timers,
} from "../src/provisioning/state.ts";

const plan: Plan = { joinsSoftAp: true, canAskPerson: true, limits };
const named = { productId: "P", deviceName: "D" };
const error = softApError("UNREACHABLE", "out of reach");
const failure = { code: error.code, error, retry: "yes", attempt: 1 } as const;
const link: Link = {
  place: "softAp",
  attempt: 2,
  deviceFloor: 1,
  device: named,
  asked: 0,
  rejoins: 0,
  obstacle: undefined,
};
const gapsMs = [80, 120];
const gapMs = 1_000;

const replies: Record<string, DeviceReply> = {
  "info without status": { type: "info", ...named, protoVersion: "2.0" },
  "info of unknown version": { type: "info", ...named, protoVersion: "4.0" },
  "info joining": { type: "info", ...named, protoVersion: "2.0", status: { phase: "joining", attempt: 2 } },
  "info joined": { type: "info", ...named, protoVersion: "2.0", status: { phase: "joined", attempt: 2 } },
  "info bound": { type: "info", ...named, protoVersion: "2.0", status: { phase: "bound", attempt: 2 } },
  "info of attempt before": {
    type: "info",
    ...named,
    protoVersion: "2.0",
    status: { phase: "failed", attempt: 1 },
  },
  "error to be cured": {
    type: "error",
    isCurrent: true,
    log: "",
    code: "WIFI_AUTH_FAILED",
    retry: "input",
    attempt: 2,
  },
  "error for good": {
    type: "error",
    isCurrent: true,
    log: "",
    code: "BIND_TOKEN_USED",
    retry: "no",
    attempt: 2,
  },
  "error of attempt before": {
    type: "error",
    isCurrent: true,
    log: "",
    code: "WIFI_AUTH_FAILED",
    retry: "input",
    attempt: 1,
  },
  "error without number": {
    type: "error",
    isCurrent: true,
    log: "",
    code: "WIFI_AUTH_FAILED",
    retry: "input",
  },
  "joined notice": { type: "joined" },
  "v1 received": { type: "v1Received" },
};

const events: Record<string, Input> = {
  started: { type: "started" },
  prepared: { type: "prepared" },
  prepareFailed: { type: "prepareFailed", error },
  softApJoined: { type: "softApJoined", gapsMs },
  softApFailed: { type: "softApFailed", error },
  softApLost: { type: "softApLost" },
  socketOpened: { type: "socketOpened", gapsMs },
  socketFailed: { type: "socketFailed", error },
  ...Object.fromEntries(
    Object.entries(replies).map(([name, reply]) => [name, { type: "replyReceived", reply } as const]),
  ),
  "cloud: state 1": { type: "cloudAnswered", answer: { state: 1 } },
  "cloud: state 2": { type: "cloudAnswered", answer: { state: 2 } },
  cloudSilent: { type: "cloudSilent", error },
  cloudRefused: { type: "cloudRefused", error },
  networkRestored: { type: "networkRestored" },
  inputGiven: { type: "inputGiven", gapsMs },
  inputDeclined: { type: "inputDeclined" },
  familyBound: { type: "familyBound" },
  "bindFailed, may pass": { type: "bindFailed", error, canRetry: true, isAmbiguous: true },
  "bindFailed, final": { type: "bindFailed", error, canRetry: false, isAmbiguous: false },
  canceled: { type: "canceled", error: new CanceledError("CANCELED", "enough") },
  ...Object.fromEntries(timers.map((timer) => [`timer ${timer}`, { type: "timerFired", timer } as const])),
};

const sending = { name: "sending", link, gapsMs, refusal: undefined, oldReplies: 0 } as const;

const states: Record<string, State> = {
  idle: { name: "idle" },
  preparing: { name: "preparing" },
  joiningSoftAp: { name: "joiningSoftAp", former: undefined },
  "joiningSoftAp, again": { name: "joiningSoftAp", former: sending },
  opening: { name: "opening", place: "softAp" },
  "sending, on the soft AP": sending,
  "sending, thrown off too often": { ...sending, link: { ...link, rejoins: limits.maxRejoins } },
  "sending, here": {
    name: "sending",
    link: { ...link, place: "here" },
    gapsMs: [],
    refusal: undefined,
    oldReplies: 5,
  },
  "following ours, on the soft AP": { name: "following", link, phase: "joining", gapMs },
  "following ours, here": { name: "following", link: { ...link, place: "here" }, phase: "joining", gapMs },
  "following ours, at home": { name: "following", link: { ...link, place: "home" }, phase: "joining", gapMs },
  "following an old one, at home": {
    name: "following",
    link: { ...link, place: "home" },
    phase: undefined,
    gapMs,
  },
  lastAsking: {
    name: "lastAsking",
    link: { ...link, place: "home" },
    failure,
    mayBeJoining: true,
    isAsking: true,
  },
  "lastAsking, on the way home": {
    name: "lastAsking",
    link: { ...link, place: "home" },
    failure,
    mayBeJoining: true,
    isAsking: false,
  },
  "lastAsking, cloud out of reach": {
    name: "lastAsking",
    link: { ...link, place: "home", obstacle: failure.error },
    failure,
    mayBeJoining: true,
    isAsking: true,
  },
  "lastAsking after a refusal": {
    name: "lastAsking",
    link: { ...link, place: "home" },
    failure,
    mayBeJoining: false,
    isAsking: true,
  },
  askingPerson: { name: "askingPerson", link, failure },
  binding: { name: "binding", link, device: named, attempt: 1, gapMs: 500, isAmbiguous: false },
  "binding, perhaps done": {
    name: "binding",
    link,
    device: named,
    attempt: 2,
    gapMs: 500,
    isAmbiguous: true,
  },
  finished: { name: "finished", ending: { verdict: "bound", device: named } },
};

function row(state: State, event: Input): string {
  const [next, ...effects] = step(state, event, plan);
  const shown = effects.map((effect) => {
    if (effect.do === "startTimer") return `${effect.do} ${effect.timer} ${effect.afterMs}`;
    return effect.do === "stopTimer" ? `-${effect.timer}` : effect.do;
  });
  const all = timers.map((timer) => `-${timer}`).join(", ");
  const ending = next.name === "finished" ? ` (${next.ending.verdict})` : "";
  return `${next.name}${ending} [${shown.join(", ").replace(all, "-every timer")}]`;
}

describe("step()", () => {
  test("covers every pair of state and event", () => {
    const table = Object.entries(states).flatMap(([stateName, state]) =>
      Object.entries(events).flatMap(([eventName, event]) => {
        const [next, ...effects] = step(state, event, plan);
        const isIgnored = next === state && effects.length === 0;
        return isIgnored ? [] : [`${stateName} + ${eventName} -> ${row(state, event)}`];
      }),
    );
    expect(Object.keys(states).length * Object.keys(events).length).toBe(780);
    expect(table).toMatchSnapshot();
  });

  test("ignores everything once it is finished", () => {
    for (const event of Object.values(events)) {
      const state: State = { name: "finished", ending: { verdict: "bound", device: named } };
      expect(step(state, event, plan)).toEqual([state]);
    }
  });

  const world = fc.constantFrom(...Object.values(events).filter((event) => event.type !== "timerFired"));
  // Leads into the flow, so that random events meet more than the first states.
  const prefix = fc.constantFrom(
    ...[
      ["started", "prepared"],
      ["started", "prepared", "softApJoined", "socketOpened"],
      ["started", "prepared", "softApJoined", "socketOpened", "info joining"],
      ["started", "prepared", "softApJoined", "socketOpened", "info without status"],
      ["started", "prepared", "softApJoined", "socketOpened", "info bound", "cloud: state 2"],
    ].map((names) => names.flatMap((name) => events[name] ?? [])),
  );
  const script = fc.array(fc.tuple(world, fc.nat({ max: 30_000 })), { maxLength: 40 });

  test("whatever happens: one verdict, no timer after it, a deadline before it, no question to an old device", () => {
    fc.assert(
      fc.property(prefix, script, fc.boolean(), fc.boolean(), (first, rest, joinsSoftAp, canAskPerson) => {
        const clock = new VirtualClock();
        let finishes = 0;
        let asked = 0;
        const engine = new Engine<State, Event, Effect, Timer>({
          clock,
          initial: { name: "idle" },
          step: (state, event) => step(state, event, { joinsSoftAp, canAskPerson, limits }),
          perform: (effect) => {
            if (effect.do === "finish") finishes += 1;
            if (effect.do === "askPerson") asked += 1;
            if (effect.do === "askDevice") {
              // Old devices are never asked.
              const { state } = engine;
              expect(
                state.name === "following" && state.phase !== undefined && state.link.place !== "home",
              ).toBe(true);
            }
          },
        });
        for (const [event, delayMs] of [...first.map((event) => [event, 0] as const), ...rest]) {
          if (event.type !== "timerFired") engine.dispatch(event);
          clock.advanceSync(delayMs);
          const { state } = engine;
          const { pending: pendingTimers } = clock;
          switch (state.name) {
            case "sending":
              expect(pendingTimers).toEqual(expect.arrayContaining(["silence", "verdict"]));
              break;
            case "following":
            case "binding":
              expect(pendingTimers).toContain("verdict");
              break;
            case "lastAsking":
              // The way home has a limit of its own, and so has a single question.
              if (state.isAsking && state.mayBeJoining) expect(pendingTimers).toContain("verdict");
              else expect(pendingTimers).toEqual([]);
              break;
            default:
              expect(pendingTimers).toEqual([]);
          }
        }
        const isFinished = engine.state.name === "finished";
        expect(finishes).toBe(isFinished ? 1 : 0);
        expect(asked).toBeLessThan(limits.maxAttempts);
        expect(canAskPerson || asked === 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("says bound only after the family was bound", () => {
    fc.assert(
      fc.property(prefix, script, (first, rest) => {
        let state: State = { name: "idle" };
        for (const event of [...first, ...rest.map(([event]) => event)]) {
          const before: State = state;
          [state] = step(state, event, plan);
          const isBound = state.name === "finished" && state.ending.verdict === "bound";
          if (isBound && before.name !== "finished")
            expect([before.name, event.type]).toEqual(["binding", "familyBound"]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
