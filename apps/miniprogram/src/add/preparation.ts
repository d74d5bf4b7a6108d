import { withTimeout, type CancelSignal } from "@softap/ports";
import type { Secret } from "@softap/protocol";
import { appLimits } from "../limits.ts";
import type { AppServices } from "../services.ts";

/** What a provisioning needs from the cloud before the phone goes offline. */
export interface Prepared {
  readonly token: Secret;
  readonly familyId: string;
}

/** Gets what is needed while the phone is online, and keeps it, so that a second try works also where it is offline. */
export class Preparation {
  readonly #services: AppServices;
  #kept: (Prepared & { readonly atMs: number }) | undefined;

  constructor(services: AppServices) {
    this.#services = services;
  }

  /** @throws what `AppClient` throws; {@link TimeoutError} `TIMEOUT` */
  async get(signal: CancelSignal): Promise<Prepared> {
    const { cloud, config, ports } = this.#services;
    const { clock } = ports;
    const { prepareTimeoutMs: limitMs, tokenReuseMs } = appLimits;
    if (this.#kept !== undefined && clock.monotonicMs() - this.#kept.atMs < tokenReuseMs) return this.#kept;
    return withTimeout(clock, { phase: "Preparing", limitMs, signal }, async (limited) => {
      const [first] = await cloud.families({ signal: limited });
      const familyId =
        first?.familyId ?? (await cloud.createFamily({ name: config.familyName }, { signal: limited }));
      const token = await cloud.createBindToken({ signal: limited });
      this.#kept = { token, familyId, atMs: clock.monotonicMs() };
      return this.#kept;
    });
  }

  /** Lets go of a token that is used up or was refused. */
  drop(): void {
    this.#kept = undefined;
  }
}
