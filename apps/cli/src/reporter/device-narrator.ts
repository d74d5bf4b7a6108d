import type { Phase } from "@softap/protocol";
import type { Failure } from "../exit.ts";
import type { ReportFields, Reporter, StepHandle } from "./reporter.ts";
import type { StepName } from "./titles.ts";

/** The step that a phase begins; a phase without one ends the step before it. */
const stepOfPhase: Readonly<Partial<Record<Phase, StepName>>> = {
  joining: "joinNetwork",
  registering: "register",
  connecting: "connectCloud",
  reporting: "reportToken",
};

/** Tells the phases of a device as steps, each ended by the next. */
export class DeviceNarrator {
  readonly #reporter: Reporter;
  #phase: Phase | undefined;
  #attempt = 0;
  /** Attempts up to this one are over: what is heard of them late is no news. */
  #failedAttempt = 0;
  #open: StepHandle | undefined;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** The device is in a phase now; the same phase of the same attempt again is nothing new. */
  enter(phase: Phase, attempt: number, fields: ReportFields = {}): void {
    if (attempt <= this.#failedAttempt || (phase === this.#phase && attempt === this.#attempt)) return;
    this.#phase = phase;
    this.#attempt = attempt;
    // `failed` alone does not say why; the failure follows with its code.
    if (phase === "failed") return;
    this.#open?.done(undefined, fields);
    const step = stepOfPhase[phase];
    this.#open = step === undefined ? undefined : this.#reporter.step("device", step);
  }

  /** An attempt failed. */
  failed(failure: Failure, attempt: number): void {
    this.#open?.failed(failure);
    this.#open = undefined;
    this.#failedAttempt = attempt;
  }

  /** The end of what is known: the device was bound, or is out of sight. */
  close(): void {
    this.#open?.done();
    this.#open = undefined;
  }
}
