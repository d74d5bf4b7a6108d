import type { Clock } from "@softap/ports";
import type { DeviceStepName } from "../step.ts";

/** The vendor's names of the moments of one provisioning. */
type Moment =
  | "start"
  | "getSSID"
  | "getToken"
  | "wifiConnected"
  | "mqttStart"
  | "mqttConnected"
  | "tokenPublish";

const momentOfStep: { readonly [Name in DeviceStepName]?: Moment } = {
  networkJoined: "wifiConnected",
  connecting: "mqttStart",
  reportingToken: "mqttConnected",
};

/** When each moment of a provisioning was, as the cloud likes to know it: milliseconds since the session began. */
export class PairTimes {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  readonly #moments: Partial<Record<Moment, number>> = { start: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtMs = clock.monotonicMs();
  }

  /** Notes that a moment is now; the last time counts. */
  note(moment: Moment): void {
    this.#moments[moment] = Math.round(this.#clock.monotonicMs() - this.#startedAtMs);
  }

  /** Notes the moment that a step stands for, if any. */
  noteStep(name: DeviceStepName): void {
    const moment = momentOfStep[name];
    if (moment !== undefined) this.note(moment);
  }

  /** Every moment so far; the token is published now. */
  read(): Readonly<Record<string, number>> {
    this.note("tokenPublish");
    return { ...this.#moments };
  }
}
