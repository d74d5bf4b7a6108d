import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Engine } from "@softap/ports";
import { encodeUtf8, Secret } from "@softap/protocol";
import { VirtualClock } from "@softap/virtual";
import { failure } from "../src/failure.ts";
import { deviceLimits } from "../src/limits.ts";
import { newSession, stepProvisioning } from "../src/provisioning/machine.ts";
import type {
  AttemptRequest,
  FailedAttempt,
  ProvisioningEffect as Effect,
  ProvisioningEvent as Event,
  ProvisioningState as State,
  ProvisioningTimer as Timer,
} from "../src/provisioning/state.ts";
import { holdsSecret, machineTable, type Row } from "./machine-table.ts";

const both = { ...deviceLimits({ maxAttempts: 6 }), softApWhileStation: true };
const single = { ...both, softApWhileStation: false };

function request(key: string, trace?: string): AttemptRequest {
  return {
    key,
    token: Secret.of(`token ${key}`),
    network: { ssid: encodeUtf8(key), passphrase: Secret.of("abcd1234") },
    ...(trace === undefined ? {} : { trace }),
  };
}

const a = request("a", "0000000a");
const b = request("b");
/** No token: keeping the network is all there is to do. */
const c: AttemptRequest = { key: "a", network: { ssid: encodeUtf8("a"), passphrase: Secret.of("abcd1234") } };
const peer = "udp p 1";
const contact = { peer, isTraced: true };
const auth = failure("WIFI_AUTH_FAILED");
const weak = failure("WIFI_TOO_WEAK");
const attempt = { attempt: 1, key: "a", trace: "0000000a", contact };
const failed: FailedAttempt = {
  key: "a",
  trace: "0000000a",
  contact,
  failure: auth,
  isBurst: true,
  isDelivered: true,
};

const states: readonly Row<State>[] = [
  ["advertising", newSession],
  ["advertising after a failure", { name: "advertising", attempt: 1, failed }],
  [
    "advertising, failure not told",
    { name: "advertising", attempt: 1, failed: { ...failed, isDelivered: false } },
  ],
  ["saving", { name: "saving", ...attempt, request: a }],
  ["leaving", { name: "leaving", ...attempt, request: a }],
  ["joining, try 1", { name: "joining", ...attempt, request: a, joinTry: 1 }],
  ["joining, last try", { name: "joining", ...attempt, request: a, joinTry: 2 }],
  ["joining without a token", { name: "joining", ...attempt, isNetworkOnly: true, request: c, joinTry: 1 }],
  ["binding", { name: "binding", ...attempt, phase: "connecting" }],
  ["binding after a rejoin", { name: "binding", ...attempt, phase: "connecting", hasRejoined: true }],
  ["binding, session expired", { name: "binding", ...attempt, phase: "reporting", isExpired: true }],
  ["reloading", { name: "reloading", ...attempt, isAccepted: false }],
  ["reloading, token accepted", { name: "reloading", ...attempt, isAccepted: true }],
  ["keeping", { name: "keeping", ...attempt, keepTry: 1 }],
  ["keeping, last try", { name: "keeping", ...attempt, keepTry: 3 }],
  ["keeping without a token", { name: "keeping", ...attempt, isNetworkOnly: true, keepTry: 1 }],
  ["bound", { name: "bound", ...attempt }],
  ["network kept without a token", { name: "bound", ...attempt, isNetworkOnly: true }],
  ["reopening", { name: "reopening", attempt: 1, failed }],
  ["closed", { name: "closed", result: { type: "stopped" } }],
];

const timers: readonly Timer[] = ["session", "burst", "leave", "joinRetry", "keepRetry", "linger"];

const events: readonly Row<Event>[] = [
  ["opened", { type: "opened" }],
  ["request a", { type: "requestReceived", request: a, peer }],
  ["request a, no trace", { type: "requestReceived", request: request("a"), peer: "udp q 2" }],
  ["request a, another trace", { type: "requestReceived", request: request("a", "0000000f"), peer }],
  ["request b", { type: "requestReceived", request: b, peer: "udp q 2" }],
  ["request c, no token", { type: "requestReceived", request: { ...c, key: "c" }, peer }],
  ["request a resumed", { type: "requestResumed", request: a, attempt: 1 }],
  ["pendingSaved", { type: "pendingSaved", attempt: 1 }],
  ["pendingSaved of an old attempt", { type: "pendingSaved", attempt: 0 }],
  ["pendingMissing", { type: "pendingMissing", attempt: 1 }],
  ["phonesChanged 0", { type: "phonesChanged", count: 0 }],
  ["phonesChanged 1", { type: "phonesChanged", count: 1 }],
  ["stationJoined", { type: "stationJoined", attempt: 1 }],
  ["stationJoined of an old attempt", { type: "stationJoined", attempt: 0 }],
  ["joinFailed auth", { type: "joinFailed", attempt: 1, failure: auth }],
  ["joinFailed weak", { type: "joinFailed", attempt: 1, failure: weak }],
  ["joinFailed of an old attempt", { type: "joinFailed", attempt: 0, failure: auth }],
  ["stationLost", { type: "stationLost" }],
  ["bindingMoved reporting", { type: "bindingMoved", attempt: 1, phase: "reporting" }],
  ["tokenAccepted", { type: "tokenAccepted", attempt: 1 }],
  ["tokenAccepted of an old attempt", { type: "tokenAccepted", attempt: 0 }],
  ["bindingFailed", { type: "bindingFailed", attempt: 1, failure: failure("BIND_TOKEN_EXPIRED") }],
  ["networkKept", { type: "networkKept" }],
  ["keepFailed", { type: "keepFailed" }],
  ["softApReopened", { type: "softApReopened" }],
  ["softApReopenFailed", { type: "softApReopenFailed", failure: failure("SOFTAP_START_FAILED") }],
  ["stopRequested", { type: "stopRequested" }],
  ...timers.map((timer): Row<Event> => [`timerFired ${timer}`, { type: "timerFired", timer }]),
];

describe("stepProvisioning()", () => {
  test("decides every state with every event, radio that does both", async () => {
    const table = machineTable(states, events, (state, event) => stepProvisioning(state, event, both));
    await expect(table).toMatchFileSnapshot("snapshots/provisioning-both.txt");
  });

  test("decides every state with every event, radio that does one", async () => {
    const table = machineTable(states, events, (state, event) => stepProvisioning(state, event, single));
    await expect(table).toMatchFileSnapshot("snapshots/provisioning-single.txt");
  });

  test("keeps its promises in any order of events", () => {
    const script = fc.array(
      fc.oneof(
        fc.constantFrom(...events.map(([, event]) => event)).filter(({ type }) => type !== "timerFired"),
        fc.record({
          type: fc.constant("wait" as const),
          ms: fc.constantFrom(1, 900, 3_000, 20_000, 400_000),
        }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(script, fc.boolean(), (events_, softApWhileStation) => {
        const clock = new VirtualClock();
        const rules = { ...both, softApWhileStation };
        let joining: number | undefined;
        let pending = false;
        let ended = 0;
        const effects: Effect[] = [];
        const engine = new Engine<State, Event, Effect, Timer>({
          clock,
          initial: newSession,
          step: (state, event) => stepProvisioning(state, event, rules),
          perform: (effect) => {
            effects.push(effect);
            if (effect.do === "joinStation") {
              // One join at a time: the one before has failed or was cancelled.
              expect(joining).toBeUndefined();
              joining = effect.attempt;
            }
            if (effect.do === "cancelJoin" || effect.do === "leaveStation") joining = undefined;
            if (effect.do === "savePending") pending = true;
            if (effect.do === "clearPending") pending = false;
            if (effect.do === "closeSession") ended += 1;
          },
          observe: ({ state, previous, event }) => {
            if ("attempt" in state && "attempt" in previous)
              expect(state.attempt).toBeGreaterThanOrEqual(
                event.type === "requestResumed" ? 0 : previous.attempt,
              );
            const isResult = event.type === "joinFailed" || event.type === "stationJoined";
            if (isResult && "attempt" in previous && event.attempt === previous.attempt) joining = undefined;
            const mayHold = state.name === "saving" || state.name === "leaving" || state.name === "joining";
            if (!mayHold) expect(holdsSecret(state)).toBe(false);
          },
        });
        engine.dispatch({ type: "opened" });
        for (const event of events_) {
          if (event.type === "wait") clock.advanceSync(event.ms);
          // Results come only from what was asked for, and a resume only before anything else.
          else if (isPossible(event, engine.state, joining)) engine.dispatch(event);
        }
        const { state } = engine;
        if (state.name === "closed") {
          expect(clock.pending).toEqual([]);
          expect(ended).toBe(1);
        } else expect(ended).toBe(0);
        if (state.name === "bound") expect(clock.pending).toEqual(["linger"]);
        if (state.name === "advertising" || state.name === "reopening") expect(pending).toBe(false);
        if (state.name === "advertising")
          expect(clock.pending.filter((timer) => timer !== "burst")).toEqual(["session"]);
      }),
      { numRuns: 2_000 },
    );
  });
});

function isPossible(event: Event, state: State, joining: number | undefined): boolean {
  switch (event.type) {
    case "opened":
      return false;
    case "requestResumed":
      return state.name === "reloading";
    case "stationJoined":
    case "joinFailed":
      return joining !== undefined;
    default:
      return true;
  }
}
