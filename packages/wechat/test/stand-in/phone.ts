import type { VirtualPhoneWifi, VirtualRouter } from "@softap/virtual";
import { neverCanceled } from "@softap/ports";
import { decodeUtf8, encodeUtf8, isSoftApError, Secret } from "@softap/protocol";
import { WxFailure } from "./callbacks.ts";
import { Listeners } from "./listeners.ts";

/** What the phone's Wi-Fi is like. */
export interface PhoneOptions {
  readonly wifi: VirtualPhoneWifi;
  readonly home: VirtualRouter;
  /** Whether it is online without Wi-Fi. */
  readonly hasMobileData?: boolean;
}

/** Errors of ours as the numbers of `wx.connectWifi`. */
const wxCodes: Readonly<Record<string, number>> = {
  WIFI_AUTH_FAILED: 12002,
  WIFI_JOIN_TIMEOUT: 12003,
  WIFI_NOT_FOUND: 12008,
  PERMISSION_DENIED: 12007,
};

/** A phone in the virtual air, as `wx` sees it. */
export class Phone {
  readonly wifiConnected = new Listeners<{ wifi: { SSID: string; BSSID: string } }>();
  readonly networkStatus = new Listeners<{ isConnected: boolean; networkType: string }>();
  readonly #options: PhoneOptions;
  readonly #timer: NodeJS.Timeout;
  #isStarted = false;
  #last: string | undefined;
  /** Names that were asked for. */
  readonly joins: string[] = [];
  /** Fails the next joins, first in first out. */
  readonly joinFailures: number[] = [];
  /** Fails every join. */
  refusal: number | undefined;
  /** Like iOS: `connectWifi` reports success when the person agreed, this long before the phone is there, ms. */
  agreesEarlyMs: number | undefined;

  constructor(options: PhoneOptions) {
    this.#options = options;
    // The air tells nobody where a phone is.
    this.#timer = setInterval(() => void this.#look(), 10);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#options.wifi.close();
  }

  get isOnSoftAp(): boolean {
    return this.#options.wifi.isOnSoftAp;
  }

  /** Whether it is on the network that it began on, as far as was seen by now. */
  get isHome(): boolean {
    return !this.isOnSoftAp && this.#last === decodeUtf8(this.#options.home.ssid);
  }

  async ssid(): Promise<string | undefined> {
    const ssid = await this.#options.wifi.currentSsid({ signal: neverCanceled });
    return ssid === undefined ? undefined : decodeUtf8(ssid);
  }

  async networkType(): Promise<string> {
    if ((await this.ssid()) !== undefined) return "wifi";
    return this.#options.hasMobileData === true ? "5g" : "none";
  }

  async isOnline(): Promise<boolean> {
    return !this.isOnSoftAp && (await this.networkType()) !== "none";
  }

  start(): object {
    this.#isStarted = true;
    return {};
  }

  async connected(): Promise<{ wifi: { SSID: string; BSSID: string } }> {
    if (!this.#isStarted) throw new WxFailure("not init", 12000);
    const name = await this.ssid();
    if (name === undefined) throw new WxFailure("no wifi is connected", 12010);
    return { wifi: { SSID: name, BSSID: "02:00:00:00:00:01" } };
  }

  async join(name: string, password: string): Promise<object> {
    if (!this.#isStarted) throw new WxFailure("not init", 12000);
    this.joins.push(name);
    const failure = this.joinFailures.shift() ?? this.refusal;
    if (failure !== undefined) throw new WxFailure("join failed", failure);
    if (this.agreesEarlyMs === undefined) await this.#join(name, password);
    else setTimeout(() => void this.#join(name, password), this.agreesEarlyMs);
    return {};
  }

  /** What a person does in the system's settings. */
  async joinByHand(name: string, password: string): Promise<void> {
    await this.#join(name, password);
  }

  async #join(name: string, password: string): Promise<void> {
    const { wifi, home } = this.#options;
    const passphrase = password === "" ? undefined : Secret.of(password);
    if (name === decodeUtf8(home.ssid)) {
      if (home.passphrase !== undefined && passphrase?.equals(home.passphrase) !== true)
        throw new WxFailure("password error", 12002);
      await wifi.restore({ signal: neverCanceled });
      return;
    }
    try {
      await wifi.joinSoftAp({ ssid: encodeUtf8(name), passphrase }, { signal: neverCanceled });
    } catch (error) {
      if (!isSoftApError(error)) throw error;
      throw new WxFailure(error.code, wxCodes[error.code] ?? 12010);
    }
  }

  async #look(): Promise<void> {
    const name = await this.ssid();
    if (name === this.#last) return;
    this.#last = name;
    if (name !== undefined)
      this.wifiConnected.emit(await this.connected().catch(() => ({ wifi: { SSID: name, BSSID: "" } })));
    const networkType = await this.networkType();
    this.networkStatus.emit({ isConnected: networkType !== "none", networkType });
  }
}
