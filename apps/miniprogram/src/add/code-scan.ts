import type { DeviceLabel, WifiQr } from "@softap/phone";
import { warningText } from "@softap/phone/texts";
import { decodeUtf8 } from "@softap/protocol";
import { failureOf, ownFailure } from "../failure-view.ts";
import type { AddDeviceScreen } from "./add-device-screen.ts";
import type { DeviceChoice } from "./device-choice.ts";
import type { NearbyNetworks } from "./nearby-networks.ts";
import type { NetworkForm } from "./network-form.ts";
import { readCode, scanCode } from "./scan-code.ts";

/** Fills in what a scanned code tells, wherever on the way it belongs. */
export class CodeScan {
  readonly #screen: AddDeviceScreen;
  readonly #parts: {
    readonly nearby: NearbyNetworks;
    readonly device: DeviceChoice;
    readonly network: NetworkForm;
  };

  constructor(
    screen: AddDeviceScreen,
    parts: { readonly nearby: NearbyNetworks; readonly device: DeviceChoice; readonly network: NetworkForm },
  ) {
    this.#screen = screen;
    this.#parts = parts;
  }

  /** Lets the person scan a code in the step that is shown; a wrong one is told and changes nothing. */
  async scan(): Promise<void> {
    const { step } = this.#screen.view.value;
    if (step !== "choose" && step !== "wifi") return;
    try {
      const text = await scanCode(this.#screen.services.wx);
      // The camera may have covered the page for long.
      if (text === undefined || this.#screen.view.value.step !== step) return;
      const code = readCode(text);
      if (code.kind === "network") this.#takeNetwork(code.network);
      else this.#takeLabel(code.label);
    } catch (error) {
      this.#screen.tellOfScan(failureOf(error, this.#screen.services.language, "scanCode"));
    }
  }

  #takeLabel(label: DeviceLabel): void {
    const { texts, language } = this.#screen.services;
    if (this.#screen.view.value.step === "wifi") {
      this.#screen.tellOfScan(ownFailure("LABEL_INVALID", texts.failures.labelForNetwork, language));
      return;
    }
    const { passphrase } = label.softAp;
    const ssid = decodeUtf8(label.softAp.ssid);
    if (ssid === undefined) this.#tellUnreadable();
    else this.#parts.device.fillIn({ ssid, passphrase }, label);
  }

  /** Some makers print the soft AP as a Wi-Fi code; any other network is the person's own, which will be asked for later. */
  #takeNetwork(code: WifiQr): void {
    const { view } = this.#screen;
    const { device, network, nearby } = this.#parts;
    const { step, t } = view.value;
    const ssid = decodeUtf8(code.ssid);
    if (step === "choose" && ssid !== undefined && nearby.isSoftAp(ssid))
      device.fillIn({ ssid, passphrase: code.passphrase });
    else if (!network.fillIn(code)) this.#tellUnreadable();
    else if (step === "choose") view.set({ note: t.choose.homeKept.replace("{ssid}", network.home.ssid) });
  }

  #tellUnreadable(): void {
    const { language } = this.#screen.services;
    const { text, action } = warningText({ code: "SSID_NOT_UTF8" }, language);
    this.#screen.tellOfScan(ownFailure("LABEL_INVALID", [text, action], language));
  }
}
