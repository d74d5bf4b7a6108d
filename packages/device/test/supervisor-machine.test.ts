import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Engine } from "@softap/ports";
import { VirtualClock } from "@softap/virtual";
import { deviceLimits } from "../src/limits.ts";
import {
  newSupervisor,
  stepSupervisor,
  type SupervisorEffect as Effect,
  type SupervisorEvent as Event,
  type SupervisorRules,
  type SupervisorState as State,
  type SupervisorTimer as Timer,
} from "../src/supervisor/machine.ts";
import { machineTable, type Row } from "./machine-table.ts";

const auto: SupervisorRules = {
  ...deviceLimits(),
  policy: "auto",
  openAfterMs: 180_000,
  softApWhileStation: true,
};
const chance = 0.5;
const view = { isBusy: false, phones: 0 };
const away = { ...view, name: "away", isTrying: false, tries: 0, refusals: 0 } as const;
const openedBy = "supervisor";

const states: readonly Row<State>[] = [
  ["off", newSupervisor],
  ["blank", { ...view, name: "blank" }],
  ["blank, session open", { ...view, name: "blank", openedBy }],
  ["online", { ...view, name: "online" }],
  ["online, session of the caller", { ...view, name: "online", openedBy: "caller" }],
  ["away, waiting", away],
  ["away, trying", { ...away, isTrying: true }],
  ["away, refused once", { ...away, isTrying: true, tries: 1, refusals: 1 }],
  ["away, session open", { ...away, openedBy }],
  ["away, trying beside a session", { ...away, openedBy, isTrying: true }],
  ["away, attempt under way", { ...away, openedBy, isBusy: true, phones: 1 }],
  ["away, restoring", { ...away, openedBy, phones: 1, isRestoring: true }],
];

const timers: readonly Timer[] = ["open", "retry", "reopen"];
const events: readonly Row<Event>[] = [
  ["started, nothing kept", { type: "started", hasKept: false }],
  ["started, network kept", { type: "started", hasKept: true }],
  ["stopped", { type: "stopped" }],
  ["joined", { type: "joined" }],
  ["joinFailed not found", { type: "joinFailed", code: "WIFI_NOT_FOUND", chance }],
  ["joinFailed auth", { type: "joinFailed", code: "WIFI_AUTH_FAILED", chance }],
  ["networkLost", { type: "networkLost" }],
  ["sessionOpened by the supervisor", { type: "sessionOpened", by: "supervisor" }],
  ["sessionOpened by the caller", { type: "sessionOpened", by: "caller" }],
  ["sessionNotOpened", { type: "sessionNotOpened" }],
  ["sessionBusy", { type: "sessionBusy", isBusy: true, needsStation: true }],
  ["sessionBusy, network stays", { type: "sessionBusy", isBusy: true, needsStation: false }],
  ["sessionBusy no more", { type: "sessionBusy", isBusy: false, needsStation: true }],
  ["sessionClosed bound", { type: "sessionClosed", isBound: true, hasKept: true }],
  ["sessionClosed, network kept", { type: "sessionClosed", isBound: false, hasKept: true }],
  ["sessionClosed, nothing kept", { type: "sessionClosed", isBound: false, hasKept: false }],
  ["phonesChanged 0", { type: "phonesChanged", count: 0 }],
  ["phonesChanged 1", { type: "phonesChanged", count: 1 }],
  ...timers.map((timer): Row<Event> => [`timerFired ${timer}`, { type: "timerFired", timer }]),
];

describe("stepSupervisor()", () => {
  test("decides every state with every event, radio that does both", async () => {
    const table = machineTable(states, events, (state, event) => stepSupervisor(state, event, auto));
    await expect(table).toMatchFileSnapshot("snapshots/supervisor-both.txt");
  });

  test("decides every state with every event, radio that does one", async () => {
    const single = { ...auto, softApWhileStation: false };
    const table = machineTable(states, events, (state, event) => stepSupervisor(state, event, single));
    await expect(table).toMatchFileSnapshot("snapshots/supervisor-single.txt");
  });

  test("never searches twice at once, during an attempt, or beside a phone that has just come", () => {
    const possible = events.map(([, event]) => event).filter(({ type }) => type !== "timerFired");
    const script = fc.array(
      fc.oneof(
        fc.constantFrom(...possible),
        fc.record({ type: fc.constant("wait" as const), ms: fc.constantFrom(1, 9_000, 30_000, 400_000) }),
      ),
      { maxLength: 60 },
    );
    const policies = fc.constantFrom("auto", "button", "never");
    fc.assert(
      fc.property(script, fc.boolean(), policies, (events_, softApWhileStation, policy) => {
        const clock = new VirtualClock();
        const rules = { ...auto, softApWhileStation, policy } as SupervisorRules;
        let isSearching = false;
        let isOpening = false;
        let previousState: State = newSupervisor;
        let phoneMs = 0;
        const engine = new Engine<State, Event, Effect, Timer>({
          clock,
          initial: newSupervisor,
          step: (state, event) => stepSupervisor(state, event, rules),
          observe: ({ previous }) => {
            previousState = previous;
          },
          perform: (effect) => {
            if (effect.do === "openSession") {
              expect(policy).toBe("auto");
              isOpening = true;
            }
            if (effect.do === "cancelJoin") isSearching = false;
            if (effect.do !== "joinKept") return;
            expect(isSearching).toBe(false);
            isSearching = true;
            const { state } = engine;
            expect(state.isBusy).toBe(false);
            const isRestoring = previousState.name === "away" && previousState.isRestoring === true;
            // Pauses are spread over the upper half of their length.
            const isAttended = state.phones > 0 && !isRestoring;
            if (isAttended)
              expect(clock.monotonicMs() - phoneMs).toBeGreaterThanOrEqual(rules.rejoinAttendedMs / 2);
            if (!softApWhileStation) expect(state.openedBy).toBeUndefined();
          },
        });
        engine.dispatch({ type: "started", hasKept: true });
        for (const event of events_) {
          if (event.type === "sessionOpened" || event.type === "sessionNotOpened") isOpening = false;
          if (event.type === "wait") clock.advanceSync(event.ms);
          else if (event.type === "started") continue;
          else if (event.type === "phonesChanged") {
            phoneMs = clock.monotonicMs();
            engine.dispatch(event);
          } else if (event.type === "joined" || event.type === "joinFailed") {
            if (!isSearching) continue;
            isSearching = false;
            engine.dispatch(event);
          } else engine.dispatch(event);
          if (engine.state.name === "off") expect(clock.pending).toEqual([]);
          // Who is away and not trying will try again.
          const { state } = engine;
          const mustTry = state.name === "away" && !state.isTrying && !state.isBusy;
          if (mustTry && state.openedBy === undefined && !isOpening) expect(clock.pending).toContain("retry");
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
