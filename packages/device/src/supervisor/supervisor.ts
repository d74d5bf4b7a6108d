import { type Clock, Engine, type Log, type Radio, type Random, randomFraction } from "@softap/ports";
import { asSoftApError, isSoftApError } from "@softap/protocol";
import type { DeviceLimits } from "../limits.ts";
import type { SoftApPolicy } from "../options.ts";
import type { StationControl } from "../station-control.ts";
import {
  newSupervisor,
  stepSupervisor,
  type SupervisorEffect,
  type SupervisorEvent,
  type SupervisorState,
  type SupervisorTimer,
} from "./machine.ts";

/** What a {@link Supervisor} needs. */
export interface SupervisorOptions {
  readonly ports: { readonly clock: Clock; readonly random: Random; readonly radio: Radio };
  readonly limits: DeviceLimits;
  readonly policy: SoftApPolicy;
  readonly openAfterMs: number;
  readonly station: StationControl;
  readonly log: Log;
  readonly actions: {
    openSession(): void;
    closeSession(): void;
    goOnline(): void;
    goOffline(): void;
    changed(): void;
  };
}

/** Keeps the device on its network, and opens the soft AP when policy says so. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #engine: Engine<SupervisorState, SupervisorEvent, SupervisorEffect, SupervisorTimer>;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    const { ports, limits, policy, openAfterMs, actions, log } = options;
    const rules = {
      ...limits,
      policy,
      openAfterMs,
      softApWhileStation: ports.radio.capabilities.softApWhileStation,
    };
    this.#engine = new Engine<SupervisorState, SupervisorEvent, SupervisorEffect, SupervisorTimer>({
      clock: ports.clock,
      initial: newSupervisor,
      step: (state, event) => stepSupervisor(state, event, rules),
      perform: (effect, dispatch) => this.#perform(effect, dispatch),
      observe: ({ state, previous }) => {
        if (state.name !== previous.name) log.info("network", { state: state.name });
        actions.changed();
      },
    });
  }

  /** Where the device stands with its network. */
  get state(): SupervisorState {
    return this.#engine.state;
  }

  /** Tells the supervisor what happened. */
  tell(event: SupervisorEvent): void {
    this.#engine.dispatch(event);
  }

  #perform(effect: SupervisorEffect, dispatch: (event: SupervisorEvent) => void): void {
    const { actions, station } = this.#options;
    switch (effect.do) {
      case "joinKept":
        this.#joinKept(dispatch);
        break;
      case "cancelJoin":
        station.cancel();
        break;
      case "openSession":
        actions.openSession();
        break;
      case "closeSession":
        actions.closeSession();
        break;
      case "goOnline":
        actions.goOnline();
        break;
      case "goOffline":
        actions.goOffline();
        break;
    }
  }

  #joinKept(dispatch: (event: SupervisorEvent) => void): void {
    const { station, ports, limits, log } = this.#options;
    station
      .run((signal) => ports.radio.station.joinKept({ timeoutMs: limits.joinTimeoutMs, signal }))
      .then(
        () => dispatch({ type: "joined" }),
        (error: unknown) => {
          // Whoever cancelled the join says how it goes on.
          if (isSoftApError(error, "CANCELED")) return;
          const { code } = asSoftApError(error);
          log.notice("kept network not joined", { code });
          dispatch({ type: "joinFailed", code, chance: randomFraction(ports.random) });
        },
      );
  }
}
