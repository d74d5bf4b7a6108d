import {
  type Failure,
  phoneLimits,
  type Provisioning,
  type ProvisioningStep,
  type RetryInput,
  type Verdict,
} from "@softap/phone";
import { CancelSource } from "@softap/ports";
import { asSoftApError, decodeUtf8, isSoftApError, Secret, type SoftApError } from "@softap/protocol";
import { checkPermissions, provision, WechatPhoneWifi, type WechatPorts } from "@softap/wechat";
import { failureOf, type PhoneWork } from "../failure-view.ts";
import type { AppServices } from "../services.ts";
import { ViewState } from "../view-state.ts";
import { type AddDeviceView, type AddStep, dotsOf, firstView } from "./add-device-view.ts";
import { Countdown } from "./countdown.ts";
import { fetchDeviceLog } from "./device-log.ts";
import { HomeNetwork } from "./home-network.ts";
import { findSoftAps } from "./nearby-soft-aps.ts";
import { networkDoubts, networkProblem } from "./network-form.ts";
import { Preparation } from "./preparation.ts";
import { noProgress, progressAfter, progressRows } from "./progress.ts";
import { reportText } from "./report.ts";
import type { SoftApChoice } from "./soft-ap-choice.ts";

/** The way of a new device into the account, from the choice of the device to the verdict. */
export class AddDeviceModel {
  readonly view: ViewState<AddDeviceView>;
  readonly #services: AppServices;
  readonly #ports: WechatPorts;
  readonly #home = new HomeNetwork();
  readonly #preparation: Preparation;
  readonly #countdown: Countdown;
  readonly #leaving = new CancelSource();
  #softApPassphrase = Secret.of("");
  #provisioning: Provisioning | undefined;
  /** Takes what the person gives a device that refused the first network. */
  #answer: ((input: RetryInput | undefined) => void) | undefined;
  #steps: ProvisioningStep[] = [];
  #verdict: Verdict | undefined;
  #progress = noProgress;

  constructor(services: AppServices) {
    const { wx, ports, texts, config } = services;
    const { clock } = ports;
    this.#services = services;
    // A radio of its own: it brings the phone to the network that is typed on this page.
    this.#ports = { ...ports, wifi: new WechatPhoneWifi({ wx, clock, home: this.#home }) };
    this.#preparation = new Preparation(services);
    this.#countdown = new Countdown(clock, (time) =>
      this.view.set({ timeLeft: time === "" ? "" : texts.add.progress.left.replace("{time}", time) }),
    );
    this.view = new ViewState(firstView(texts.add, config.softApPrefixes[0] ?? "", !this.#isIos));
  }

  /** Looks for devices and for the name of the phone's own network. */
  async open(): Promise<void> {
    await Promise.all([this.search(), this.#prefill()]);
  }

  /** Ends whatever is going on, because the page is gone. */
  close(): void {
    this.#leaving.cancel();
    this.#answer?.(undefined);
    this.#countdown.stop();
  }

  /** Looks for soft APs nearby. */
  async search(): Promise<void> {
    const { wx, ports, config } = this.#services;
    const { isSearching, canSearch } = this.view.value;
    if (isSearching || !canSearch) return;
    this.view.set({ isSearching: true });
    const { clock } = ports;
    const nearby = await findSoftAps(wx, { clock, prefixes: config.softApPrefixes, isIos: this.#isIos });
    this.view.set({ nearby, isSearching: false });
  }

  choose(ssid: string): void {
    this.view.set({ softApSsid: ssid, failure: null });
  }

  enterSoftApPassphrase(passphrase: string): void {
    this.#softApPassphrase = Secret.of(passphrase);
    this.view.set({ failure: null });
  }

  enterSsid(ssid: string): void {
    this.#home.ssid = ssid;
    this.#networkChanged();
  }

  enterPassphrase(passphrase: string): void {
    this.#home.typed = Secret.of(passphrase);
    this.#networkChanged();
  }

  togglePassphrase(): void {
    this.view.set({ isPassphraseShown: !this.view.value.isPassphraseShown });
  }

  /** Goes on to the next step, if everything for it is there. */
  async next(): Promise<void> {
    const { step, isBusy, softApSsid, isBlocked } = this.view.value;
    if (isBusy) return;
    if (step === "choose") {
      const problem = networkProblem({ ssid: softApSsid, passphrase: this.#softApPassphrase });
      if (problem !== undefined) return this.#fail(problem);
      this.#goTo("prepare");
      this.checkPhone();
    } else if (step === "prepare") {
      this.checkPhone();
      if (!isBlocked && !this.view.value.isBlocked) this.#goTo("wifi");
    } else if (step === "wifi") await this.#send();
    else if (step === "join") await this.connect();
  }

  /** Goes back a step. Where the device waits for another network, that ends the attempt. */
  back(): void {
    const { step, isBusy } = this.view.value;
    if (isBusy) return;
    if (this.#answer !== undefined) this.cancel();
    else if (step === "prepare") this.#goTo("choose");
    else if (step === "wifi") this.#goTo("prepare");
    else if (step === "join") this.#goTo("wifi");
  }

  /** Looks again at what stands in the way on this phone. */
  checkPhone(): void {
    const { wx, language } = this.#services;
    const found = checkPermissions(wx);
    this.view.set({
      findings: found.map(({ isBlocking, ...texts }) => ({ text: texts[language], isBlocking })),
      isBlocked: found.some(({ isBlocking }) => isBlocking),
    });
  }

  /** Runs the provisioning; also after the person joined the soft AP by hand. */
  async connect(): Promise<void> {
    const { step, isBusy } = this.view.value;
    if (isBusy || (step !== "join" && step !== "failure")) return;
    this.#goTo("join");
    this.view.set({ isBusy: true });
    try {
      const { ssid } = this.#home;
      const { passphrase } = this.#home;
      const prepared = await this.#preparation.get(this.#leaving.signal);
      this.#begin();
      this.#provisioning = provision({
        cloud: this.#services.cloud,
        ...prepared,
        network: { ssid, ...(passphrase === undefined ? {} : { passphrase }) },
        softAp: presentPassphrase(this.#softAp),
        retry: (failure) => this.#askAgain(failure),
        ports: this.#ports,
        signal: this.#leaving.signal,
      });
      for await (const told of this.#provisioning) this.#tell(told);
      const verdict = await this.#provisioning.result;
      this.#provisioning = undefined;
      this.#show(verdict);
      if (verdict.attempts > 0) await this.#lookForPhone();
    } catch (error) {
      this.#failAsking(error);
    } finally {
      this.#provisioning = undefined;
      // A question that the session's end left open: what is typed now is for the next one.
      this.#answer = undefined;
      this.#countdown.stop();
      this.view.set({ isBusy: false });
    }
  }

  /** Gives up what runs. Where the device waits for another network, what it failed with stays the result. */
  cancel(): void {
    if (this.#answer === undefined) this.#provisioning?.cancel();
    else this.#answer(undefined);
  }

  /** Starts over after a failure with everything that was typed; where that was the reason, it is shown first. */
  async again(): Promise<void> {
    const { step, isBusy } = this.view.value;
    const verdict = this.#verdict;
    if (step !== "failure" || isBusy || verdict === undefined || verdict.verdict === "bound") return;
    if (isAboutNetwork(verdict.error)) {
      this.#goTo("wifi");
      await this.#lookForPhone();
    } else await this.connect();
  }

  /** Reads the device's log; the phone leaves its network for it once more. */
  async readLog(): Promise<void> {
    const { isReadingLog, t } = this.view.value;
    if (isReadingLog || this.#provisioning !== undefined) return;
    this.view.set({ isReadingLog: true, isBusy: true, logFailure: null });
    try {
      const log = await fetchDeviceLog(this.#ports, this.#softAp, this.#leaving.signal);
      this.view.set({ log: log === "" ? t.failure.emptyLog : log, canReadLog: false });
    } catch (error) {
      this.view.set({ logFailure: failureOf(error, this.#services.language, logWork(error)) });
    } finally {
      await this.#lookForPhone();
      this.view.set({ isReadingLog: false, isBusy: false });
    }
  }

  /** Puts a report for support on the clipboard. */
  copyReport(): void {
    const { failure, log } = this.view.value;
    const verdict = this.#verdict;
    if (failure === null || verdict === undefined) return;
    const data = reportText(failure, { verdict, steps: this.#steps, deviceLog: log });
    this.#services.wx.setClipboardData({ data });
  }

  /** Goes to the devices. */
  finish(): void {
    this.#services.navigation.back();
  }

  get #isIos(): boolean {
    const { wx } = this.#services;
    const { platform } = wx.getDeviceInfo?.() ?? wx.getSystemInfoSync?.() ?? { platform: "" };
    return platform.toLowerCase() === "ios";
  }

  get #softAp(): SoftApChoice {
    const passphrase = this.#softApPassphrase;
    return {
      ssid: this.view.value.softApSsid,
      passphrase: passphrase.equals(Secret.of("")) ? undefined : passphrase,
    };
  }

  async #prefill(): Promise<void> {
    const ssid = await this.#currentSsid();
    if (ssid !== undefined && this.#home.ssid === "") this.enterSsid(ssid);
  }

  /** The phone cannot be brought home with a passphrase that was wrong: then the person is told that it is still away. */
  async #lookForPhone(): Promise<void> {
    const { softApSsid, t } = this.view.value;
    const isStuck = (await this.#currentSsid()) === softApSsid;
    // A provisioning that began meanwhile moves the phone itself.
    if (this.#provisioning !== undefined) return;
    this.view.set({ stuck: isStuck ? t.failure.stuck.replace("{ssid}", softApSsid) : "" });
  }

  async #currentSsid(): Promise<string | undefined> {
    try {
      const bytes = await this.#ports.wifi.currentSsid({ signal: this.#leaving.signal });
      return bytes === undefined ? undefined : decodeUtf8(bytes);
    } catch (error) {
      // Not every phone tells the name, and none has to.
      this.#ports.log?.debug("own network not known", { code: asSoftApError(error).code });
      return undefined;
    }
  }

  #networkChanged(): void {
    const { ssid, typed: passphrase } = this.#home;
    const { t, softApSsid } = this.view.value;
    this.view.set({
      ssid,
      doubts: networkDoubts({ ssid, passphrase }, softApSsid, t.wifi),
      failure: null,
    });
  }

  async #send(): Promise<void> {
    const { ssid, typed, passphrase } = this.#home;
    const problem = networkProblem({ ssid, passphrase: typed });
    if (problem !== undefined) return this.#fail(problem);
    if (this.#answer !== undefined) {
      this.#answer({ ssid, passphrase: passphrase ?? typed });
      return;
    }
    this.view.set({ isBusy: true, failure: null });
    try {
      await this.#preparation.get(this.#leaving.signal);
      this.#goTo("join");
    } catch (error) {
      this.#failAsking(error);
    } finally {
      this.view.set({ isBusy: false });
    }
  }

  #begin(): void {
    this.#steps = [];
    this.#verdict = undefined;
    this.#progress = noProgress;
    this.view.set({ byHand: "", stuck: "", log: "", logFailure: null });
    this.#showProgress();
  }

  #tell(step: ProvisioningStep): void {
    this.#steps.push(step);
    this.#progress = progressAfter(this.#progress, step);
    if (step.name === "sendCredentials" && step.sends === 1) {
      this.#goTo("progress");
      this.#countdown.start(phoneLimits.verdictTimeoutMs);
    }
    this.#showProgress();
  }

  #showProgress(): void {
    const { t } = this.view.value;
    const { isGoingBack } = this.#progress;
    this.view.set({ rows: progressRows(this.#progress, t.progress), isGoingBack });
  }

  /** Shows the network again, as the device did not get on with it; what it is given is the same session's next attempt. */
  async #askAgain(failure: Failure): Promise<RetryInput | undefined> {
    if (!isAboutNetwork(failure.error)) return undefined;
    this.#countdown.stop();
    this.#goTo("wifi");
    this.#fail(failure.error);
    this.view.set({ isBusy: false });
    try {
      return await new Promise((resolve) => {
        this.#answer = resolve;
      });
    } finally {
      this.#answer = undefined;
      this.view.set({ isBusy: true, failure: null });
    }
  }

  #show(verdict: Verdict): void {
    this.#verdict = verdict;
    if (verdict.verdict === "bound") {
      this.#preparation.drop();
      this.#goTo("success");
      this.view.set({ deviceName: verdict.deviceName });
      return;
    }
    const { code, error, attempts } = verdict;
    if (code === "CANCELED") return this.#goTo("wifi");
    const { kind, retry } = error.entry;
    if (kind === "cloud" && retry === "no") this.#preparation.drop();
    if (attempts === 0) {
      const { t, softApSsid } = this.view.value;
      this.view.set({ byHand: t.join.byHand.replace("{ssid}", softApSsid) });
    } else {
      this.#goTo("failure");
      this.view.set({ isUnknown: verdict.verdict === "unknown", canReadLog: true });
    }
    this.#fail(error, attempts === 0 ? "joinSoftAp" : undefined);
  }

  #fail(error: unknown, work?: PhoneWork): void {
    this.view.set({ failure: failureOf(error, this.#services.language, work) });
  }

  #failAsking(error: unknown): void {
    if (isSoftApError(error, "APP_ACCESS_TOKEN_INVALID")) this.#services.navigation.restart("sign-in");
    else this.#fail(error, "askCloud");
  }

  #goTo(step: AddStep): void {
    this.view.set({ step, dots: dotsOf(step), failure: null });
  }
}

/** Whether another name or passphrase may cure it. */
function isAboutNetwork({ entry }: SoftApError): boolean {
  return entry.kind === "wifi" || (entry.kind === "protocol" && entry.retry === "input");
}

/** A device that is silent was reached; everything else before it was the phone's way to it. */
function logWork(error: unknown): PhoneWork | undefined {
  return isSoftApError(error, "DEVICE_SILENT") ? undefined : "joinSoftAp";
}

/** The choice as `provision` takes it: without a member that has no value. */
function presentPassphrase({ ssid, passphrase }: SoftApChoice): { ssid: string; passphrase?: Secret } {
  return { ssid, ...(passphrase === undefined ? {} : { passphrase }) };
}
