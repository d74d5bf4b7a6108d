import type { ErrorCode } from "@softap/protocol";

/** Number of each step on the way of one provisioning, by name. */
export const deviceSteps = {
  softApStarted: 1,
  phoneJoined: 2,
  credentialsReceived: 3,
  joiningNetwork: 4,
  networkJoined: 5,
  registering: 6,
  connecting: 7,
  reportingToken: 8,
  tokenAccepted: 9,
  bound: 10,
  attemptFailed: 11,
  sessionEnded: 12,
  networkKept: 13,
} as const;
/** Name of a step. */
export type DeviceStepName = keyof typeof deviceSteps;

/** Something that happened in a session. */
export interface DeviceStep {
  /** From {@link deviceSteps}. */
  readonly number: number;
  readonly name: DeviceStepName;
  /** Number of the attempt in this session, from 1; 0 before the first. */
  readonly attempt: number;
  /** Milliseconds since the session began. */
  readonly atMs: number;
  /** Why, with `attemptFailed` and with a `sessionEnded` that is no success. */
  readonly code?: ErrorCode;
  /** What lies behind a collective code, such as the hop towards the cloud that failed. */
  readonly cause?: ErrorCode;
}

/** The steps of one session for any number of readers; each sees all of them from the first. */
export class StepFeed {
  readonly #steps: DeviceStep[] = [];
  readonly #maxSteps: number;
  #dropped = 0;
  #isEnded = false;
  #wake: (() => void)[] = [];

  /** @param maxSteps - Steps kept; a reader that is slower loses the oldest. */
  constructor(maxSteps: number) {
    this.#maxSteps = maxSteps;
  }

  /** Adds a step. */
  add(step: DeviceStep): void {
    if (this.#isEnded) return;
    this.#steps.push(step);
    if (this.#steps.length > this.#maxSteps) {
      this.#steps.shift();
      this.#dropped += 1;
    }
    this.#wakeAll();
  }

  /** No more steps follow. Idempotent. */
  end(): void {
    this.#isEnded = true;
    this.#wakeAll();
  }

  /** Reads every step, and waits for further ones until the end. */
  async *read(): AsyncGenerator<DeviceStep, void> {
    for (let next = 0; ;) {
      next = Math.max(next, this.#dropped);
      const step = this.#steps[next - this.#dropped];
      if (step !== undefined) {
        next += 1;
        yield step;
      } else if (this.#isEnded) return;
      else await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}
