import {
  type Failure,
  nextDeadlineMs,
  type PhoneLimits,
  phoneLimits,
  type PhonePorts,
  provision,
  type Provisioning,
  type ProvisioningStep,
  type ProvisionOptions,
  type RetryInput,
} from "@softap/phone";
import type { TimerHandle } from "@softap/ports";
import type { ProvisioningState } from "./state.ts";

/** What to provision; the rest is the control's business. */
export type StartOptions = Omit<ProvisionOptions, "ports" | "retry" | "signal">;

/** The run that is going on. */
interface Run {
  readonly provisioning: Provisioning;
  readonly startedAtMs: number;
  readonly limits: PhoneLimits;
  readonly steps: ProvisioningStep[];
  deadlineMs: number | undefined;
  isCanceling: boolean;
  /** The device failed, and waits for what the person says. */
  question:
    | { readonly failure: Failure; readonly answer: (input: RetryInput | undefined) => void }
    | undefined;
}

/**
 * One provisioning at a time, and what is to be seen of it. {@link useProvisioning} ties one to a component; where there is
 * no React it is of use by itself. When the last listener leaves, a run is abandoned and the phone goes home.
 */
export class ProvisioningControl {
  readonly #ports: PhonePorts;
  readonly #listeners = new Set<() => void>();
  #state: ProvisioningState = { phase: "idle" };
  #run: Run | undefined;
  #tick: TimerHandle | undefined;
  #leaving: TimerHandle | undefined;

  constructor(ports: PhonePorts) {
    this.#ports = ports;
  }

  /** What is to be shown now; the same object until something changed. */
  readonly getState = (): ProvisioningState => this.#state;

  /** Calls `listener` after every change. @returns Ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#leaving?.cancel();
    this.#leaving = undefined;
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      // React's strict mode leaves and comes back in one turn; a screen that is left stays away.
      if (this.#listeners.size === 0 && this.#run !== undefined)
        this.#leaving ??= this.#ports.clock.after("screen left", 0, () => this.#abandon());
    };
  };

  /**
   * Starts, unless something is going on, which includes the way home after {@link ProvisioningControl.cancel}.
   *
   * @returns Whether it started.
   * @throws {@link ProtocolError} `SSID_LENGTH`, `PASSPHRASE_LENGTH`, `TOKEN_LENGTH`, `REGION_LENGTH`; {@link UsageError} `USAGE`
   */
  readonly start = (options: StartOptions): boolean => {
    if (this.#run !== undefined) return false;
    const provisioning = provision({
      ...options,
      ports: this.#ports,
      retry: (failure) => this.#ask(failure),
    });
    const run: Run = {
      provisioning,
      startedAtMs: this.#ports.clock.monotonicMs(),
      limits: { ...phoneLimits, ...options.limits },
      steps: [],
      deadlineMs: undefined,
      isCanceling: false,
      question: undefined,
    };
    this.#run = run;
    this.#show(run);
    void this.#follow(run);
    return true;
  };

  /** Answers a failed device: tries once more in the same session, with what is given. @returns Whether it was asked for. */
  readonly retry = (input: RetryInput = {}): boolean => this.#answer(input);

  /** Answers a failed device: the failure is the verdict. @returns Whether it was asked for. */
  readonly decline = (): boolean => this.#answer(undefined);

  /** Gives up: the verdict will be `CANCELED`, once the phone is home. Idempotent. */
  readonly cancel = (): void => {
    const run = this.#run;
    if (run === undefined || run.isCanceling) return;
    run.isCanceling = true;
    run.provisioning.cancel("The person gave up");
    run.question?.answer(undefined);
    run.question = undefined;
    this.#show(run);
  };

  #abandon(): void {
    this.#leaving = undefined;
    this.cancel();
  }

  #answer(input: RetryInput | undefined): boolean {
    const run = this.#run;
    if (run?.question === undefined) return false;
    run.question.answer(input);
    run.question = undefined;
    this.#show(run);
    return true;
  }

  #ask(failure: Failure): Promise<RetryInput | undefined> {
    const run = this.#run;
    if (run === undefined || run.isCanceling) return Promise.resolve(undefined);
    return new Promise((answer) => {
      run.question = { failure, answer };
      this.#show(run);
    });
  }

  async #follow(run: Run): Promise<void> {
    for await (const step of run.provisioning) {
      run.steps.push(step);
      run.deadlineMs = nextDeadlineMs(step, run.deadlineMs, run.limits);
      this.#show(run);
    }
    const verdict = await run.provisioning.result;
    this.#stopTick();
    this.#leaving?.cancel();
    this.#leaving = undefined;
    this.#run = undefined;
    this.#set({ phase: "finished", steps: [...run.steps], verdict });
  }

  /** Shows where the run is, again whenever its countdown moves on. */
  #show(run: Run): void {
    this.#stopTick();
    const steps = [...run.steps];
    const { isCanceling, question } = run;
    if (question !== undefined) {
      this.#set({ phase: "asking", steps, failure: question.failure });
      return;
    }
    const leftMs = isCanceling ? undefined : this.#leftMs(run);
    const remainingS = leftMs === undefined ? undefined : Math.ceil(leftMs / 1_000);
    this.#set({ phase: "running", steps, remainingS, isCanceling });
    if (leftMs === undefined || remainingS === undefined || remainingS === 0) return;
    const untilNextMs = leftMs - (remainingS - 1) * 1_000;
    this.#tick = this.#ports.clock.after("countdown", untilNextMs, () => this.#show(run));
  }

  #leftMs({ deadlineMs, startedAtMs }: Run): number | undefined {
    if (deadlineMs === undefined) return undefined;
    return Math.max(0, deadlineMs + startedAtMs - this.#ports.clock.monotonicMs());
  }

  #stopTick(): void {
    this.#tick?.cancel();
    this.#tick = undefined;
  }

  #set(state: ProvisioningState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
