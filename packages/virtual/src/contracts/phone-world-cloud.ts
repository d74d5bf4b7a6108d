import { type CancelSignal, type Clock, sleep } from "@softap/ports";
import { Secret, softApError } from "@softap/protocol";

/** How long an answer takes, so that something can happen while it is awaited, milliseconds. */
const answerMs = 15;

/** The device as the cloud knows it. */
export const contractDevice = { productId: "CONTRACT01", deviceName: "device_1" } as const;

/** The cloud of the phone suite: in reach only while the app of the world is online. */
export class ContractCloud {
  /** Tokens whose device was tied to a family. */
  readonly bound: string[] = [];
  readonly #clock: Clock;
  readonly #isOnline: () => boolean;
  readonly #reported = new Set<string>();
  #tokens = 0;

  constructor(clock: Clock, isOnline: () => boolean) {
    this.#clock = clock;
    this.#isOnline = isOnline;
  }

  /** The device reported the token. */
  report(token: Secret): void {
    this.#reported.add(token.reveal());
  }

  /** A token of 32 characters, each time another. */
  async createBindToken(options: { readonly signal: CancelSignal }): Promise<Secret> {
    await this.#answer(options.signal);
    this.#tokens += 1;
    return Secret.of(`contract-token-${this.#tokens}`.padEnd(32, "0"));
  }

  /** State 2 once the device reported the token. */
  async getBindTokenState(
    token: Secret,
    options: { readonly signal: CancelSignal },
  ): Promise<{ readonly state: number; readonly productId?: string; readonly deviceName?: string }> {
    await this.#answer(options.signal);
    return this.#reported.has(token.reveal()) ? { state: 2, ...contractDevice } : { state: 1 };
  }

  /** Accepts every reported token. */
  async bindDeviceToFamily(
    request: { readonly token: Secret },
    options: { readonly signal: CancelSignal },
  ): Promise<void> {
    await this.#answer(options.signal);
    if (!this.#reported.has(request.token.reveal()))
      throw softApError("BIND_TOKEN_NOT_REPORTED", "No device has reported this token");
    this.bound.push(request.token.reveal());
  }

  /** One family. */
  async families(options: {
    readonly signal: CancelSignal;
  }): Promise<readonly { readonly familyId: string }[]> {
    await this.#answer(options.signal);
    return [{ familyId: "family of the contract" }];
  }

  /** Never needed: there is a family. */
  async createFamily(): Promise<string> {
    throw softApError("ALREADY_EXISTS", "There is a family");
  }

  async #answer(signal: CancelSignal): Promise<void> {
    await sleep(this.#clock, { name: "contract cloud", delayMs: answerMs, signal });
    if (!this.#isOnline()) throw softApError("UNREACHABLE", "The app is offline");
  }
}
