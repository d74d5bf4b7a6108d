import type { DeviceStep } from "@softap/device";
import type { Phase } from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";
import { describeCode } from "../exit.ts";
import { DeviceNarrator } from "../reporter/device-narrator.ts";
import type { Reporter } from "../reporter/reporter.ts";

/** Phases by the step that begins them. */
const phaseOfStep: Readonly<Partial<Record<DeviceStep["name"], Phase>>> = {
  credentialsReceived: "received",
  joiningNetwork: "joining",
  networkJoined: "joined",
  registering: "registering",
  connecting: "connecting",
  reportingToken: "reporting",
  tokenAccepted: "bound",
};

/** Tells the steps of a device as the device sees them. */
export class DeviceStepNarrator {
  readonly #device: DeviceNarrator;
  readonly #language: Language;

  constructor(options: { reporter: Reporter; language: Language }) {
    this.#device = new DeviceNarrator(options.reporter);
    this.#language = options.language;
  }

  /** Tells one step. */
  tell(step: DeviceStep): void {
    const phase = phaseOfStep[step.name];
    if (phase !== undefined) this.#device.enter(phase, step.attempt);
    else if (step.name === "attemptFailed")
      this.#device.failed(describeCode(step.code ?? "INTERNAL", this.#language), step.attempt);
    else if (step.name === "sessionEnded") this.#device.close();
  }
}
