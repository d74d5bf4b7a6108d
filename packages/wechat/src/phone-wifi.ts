import {
  type CancelSignal,
  CancelSource,
  type Clock,
  type PhoneWifi,
  throwIfCanceled,
  type TimerHandle,
} from "@softap/ports";
import {
  asSoftApError,
  decodeUtf8,
  encodeUtf8,
  isSoftApError,
  type Secret,
  type SoftApError,
  softApError,
} from "@softap/protocol";
import { wechatLimits } from "./limits.ts";
import { callWx } from "./wx-call.ts";
import { wifiError } from "./wx-errors.ts";
import type { Wx, WxCallbacks, WxWifi } from "./wx.ts";

/** What a {@link WechatPhoneWifi} needs. */
export interface WechatPhoneWifiOptions {
  readonly wx: WechatWifiCalls;
  readonly clock: Clock;
  /**
   * A network with internet that the phone may be brought to when it does not find back by itself. `wx` cannot leave a
   * network in any other way than by joining one. @defaultValue none: the phone is waited for
   */
  readonly home?: { readonly ssid: string; readonly passphrase: Secret | undefined };
}

/** The members of `wx` that {@link WechatPhoneWifi} uses. */
export type WechatWifiCalls = Pick<
  Wx,
  | "startWifi"
  | "connectWifi"
  | "getConnectedWifi"
  | "onWifiConnected"
  | "offWifiConnected"
  | "getNetworkType"
  | "onNetworkStatusChange"
  | "offNetworkStatusChange"
>;

/** What `wx` says of the network that the phone is on. `isHidden`: it may not say. */
type Seen = { readonly name: string | undefined; readonly isHidden: boolean };

/** The phone's Wi-Fi by `wx.connectWifi`. The system asks the person each time. */
export class WechatPhoneWifi implements PhoneWifi {
  readonly #options: WechatPhoneWifiOptions;
  readonly #wx: WechatWifiCalls;
  #softAp: string | undefined;

  constructor(options: WechatPhoneWifiOptions) {
    this.#options = options;
    this.#wx = options.wx;
  }

  /** `undefined` also where the system does not tell it. */
  async currentSsid(options: { signal: CancelSignal }): Promise<Uint8Array | undefined> {
    const { name } = await this.#look(options.signal);
    return name === undefined ? undefined : encodeUtf8(name);
  }

  /**
   * Joins the soft AP and waits until the phone says that it is there.
   *
   * @throws {@link WifiError} `WIFI_AUTH_FAILED`, `WIFI_NOT_FOUND`, `WIFI_JOIN_TIMEOUT`, `WIFI_REFUSED`, `WIFI_BLOCKED`;
   * {@link TransportError} `PERMISSION_DENIED`; {@link UsageError} `USAGE` for a name that is not UTF-8; {@link CanceledError}
   */
  async joinSoftAp(
    network: { ssid: Uint8Array; passphrase: Secret | undefined },
    options: { signal: CancelSignal },
  ): Promise<void> {
    const name = decodeUtf8(network.ssid);
    if (name === undefined) throw softApError("USAGE", "WeChat can join only networks whose name is UTF-8");
    this.#softAp = name;
    await this.#join(name, network.passphrase, options.signal);
  }

  /**
   * Waits until the phone is online without the soft AP. Where it does not leave by itself it is brought to
   * {@link WechatPhoneWifiOptions.home}.
   *
   * @throws {@link WifiError} like {@link WechatPhoneWifi.joinSoftAp} when that fails too; {@link CanceledError}
   */
  async restore(options: { signal: CancelSignal }): Promise<void> {
    const { signal } = options;
    const { clock, home } = this.#options;
    const softAp = this.#softAp;
    throwIfCanceled(signal);
    if (softAp === undefined) return;
    const helping = new CancelSource(signal);
    let failure: SoftApError | undefined;
    const help = (): void => {
      if (home === undefined) return;
      this.#join(home.ssid, home.passphrase, helping.signal).catch((error: unknown) => {
        failure = asSoftApError(error);
      });
    };
    const isStuck = (await this.#look(signal)).name === softAp;
    const timer = clock.after("bring the phone home", isStuck ? 0 : wechatLimits.settleMs, help);
    try {
      await this.#until(async () => {
        const { name } = await this.#look(signal);
        if (name !== softAp) return this.#isOnline(signal);
        // Only the person can bring it home now.
        if (failure !== undefined) throw failure;
        return false;
      }, signal);
      this.#softAp = undefined;
    } finally {
      timer.cancel();
      helping.cancel();
    }
  }

  async #join(name: string, passphrase: Secret | undefined, signal: CancelSignal): Promise<void> {
    if ((await this.#look(signal)).name === name) return;
    const password = passphrase?.reveal() ?? "";
    await this.#call("Joining", signal, (callbacks) =>
      this.#wx.connectWifi({ SSID: name, password, forceNewApi: true, ...callbacks }),
    );
    // iOS reports success when the person agreed, which is before the phone is there.
    await this.#until(async () => {
      const seen = await this.#look(signal);
      return seen.name === name || seen.isHidden;
    }, signal);
  }

  async #look(signal: CancelSignal): Promise<Seen> {
    await this.#call("Starting Wi-Fi", signal, (callbacks) => this.#wx.startWifi(callbacks));
    try {
      const { wifi } = await this.#call<{ readonly wifi: WxWifi }>("Looking at Wi-Fi", signal, (callbacks) =>
        this.#wx.getConnectedWifi(callbacks),
      );
      // Old Androids put quotation marks around it; newer ones leave it empty where the location is not allowed.
      const name = wifi.SSID.replace(/^"(.*)"$/, "$1");
      return name === "" ? { name: undefined, isHidden: true } : { name, isHidden: false };
    } catch (error) {
      throwIfCanceled(signal);
      return { name: undefined, isHidden: isSoftApError(error, "PERMISSION_DENIED") };
    }
  }

  async #isOnline(signal: CancelSignal): Promise<boolean> {
    const { networkType } = await this.#call<{ readonly networkType: string }>(
      "Looking at the network",
      signal,
      (callbacks) => this.#wx.getNetworkType(callbacks),
    );
    return networkType !== "none";
  }

  #call<Result>(
    what: string,
    signal: CancelSignal,
    start: (callbacks: WxCallbacks<Result>) => unknown,
  ): Promise<Result> {
    return callWx({ signal, start, translate: (error) => wifiError(what, error) });
  }

  /** Waits for a condition, looked at now, whenever `wx` tells of a change, and in between. */
  async #until(condition: () => Promise<boolean>, signal: CancelSignal): Promise<void> {
    let wake = (): void => {};
    const onChange = (): void => wake();
    this.#wx.onWifiConnected(onChange);
    this.#wx.onNetworkStatusChange(onChange);
    signal.addEventListener("abort", onChange, { once: true });
    try {
      while (!(await condition())) {
        throwIfCanceled(signal);
        let timer: TimerHandle | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = this.#options.clock.after("look at the network", wechatLimits.lookGapMs, resolve);
        });
        timer?.cancel();
      }
    } finally {
      this.#wx.offWifiConnected(onChange);
      this.#wx.offNetworkStatusChange(onChange);
      signal.removeEventListener("abort", onChange);
    }
  }
}
