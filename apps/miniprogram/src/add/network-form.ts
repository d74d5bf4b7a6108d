import type { RetryInput, TargetNetwork, WifiQr } from "@softap/phone";
import {
  decodeUtf8,
  encodeUtf8,
  equalBytes,
  passphraseProblem,
  type ProtocolError,
  Secret,
  ssidProblem,
} from "@softap/protocol";
import type { AddDeviceScreen } from "./add-device-screen.ts";
import { HomeNetwork } from "./home-network.ts";
import type { NearbyNetworks } from "./nearby-networks.ts";
import { networkDoubts } from "./network-doubts.ts";

/** The form for the network that the device is to join: filled in as far as possible, checked while it is typed. */
export class NetworkForm {
  /** What stands in the form. */
  readonly home = new HomeNetwork();
  readonly #screen: AddDeviceScreen;
  readonly #nearby: NearbyNetworks;

  constructor(screen: AddDeviceScreen, nearby: NearbyNetworks) {
    this.#screen = screen;
    this.#nearby = nearby;
  }

  /** What is wrong with the name or the passphrase, so that nothing can be sent. */
  get problem(): ProtocolError | undefined {
    const { ssid, typed } = this.home;
    return ssidProblem(encodeUtf8(ssid)) ?? passphraseProblem(typed.reveal());
  }

  /** As `provision` takes it. */
  get network(): TargetNetwork {
    const { ssid, passphrase } = this.home;
    return { ssid, ...(passphrase === undefined ? {} : { passphrase }) };
  }

  /** As an answer to a device that refused the first network; an open network has to be told, too. */
  get answer(): RetryInput {
    const { ssid, typed } = this.home;
    return { ssid, passphrase: typed };
  }

  enterSsid(ssid: string): void {
    if (ssid !== this.home.ssid) this.home.security = undefined;
    this.home.ssid = ssid;
    this.#changed();
  }

  enterPassphrase(passphrase: string): void {
    this.home.typed = Secret.of(passphrase);
    this.#changed();
  }

  /** Lets the person type the passphrase instead of what a code told. */
  retypePassphrase(): void {
    this.#screen.view.set({ homeFilled: "" });
    this.enterPassphrase("");
  }

  togglePassphrase(): void {
    const { view } = this.#screen;
    view.set({ isPassphraseShown: !view.value.isPassphraseShown });
  }

  /** Fills in the name of the phone's own network, unless there is one already. */
  prefill(ssid: string): void {
    if (this.home.ssid !== "") return;
    this.home.ssid = ssid;
    this.check();
  }

  /** Takes what a code told. @returns Whether its name can be shown and sent */
  fillIn(code: WifiQr): boolean {
    const ssid = decodeUtf8(this.#likelySsid(code));
    if (ssid === undefined) return false;
    const { view } = this.#screen;
    const { t } = view.value;
    this.home.ssid = ssid;
    this.home.typed = code.passphrase ?? Secret.of("");
    this.home.security = code.security;
    view.set({ homeFilled: code.passphrase === undefined ? t.filledOpen : t.filled });
    this.#changed();
    return true;
  }

  /** Shows the network with what may be wrong with it. */
  check(): void {
    const { view, services } = this.#screen;
    const { ssid, passphrase, security } = this.home;
    const { softApSsid } = view.value;
    const { seen } = this.#nearby;
    const network = { ssid, security, seen, softApSsid, isOpen: passphrase === undefined };
    view.set({ ssid, doubts: networkDoubts(network, services.language) });
  }

  #changed(): void {
    this.check();
    this.#screen.clear();
  }

  /** A name of hex digits can be read in two ways; the one on the air is meant. */
  #likelySsid({ ssid, otherSsid }: WifiQr): Uint8Array {
    if (otherSsid === undefined) return ssid;
    return this.#nearby.seen.some((network) => equalBytes(network.ssid, otherSsid)) ? otherSsid : ssid;
  }
}
