import type { DeviceLabel } from "@softap/phone";
import { encodeUtf8, passphraseProblem, type ProtocolError, Secret, ssidProblem } from "@softap/protocol";
import type { AddDeviceScreen } from "./add-device-screen.ts";

/** The soft AP of the device that is to be added. */
export interface SoftApChoice {
  readonly ssid: string;
  /** `undefined` for an open one. */
  readonly passphrase: Secret | undefined;
}

/** Which device is added: chosen from those nearby, typed, or scanned from its label. */
export class DeviceChoice {
  readonly #screen: AddDeviceScreen;
  #passphrase = Secret.of("");
  #label: DeviceLabel | undefined;

  constructor(screen: AddDeviceScreen) {
    this.#screen = screen;
  }

  get softAp(): SoftApChoice {
    const passphrase = this.#passphrase;
    const { softApSsid: ssid } = this.#screen.view.value;
    return { ssid, passphrase: passphrase.equals(Secret.of("")) ? undefined : passphrase };
  }

  /** What was scanned, as long as nothing else was chosen after it. */
  get label(): DeviceLabel | undefined {
    return this.#label;
  }

  /** What is wrong with the soft AP's name or passphrase. */
  get problem(): ProtocolError | undefined {
    const { ssid, passphrase } = this.softAp;
    return ssidProblem(encodeUtf8(ssid)) ?? passphraseProblem(passphrase?.reveal() ?? "");
  }

  /** Takes a name from the list or the keyboard; what a code told of another soft AP is forgotten. */
  choose(ssid: string): void {
    const { view } = this.#screen;
    if (view.value.softApSsid !== ssid) this.#forgetCode();
    this.#screen.clear();
    view.set({ softApSsid: ssid });
  }

  enterPassphrase(passphrase: string): void {
    this.#passphrase = Secret.of(passphrase);
    this.#screen.clear();
  }

  /** Lets the person type the passphrase instead of what a code told. */
  retypePassphrase(): void {
    this.#screen.view.set({ softApFilled: "" });
    this.enterPassphrase("");
  }

  /** Takes what a code told. @param label - Where the code was a device's label. */
  fillIn(softAp: SoftApChoice, label?: DeviceLabel): void {
    const { view } = this.#screen;
    const { t } = view.value;
    this.#passphrase = softAp.passphrase ?? Secret.of("");
    this.#label = label;
    this.#screen.clear();
    view.set({
      softApSsid: softAp.ssid,
      softApFilled: softAp.passphrase === undefined ? t.filledOpen : t.filled,
      note: label === undefined ? "" : t.choose.labelRead.replace("{name}", label.deviceName),
    });
  }

  #forgetCode(): void {
    this.#label = undefined;
    if (this.#screen.view.value.softApFilled !== "") this.retypePassphrase();
  }
}
