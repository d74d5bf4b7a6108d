import type { FaultMoment } from "@softap/virtual";
import type { Gate } from "./tap.ts";

/** What `failEach` puts its fault into: every call of one kind passes it. */
export class Turnstile {
  async pass(): Promise<void> {}
}

/** Leads every call of one kind through a turnstile, before it does anything or after it did everything. */
export class FaultGate implements Gate {
  /** Whether calls go through the turnstile. */
  isArmed = true;
  readonly #call: string;
  readonly #turnstile: Turnstile;
  readonly #moment: FaultMoment;

  /** @param call - Such as `store.apply`. */
  constructor(call: string, turnstile: Turnstile, moment: FaultMoment) {
    this.#call = call;
    this.#turnstile = turnstile;
    this.#moment = moment;
  }

  call(name: string, run: () => unknown): unknown {
    return this.isArmed && name === this.#call ? this.#through(run) : run();
  }

  callback(run: () => void): void {
    run();
  }

  async #through(run: () => unknown): Promise<unknown> {
    if (this.#moment === "before") await this.#turnstile.pass();
    const result = await run();
    if (this.#moment === "after") await this.#turnstile.pass();
    return result;
  }
}
