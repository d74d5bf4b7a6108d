import type { Clock, TimerHandle } from "./clock.ts";

/** Effect that the engine carries out itself: starts a timer (again) or stops it. Stopping a timer that does not run is fine. */
export type TimerEffect<Timer extends string> =
  | { readonly do: "startTimer"; readonly timer: Timer; readonly afterMs: number }
  | { readonly do: "stopTimer"; readonly timer: Timer };

/** Event that the engine raises itself when a timer ran out. */
export interface TimerFired<Timer extends string> {
  readonly type: "timerFired";
  readonly timer: Timer;
}

/** What one step of a machine answers: the next state, then effects in the order in which they are carried out. */
export type Step<State, Effect, Timer extends string = never> = readonly [
  State,
  ...(Effect | TimerEffect<Timer>)[],
];

/** What an {@link Engine} needs. */
export interface EngineOptions<State, Event, Effect, Timer extends string> {
  readonly clock: Clock;
  readonly initial: State;
  /** Pure: same arguments, same answer; it performs nothing. Limits are bound in by the caller. */
  readonly step: (state: State, event: Event | TimerFired<Timer>) => Step<State, Effect, Timer>;
  /** Carries out every effect except timers. Results come back through `dispatch`, now or later. Must not throw. */
  readonly perform: (effect: Effect, dispatch: (event: Event) => void) => void;
  /** Sees every step after its state is in place and before its effects are carried out. */
  readonly observe?: (change: { state: State; previous: State; event: Event | TimerFired<Timer> }) => void;
}

/** Runs a pure machine: owns its state, its timers by name, and the order of its events. */
export class Engine<
  State,
  Event,
  Effect extends { readonly do: string; readonly timer?: never },
  Timer extends string = never,
> {
  readonly #options: EngineOptions<State, Event, Effect, Timer>;
  readonly #timers = new Map<Timer, TimerHandle>();
  readonly #queue: (Event | TimerFired<Timer>)[] = [];
  #state: State;
  #isDraining = false;
  #isClosed = false;

  constructor(options: EngineOptions<State, Event, Effect, Timer>) {
    this.#options = options;
    this.#state = options.initial;
  }

  /** The state after the last step. */
  get state(): State {
    return this.#state;
  }

  /** Runs to completion: an event raised by an effect waits until the current step is done. Ignored after {@link Engine.close}. */
  dispatch(event: Event | TimerFired<Timer>): void {
    if (this.#isClosed) return;
    this.#queue.push(event);
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#take(next);
    } finally {
      this.#isDraining = false;
    }
  }

  /** Stops every timer and takes no more events. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #take(event: Event | TimerFired<Timer>): void {
    const previous = this.#state;
    const [state, ...effects] = this.#options.step(previous, event);
    this.#state = state;
    this.#options.observe?.({ state, previous, event });
    for (const effect of effects) {
      // An effect may close the engine; what was to follow it must not start a timer that nobody stops.
      if (this.#isClosed) return;
      if (this.#isTimerEffect(effect)) this.#runTimer(effect);
      else this.#options.perform(effect, (next) => this.dispatch(next));
    }
  }

  #runTimer(effect: TimerEffect<Timer>): void {
    const { timer } = effect;
    this.#timers.get(timer)?.cancel();
    this.#timers.delete(timer);
    if (effect.do === "stopTimer") return;
    const fire = (): void => {
      this.#timers.delete(timer);
      this.dispatch({ type: "timerFired", timer });
    };
    this.#timers.set(timer, this.#options.clock.after(timer, effect.afterMs, fire));
  }

  #isTimerEffect(effect: Effect | TimerEffect<Timer>): effect is TimerEffect<Timer> {
    return "timer" in effect;
  }
}
