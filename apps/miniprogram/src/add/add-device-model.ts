import type { Verdict } from "@softap/phone";
import { planText } from "@softap/phone/texts";
import { checkPermissions, WechatPhoneWifi } from "@softap/wechat";
import { ownFailure } from "../failure-view.ts";
import type { AppServices } from "../services.ts";
import type { ViewState } from "../view-state.ts";
import { isAboutNetwork } from "./about-network.ts";
import { AddDeviceScreen } from "./add-device-screen.ts";
import type { AddDeviceView } from "./add-device-view.ts";
import { CodeScan } from "./code-scan.ts";
import { currentSsid } from "./current-ssid.ts";
import { DeviceChoice } from "./device-choice.ts";
import { FailureHelp } from "./failure-help.ts";
import { NearbyNetworks } from "./nearby-networks.ts";
import { NetworkForm } from "./network-form.ts";
import { Preparation } from "./preparation.ts";
import { ProvisioningRun } from "./provisioning-run.ts";

/** The way of a new device into the account, from the choice of the device to the verdict. */
export class AddDeviceModel {
  readonly nearby: NearbyNetworks;
  readonly device: DeviceChoice;
  readonly network: NetworkForm;
  readonly codes: CodeScan;
  readonly run: ProvisioningRun;
  readonly help: FailureHelp;
  readonly #screen: AddDeviceScreen;
  readonly #preparation: Preparation;
  readonly #prefill: () => Promise<void>;

  constructor(services: AppServices) {
    const { wx, ports: shared } = services;
    const screen = new AddDeviceScreen(services);
    this.#screen = screen;
    this.nearby = new NearbyNetworks(screen);
    this.device = new DeviceChoice(screen);
    this.network = new NetworkForm(screen, this.nearby);
    this.codes = new CodeScan(screen, this);
    // A radio of its own: it brings the phone to the network that is typed on this page.
    const wifi = new WechatPhoneWifi({ wx, clock: shared.clock, home: this.network.home });
    const ports = { ...shared, wifi };
    this.run = new ProvisioningRun(screen, { ports, form: this.network });
    this.help = new FailureHelp(screen, { ports, device: this.device, run: this.run });
    this.#preparation = new Preparation(screen, wifi);
    this.#prefill = async () => {
      const ssid = await currentSsid(ports, screen.leaving.signal);
      // A phone that a person has brought to the device already must not give it the device's own network.
      if (ssid !== undefined && !this.nearby.isSoftAp(ssid)) this.network.prefill(ssid);
    };
  }

  get view(): ViewState<AddDeviceView> {
    return this.#screen.view;
  }

  /** Looks for devices and for the name of the phone's own network. */
  async open(): Promise<void> {
    await Promise.all([this.nearby.search(), this.#prefill()]);
  }

  /** Ends whatever is going on, because the page is gone. */
  close(): void {
    this.#screen.leaving.cancel();
    this.run.close();
  }

  /** Goes on to the next step, if everything for it is there. */
  async next(): Promise<void> {
    const { step, isBusy } = this.view.value;
    if (isBusy) return;
    if (step === "choose") this.#leaveChoice();
    else if (step === "prepare") this.#leavePreparation();
    else if (step === "wifi") await this.#leaveNetwork();
    else if (step === "join") await this.connect();
  }

  /** Goes back a step. Where the device waits for another network, that ends the attempt. */
  back(): void {
    const { step, isBusy } = this.view.value;
    if (isBusy) return;
    if (this.run.isAsking) this.run.cancel();
    else if (step === "prepare") this.#screen.goTo("choose");
    else if (step === "wifi") this.#screen.goTo("prepare");
    else if (step === "join") this.#goToNetwork();
  }

  /** Looks again at what stands in the way on this phone. */
  checkPhone(): void {
    const { wx, language } = this.#screen.services;
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
    this.#screen.goTo("join");
    this.view.set({ isBusy: true });
    try {
      const prepared = await this.#preparation.get(this.device.softAp);
      this.view.set({ byHand: "", stuck: "", log: "", helpFailure: null, report: "" });
      const verdict = await this.run.run(prepared, this.device.label);
      this.#show(verdict);
      if (verdict.attempts > 0) await this.help.lookForPhone();
    } catch (error) {
      this.#screen.failAsking(error);
    } finally {
      this.view.set({ isBusy: false });
    }
  }

  /** Starts over after a failure with everything that was typed; where that was the reason, it is shown first. */
  async again(): Promise<void> {
    const { step, isBusy } = this.view.value;
    const { verdict, otherDevice } = this.run;
    if (step !== "failure" || isBusy || verdict === undefined || verdict.verdict === "bound") return;
    if (otherDevice !== undefined) this.#screen.goTo("choose");
    else if (!isAboutNetwork(verdict.error)) await this.connect();
    else {
      this.#goToNetwork();
      await this.help.lookForPhone();
    }
  }

  /** Goes to the devices. */
  finish(): void {
    this.#screen.services.navigation.back();
  }

  #leaveChoice(): void {
    const { problem } = this.device;
    if (problem !== undefined) {
      this.#screen.fail(problem);
      return;
    }
    this.#screen.goTo("prepare");
    this.checkPhone();
  }

  #leavePreparation(): void {
    const wasBlocked = this.view.value.isBlocked;
    this.checkPhone();
    // What was just cured is shown before it goes on.
    if (!wasBlocked && !this.view.value.isBlocked) this.#goToNetwork();
  }

  /** What the network is doubted for depends on the device that was chosen meanwhile. */
  #goToNetwork(): void {
    this.#screen.goTo("wifi");
    this.network.check();
  }

  async #leaveNetwork(): Promise<void> {
    const { problem } = this.network;
    if (problem !== undefined) return this.#screen.fail(problem);
    if (this.run.isAsking) return this.run.answer();
    this.view.set({ isBusy: true, failure: null });
    try {
      const { plan } = await this.#preparation.get(this.device.softAp);
      this.#screen.goTo("join");
      this.view.set({ plan: planText(plan, this.#screen.services.language) });
    } catch (error) {
      this.#screen.failAsking(error);
    } finally {
      this.view.set({ isBusy: false });
    }
  }

  #show(verdict: Verdict): void {
    if (verdict.verdict === "bound") {
      this.#preparation.drop();
      this.#screen.goTo("success");
      this.view.set({ deviceName: verdict.deviceName });
    } else if (this.run.otherDevice !== undefined) this.#showOtherDevice(this.run.otherDevice);
    else if (verdict.code === "CANCELED") this.#goToNetwork();
    else this.#showFailure(verdict);
  }

  #showOtherDevice(name: string): void {
    const { texts, language } = this.#screen.services;
    const [text, action] = texts.failures.otherDevice;
    this.#goToFailure(false);
    this.#screen.tell(ownFailure("CANCELED", [text.replace("{name}", name), action], language));
  }

  #showFailure({ verdict, error, attempts }: Exclude<Verdict, { verdict: "bound" }>): void {
    const { kind, retry } = error.entry;
    if (kind === "cloud" && retry === "no") this.#preparation.drop();
    if (attempts > 0) {
      this.#goToFailure(verdict === "unknown");
      this.#screen.fail(error);
      return;
    }
    const { t, softApSsid } = this.view.value;
    this.view.set({ byHand: t.join.byHand.replace("{ssid}", softApSsid) });
    this.#screen.fail(error, "joinSoftAp");
  }

  #goToFailure(isUnknown: boolean): void {
    this.#screen.goTo("failure");
    this.view.set({ isUnknown, canReadLog: true });
  }
}
