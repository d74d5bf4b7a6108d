import { type CancelSignal, type Clock, withTimeout } from "@softap/ports";
import { InternalError, type Secret, type SoftApError, tokenProblem } from "@softap/protocol";
import type { BindTokenState } from "../app/account.ts";
import type { PhoneLimits } from "../limits.ts";
import type { ProvisionOptions } from "./options.ts";
import type { DeviceIdentity } from "./state.ts";

/** What of the options concerns the cloud. */
export type CloudOptions = Pick<
  ProvisionOptions,
  "cloud" | "token" | "familyId" | "familyName" | "roomId"
> & { readonly ports: { readonly clock: Clock } };

/** The cloud's part of one session: one token, one family. */
export class CloudSession {
  readonly #options: CloudOptions;
  readonly #clock: Clock;
  readonly #limits: PhoneLimits;
  #prepared: { readonly token: Secret; readonly familyId: string } | undefined;

  constructor(options: CloudOptions, limits: PhoneLimits) {
    this.#options = options;
    this.#clock = options.ports.clock;
    this.#limits = limits;
  }

  /** Made by {@link CloudSession.prepare} or given by the caller. */
  get token(): Secret {
    return this.#known.token;
  }

  /** Found by {@link CloudSession.prepare} or given by the caller. */
  get familyId(): string {
    return this.#known.familyId;
  }

  /** Room of the family. */
  get roomId(): string {
    return this.#options.roomId ?? "0";
  }

  /** Gets everything that will be needed when the phone is offline. */
  prepare(signal: CancelSignal): Promise<void> {
    const { prepareTimeoutMs: limitMs } = this.#limits;
    const { cloud, token: givenToken, familyId: givenFamilyId } = this.#options;
    return withTimeout(this.#clock, { phase: "Preparing the binding", limitMs, signal }, async (limited) => {
      const [token, familyId] = await Promise.allSettled([
        givenToken ?? cloud.createBindToken({ signal: limited }),
        givenFamilyId ?? this.#findFamily(limited),
      ]);
      if (token.status === "rejected") throw token.reason;
      if (familyId.status === "rejected") throw familyId.reason;
      const problem = tokenProblem(token.value.reveal());
      if (problem !== undefined) throw problem;
      this.#prepared = { token: token.value, familyId: familyId.value };
    });
  }

  /** Asks how far the token is. */
  ask(signal: CancelSignal): Promise<BindTokenState> {
    const { cloud } = this.#options;
    return this.#limited("Asking for the token's state", signal, (limited) =>
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

  get #known(): { readonly token: Secret; readonly familyId: string } {
    if (this.#prepared === undefined) throw new InternalError("INTERNAL", "The cloud was used unprepared");
    return this.#prepared;
  }

  async #findFamily(signal: CancelSignal): Promise<string> {
    const { cloud, familyName: name = "Home" } = this.#options;
    const [first] = await cloud.families({ signal });
    return first?.familyId ?? (await cloud.createFamily({ name }, { signal }));
  }

  #limited<T>(phase: string, signal: CancelSignal, work: (signal: CancelSignal) => Promise<T>): Promise<T> {
    return withTimeout(this.#clock, { phase, limitMs: this.#limits.requestTimeoutMs, signal }, work);
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
