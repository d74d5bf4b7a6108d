import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Engine } from "@softap/ports";
import { Secret } from "@softap/protocol";
import { VirtualClock } from "@softap/virtual";
import { stepBinding } from "../src/binding/machine.ts";
import type {
  BindingEffect as Effect,
  BindingEvent as Event,
  BindingState as State,
  BindingTimer as Timer,
} from "../src/binding/state.ts";
import { failure } from "../src/failure.ts";
import { deviceLimits } from "../src/limits.ts";
import { holdsSecret, machineTable, type Row } from "./machine-table.ts";

const rules = deviceLimits();
const chance = 0.5;
const report = { token: Secret.of("token"), attempt: 1 };
const down = failure("CLOUD_UNREACHABLE");
const refusedLogin = failure("MQTT_REFUSED");

const states: readonly Row<State>[] = [
  ["off", { name: "off" }],
  ["registering for a report", { name: "registering", report, tries: 0 }],
  ["registering", { name: "registering", tries: 0 }],
  ["connecting for a report", { name: "connecting", report, tries: 1, lastFailure: down }],
  ["connecting", { name: "connecting", tries: 0 }],
  ["waiting with a report", { name: "waiting", report, tries: 2, lastFailure: down, isRegistered: true }],
  ["waiting", { name: "waiting", tries: 9, isRegistered: true }],
  ["waiting to register", { name: "waiting", tries: 1, isRegistered: false }],
  ["reporting, first", { name: "reporting", report, sent: 1, tries: 0 }],
  ["reporting, last", { name: "reporting", report, sent: 3, tries: 0 }],
  ["online", { name: "online" }],
];

const timers: readonly Timer[] = ["bind", "reply", "retry"];
const events: readonly Row<Event>[] = [
  ["reportRequested", { type: "reportRequested", report: { ...report, attempt: 2 }, isRegistered: true }],
  [
    "reportRequested, no secret",
    { type: "reportRequested", report: { ...report, attempt: 2 }, isRegistered: false },
  ],
  ["stayRequested", { type: "stayRequested", isRegistered: true }],
  ["stopRequested", { type: "stopRequested" }],
  ["registered", { type: "registered" }],
  ["registerFailed, may pass", { type: "registerFailed", failure: down, chance }],
  ["registerFailed, final", { type: "registerFailed", failure: failure("REGISTRATION_DISABLED"), chance }],
  ["connected", { type: "connected" }],
  ["connectFailed, may pass", { type: "connectFailed", failure: down, chance }],
  ["connectFailed, final", { type: "connectFailed", failure: refusedLogin, chance }],
  ["accepted", { type: "accepted" }],
  ["refused, may pass", { type: "refused", failure: failure("RATE_LIMITED"), chance }],
  ["refused, final", { type: "refused", failure: failure("BIND_TOKEN_USED"), chance }],
  ["linkLost", { type: "linkLost", chance }],
  ...timers.map((timer): Row<Event> => [`timerFired ${timer}`, { type: "timerFired", timer }]),
];

describe("stepBinding()", () => {
  test("decides every state with every event", async () => {
    const table = machineTable(states, events, (state, event) => stepBinding(state, event, rules));
    await expect(table).toMatchFileSnapshot("snapshots/binding.txt");
  });

  test.each([0, 0.5, 0.999])(
    "a cloud that is away for 30 s of the 40 s that a report has is not missed (chance %d)",
    (chance) => {
      const clock = new VirtualClock();
      const connectsMs: number[] = [];
      const engine = new Engine<State, Event, Effect, Timer>({
        clock,
        initial: { name: "off" },
        step: (state, event) => stepBinding(state, event, rules),
        perform: (effect, dispatch) => {
          if (effect.do !== "connect") return;
          connectsMs.push(clock.monotonicMs());
          dispatch({ type: "connectFailed", failure: down, chance });
        },
      });
      engine.dispatch({ type: "reportRequested", report, isRegistered: true });
      clock.advanceSync(rules.bindTimeoutMs);
      expect(engine.state).toEqual({ name: "off" });
      expect(connectsMs.filter((atMs) => atMs > 30_000).length).toBeGreaterThan(0);
      const gapsMs = connectsMs.slice(1).map((atMs, index) => atMs - (connectsMs[index] ?? 0));
      expect(Math.max(...gapsMs)).toBeLessThanOrEqual(rules.reportRetryMaxMs);
    },
  );

  test("gives every report exactly one verdict within its limit, and keeps nothing of it", () => {
    const script = fc.array(
      fc.oneof(
        fc
          .constantFrom(...events.map(([, event]) => event))
          .filter(
            ({ type }) => type !== "timerFired" && type !== "stopRequested" && type !== "reportRequested",
          ),
        fc.record({ type: fc.constant("wait" as const), ms: fc.constantFrom(1, 900, 3_000, 10_000) }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(script, fc.boolean(), (events_, isRegistered) => {
        const clock = new VirtualClock();
        const verdicts: string[] = [];
        const engine = new Engine<State, Event, Effect, Timer>({
          clock,
          initial: { name: "off" },
          step: (state, event) => stepBinding(state, event, rules),
          perform: (effect) => {
            if (effect.do === "tellAccepted" || effect.do === "tellFailed") verdicts.push(effect.do);
          },
          observe: ({ state }) => {
            if (state.name === "off" || state.name === "online") expect(holdsSecret(state)).toBe(false);
          },
        });
        engine.dispatch({ type: "reportRequested", report, isRegistered });
        for (const event of events_) {
          if (event.type === "wait") clock.advanceSync(event.ms);
          else engine.dispatch(event);
          if (engine.state.name === "off" || engine.state.name === "online")
            expect(clock.pending).toEqual([]);
        }
        clock.advanceSync(rules.bindTimeoutMs);
        expect(verdicts).toHaveLength(1);
        engine.dispatch({ type: "stopRequested" });
        expect(engine.state).toEqual({ name: "off" });
        expect(clock.pending).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
