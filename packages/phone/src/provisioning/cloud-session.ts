import { type CancelSignal, type Clock, withTimeout } from "@softap/ports";
import { Secret, type SoftApError } from "@softap/protocol";
import type { BindTokenState } from "../app/account.ts";
import type { PhoneLimits } from "../limits.ts";
import { type Claim, claimWithin, type MakeClaim } from "./claim.ts";
import type { TokenCloud } from "./options.ts";
import type { DeviceIdentity } from "./state.ts";

/** What a {@link CloudSession} needs. */
export interface CloudSessionOptions {
  readonly cloud: TokenCloud;
  /** Gets what will be needed when the phone is offline. */
  readonly claim: MakeClaim;
  /** @defaultValue "0" */
  readonly roomId: string | undefined;
  readonly clock: Clock;
  readonly limits: PhoneLimits;
}

/** The cloud's part of one session: one token, one family. */
export class CloudSession {
  /** Room of the family. */
  readonly roomId: string;
  readonly #options: CloudSessionOptions;
  /** Until there is one: no device takes an empty token. */
  #claim: Claim = { token: Secret.of(""), familyId: "" };

  constructor(options: CloudSessionOptions) {
    this.#options = options;
    this.roomId = options.roomId ?? "0";
  }

  /** Made by {@link CloudSession.prepare} or given by the caller. */
  get token(): Secret {
    return this.#claim.token;
  }

  /** Found by {@link CloudSession.prepare} or given by the caller. */
  get familyId(): string {
    return this.#claim.familyId;
  }

  /** Gets everything that will be needed when the phone is offline. */
  async prepare(signal: CancelSignal): Promise<void> {
    const { clock, limits, claim } = this.#options;
    this.#claim = await claimWithin(clock, { limitMs: limits.prepareTimeoutMs, signal }, claim);
  }

  /** Asks how far the token is. */
  ask(signal: CancelSignal): Promise<BindTokenState> {
    const { cloud } = this.#options;
    return this.#limited("Asking the cloud", signal, (limited) =>
      cloud.getBindTokenState(this.token, { signal: limited }),
    );
  }

  /** Ties the device to the family. */
  bind({ productId, deviceName }: DeviceIdentity, signal: CancelSignal): Promise<void> {
    const { cloud } = this.#options;
    const { token, familyId, roomId } = this;
    return this.#limited("Binding", signal, (limited) =>
      cloud.bindDeviceToFamily({ token, productId, deviceName, familyId, roomId }, { signal: limited }),
    );
  }

  #limited<T>(phase: string, signal: CancelSignal, work: (signal: CancelSignal) => Promise<T>): Promise<T> {
    const { clock, limits } = this.#options;
    return withTimeout(clock, { phase, limitMs: limits.requestTimeoutMs, signal }, work);
  }
}

/** Whether asking again can bring another answer: anything but a final answer of the cloud or a mistake of our own. */
export function mayPass(error: SoftApError): boolean {
  const { kind, retry } = error.entry;
  return kind === "cloud" ? retry === "yes" : kind !== "usage" && kind !== "internal";
}

/** Whether the cloud may have carried out what it did not acknowledge. */
export function mayBeDone(error: SoftApError): boolean {
  return error.entry.kind !== "cloud" || error.code === "CLOUD_INTERNAL";
}
