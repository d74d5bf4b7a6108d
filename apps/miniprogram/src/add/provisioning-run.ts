import {
  type DeviceLabel,
  type Failure,
  type Prepared,
  provision,
  type Provisioning,
  type ProvisioningStep,
  type RetryInput,
  type Verdict,
} from "@softap/phone";
import { type Secret, softApError } from "@softap/protocol";
import type { WechatPorts } from "@softap/wechat";
import { isAboutNetwork } from "./about-network.ts";
import type { AddDeviceScreen } from "./add-device-screen.ts";
import { Countdown } from "./countdown.ts";
import type { NetworkForm } from "./network-form.ts";
import { noProgress, progressAfter, progressRows } from "./progress.ts";

/** Provisionings of this page, one at a time: runs them, shows how far they are, and keeps what support may ask for. */
export class ProvisioningRun {
  readonly #screen: AddDeviceScreen;
  readonly #ports: WechatPorts;
  readonly #form: NetworkForm;
  readonly #countdown: Countdown;
  #provisioning: Provisioning | undefined;
  /** Takes what the person gives a device that refused the first network. */
  #answer: ((input: RetryInput | undefined) => void) | undefined;
  #label: DeviceLabel | undefined;
  #otherDevice: string | undefined;
  #steps: ProvisioningStep[] = [];
  #secrets: Secret[] = [];
  #ssids: string[] = [];
  #verdict: Verdict | undefined;
  #progress = noProgress;

  constructor(screen: AddDeviceScreen, options: { readonly ports: WechatPorts; readonly form: NetworkForm }) {
    const { t } = screen.view.value;
    this.#screen = screen;
    this.#ports = options.ports;
    this.#form = options.form;
    this.#countdown = new Countdown(options.ports.clock, (time) =>
      screen.view.set({ timeLeft: time === "" ? "" : t.progress.left.replace("{time}", time) }),
    );
  }

  get isActive(): boolean {
    return this.#provisioning !== undefined;
  }

  /** The device waits for another network. */
  get isAsking(): boolean {
    return this.#answer !== undefined;
  }

  /** How the last one ended; `undefined` before and while one runs. */
  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  /** Name of the device that answered, where the label names another: then the run was canceled. */
  get otherDevice(): string | undefined {
    return this.#otherDevice;
  }

  /** Of the last one. */
  get steps(): readonly ProvisioningStep[] {
    return this.#steps;
  }

  /** What the last one had in hand and nobody else may read. */
  get secrets(): readonly Secret[] {
    return this.#secrets;
  }

  /** Names of the networks that the last one tried. */
  get ssids(): readonly string[] {
    return this.#ssids;
  }

  /**
   * Runs one with the network of the form.
   *
   * @param label - The device that has to answer, where it is known.
   * @throws what `provision` throws; the verdict is a value
   */
  async run(prepared: Prepared, label: DeviceLabel | undefined): Promise<Verdict> {
    const { softAp, token } = prepared.options;
    this.#begin(label);
    this.#keepSecrets(token, softAp?.passphrase, label?.proof);
    this.#keepNetwork();
    try {
      this.#countdown.start();
      this.#provisioning = provision({
        ...prepared.options,
        network: this.#form.network,
        retry: (failure) => this.#askAgain(failure),
        ports: this.#ports,
        signal: this.#screen.leaving.signal,
      });
      for await (const step of this.#provisioning) this.#tell(step);
      this.#verdict = await this.#provisioning.result;
      return this.#verdict;
    } finally {
      this.#provisioning = undefined;
      // A question that the session's end left open: what is typed now is for the next one.
      this.#answer = undefined;
      this.#countdown.stop();
    }
  }

  /** Hands the form to the device that waits for it: the same session's next attempt. */
  answer(): void {
    this.#keepNetwork();
    this.#answer?.(this.#form.answer);
  }

  /** Gives up what runs. Where the device waits for another network, what it failed with stays the result. */
  cancel(): void {
    if (this.#answer === undefined) this.#provisioning?.cancel();
    else this.#answer(undefined);
  }

  /** Ends the countdown and an open question, because the page is gone. */
  close(): void {
    this.#answer?.(undefined);
    this.#countdown.stop();
  }

  #begin(label: DeviceLabel | undefined): void {
    this.#label = label;
    this.#otherDevice = undefined;
    this.#steps = [];
    this.#secrets = [];
    this.#ssids = [];
    this.#verdict = undefined;
    this.#progress = noProgress;
    this.#showProgress();
  }

  #tell(step: ProvisioningStep): void {
    this.#steps.push(step);
    this.#progress = progressAfter(this.#progress, step);
    this.#countdown.follow(step);
    if (step.name === "sendCredentials" && step.sends === 1) this.#screen.goTo("progress");
    if (step.name === "deviceAnswered") this.#compare(step.productId, step.deviceName);
    this.#showProgress();
  }

  /** Devices of one product may have soft APs of one name: the label tells which of them is meant. */
  #compare(productId: string | undefined, deviceName: string | undefined): void {
    const label = this.#label;
    // Old devices do not tell who they are.
    if (label === undefined || productId === undefined || deviceName === undefined) return;
    if (productId === label.productId && deviceName === label.deviceName) return;
    this.#otherDevice = deviceName;
    this.#provisioning?.cancel(softApError("REPLY_INVALID", "Another device answered than the label names"));
  }

  #showProgress(): void {
    const { view } = this.#screen;
    const { isGoingBack } = this.#progress;
    view.set({ rows: progressRows(this.#progress, view.value.t.progress), isGoingBack });
  }

  /** Shows the network again, as the device did not get on with it. */
  async #askAgain(failure: Failure): Promise<RetryInput | undefined> {
    if (!isAboutNetwork(failure.error)) return undefined;
    const { view } = this.#screen;
    this.#screen.goTo("wifi");
    this.#screen.fail(failure.error);
    view.set({ isBusy: false });
    try {
      return await new Promise((resolve) => {
        this.#answer = resolve;
      });
    } finally {
      this.#answer = undefined;
      view.set({ isBusy: true, failure: null });
    }
  }

  #keepNetwork(): void {
    const { ssid, typed } = this.#form.home;
    this.#keepSecrets(typed);
    if (!this.#ssids.includes(ssid)) this.#ssids.push(ssid);
  }

  #keepSecrets(...secrets: readonly (Secret | undefined)[]): void {
    for (const secret of secrets)
      if (secret !== undefined && !this.#secrets.some((known) => known.equals(secret)))
        this.#secrets.push(secret);
  }
}
