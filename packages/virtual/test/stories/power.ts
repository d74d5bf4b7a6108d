import type { Clock, TimerHandle } from "@softap/ports";
import type { Gate } from "./tap.ts";

/** When the power goes: before a call did anything, or after it did everything and its answer was on the way. */
export type CutMoment = "before" | "after";

/** Calls during which a power cut is worth a test; closing and reading what is in memory is not. */
const worthCutting = new Set([
  "store.get",
  "store.apply",
  "datagrams.open",
  "streams.listen",
  "socket.send",
  "station.join",
  "station.keep",
  "station.keptSsid",
  "station.joinKept",
  "station.leave",
  "softAp.start",
  "softAp.stop",
  "mqtt.connect",
  "link.subscribe",
  "link.publish",
  "http.request",
]);

/** The power of a device: once it is cut, nothing that the device asks for happens and nothing reaches it. */
export class Power implements Gate {
  /** Calls so far at which it could have been cut. */
  calls = 0;
  /** Called in the instant of the cut. */
  onCut: (() => void) | undefined;
  readonly #timers = new Set<TimerHandle>();
  #plan: { readonly call: number; readonly moment: CutMoment } | undefined;
  #isOn = true;

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Cuts it at a call, counted from 1. */
  cutAt(call: number, moment: CutMoment): void {
    this.#plan = { call, moment };
  }

  /** Cuts it at no call any more. */
  keepOn(): void {
    this.#plan = undefined;
  }

  cut(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    for (const timer of this.#timers) timer.cancel();
    this.onCut?.();
  }

  call(name: string, run: () => unknown): unknown {
    if (!this.#isOn) return never;
    if (worthCutting.has(name)) this.calls += 1;
    const moment = worthCutting.has(name) && this.#plan?.call === this.calls ? this.#plan.moment : undefined;
    if (moment === "before") this.cut();
    if (!this.#isOn) return never;
    const result = run();
    if (moment === undefined) return result;
    const cut = (): Promise<never> => {
      this.cut();
      return never;
    };
    return result instanceof Promise ? result.then(cut, cut) : cut();
  }

  callback(run: () => void): void {
    if (this.#isOn) run();
  }

  /** A clock whose timers stop with the power. */
  clock(clock: Clock): Clock {
    return {
      monotonicMs: () => clock.monotonicMs(),
      wallMs: () => clock.wallMs(),
      after: (name, delayMs, callback) => {
        if (!this.#isOn) return { cancel: () => {} };
        const timer = clock.after(name, delayMs, () => {
          this.#timers.delete(timer);
          callback();
        });
        this.#timers.add(timer);
        return {
          cancel: () => {
            this.#timers.delete(timer);
            timer.cancel();
          },
        };
      },
    };
  }
}

const never = new Promise<never>(() => {});
