import {
  type CancelSignal,
  type Clock,
  type Log,
  neverCanceled,
  type PhoneWifi,
  silentLog,
  sleep,
  throwIfCanceled,
  withTimeout,
} from "@softap/ports";
import {
  asSoftApError,
  decodeUtf8,
  encodeUtf8,
  isSoftApError,
  type Secret,
  softApError,
} from "@softap/protocol";
import { cancelable } from "../cancelable.ts";
import { reactNativeLimits } from "../limits.ts";
import type { NativeWifi } from "./native-wifi.ts";
import { WifiCalls } from "./wifi-calls.ts";

/** What a {@link ReactNativeWifi} needs. */
export interface ReactNativeWifiOptions {
  /** The default export of `react-native-wifi-reborn`. */
  readonly wifi: NativeWifi;
  /** `Platform.OS` of React Native: `android` or `ios`. */
  readonly platform: string;
  readonly clock: Clock;
  /** Gets the permissions that joining needs, asking the person where necessary. @defaultValue the system is left to refuse */
  readonly permit?: () => Promise<boolean>;
  /** Called when the app was tied to another network, before anything is sent there: sockets may have to be renewed. */
  readonly onSwitched?: () => Promise<void>;
  readonly log?: Log;
}

/**
 * The phone's Wi-Fi by `react-native-wifi-reborn`.
 *
 * On Android the app is tied to the soft AP while it is there: without that, mobile data would swallow every datagram. What
 * the module calls success is checked against the network that the phone is seen on; where that may not be known, only
 * the device's answer tells.
 */
export class ReactNativeWifi implements PhoneWifi {
  readonly #calls: WifiCalls;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #permit: () => Promise<boolean>;
  readonly #onSwitched: () => Promise<void>;
  /** Name of the soft AP, from before it is joined until it is left. */
  #softAp: string | undefined;
  /** Name of the network before it. */
  #former: string | undefined;
  /** A join that the system may still be busy with. */
  #connecting: Promise<void> = Promise.resolve();

  /** @throws {@link UsageError} `USAGE` for another platform than Android and iOS */
  constructor(options: ReactNativeWifiOptions) {
    const { wifi, platform, clock, permit, onSwitched, log = silentLog } = options;
    if (platform !== "android" && platform !== "ios")
      throw softApError("USAGE", `platform is ${platform}, android and ios are known`);
    this.#calls = new WifiCalls({ wifi, system: platform, clock, log });
    this.#clock = clock;
    this.#log = log;
    this.#permit = permit ?? (async () => true);
    this.#onSwitched = onSwitched ?? (async () => {});
  }

  /** `undefined` also where the app may not know: without the permission for the phone's location. */
  async currentSsid(options: { signal: CancelSignal }): Promise<Uint8Array | undefined> {
    throwIfCanceled(options.signal);
    const name = await this.#calls.currentName(options.signal);
    return name === undefined ? undefined : encodeUtf8(name);
  }

  /**
   * Joins the soft AP and ties the app to it. Cancelling cannot call the system's own dialogue back; a join that the person
   * allows afterwards is undone.
   *
   * @throws {@link WifiError} `WIFI_AUTH_FAILED`, `WIFI_NOT_FOUND`, `WIFI_JOIN_TIMEOUT`, `WIFI_BLOCKED`; {@link TransportError}
   * `PERMISSION_DENIED`; {@link UsageError} `USAGE` for a name that is not UTF-8; {@link CanceledError}
   */
  async joinSoftAp(
    network: { ssid: Uint8Array; passphrase: Secret | undefined },
    options: { signal: CancelSignal },
  ): Promise<void> {
    const { signal } = options;
    throwIfCanceled(signal);
    const ssid = decodeUtf8(network.ssid);
    if (ssid === undefined) throw softApError("USAGE", "The name of the soft AP is not UTF-8");
    await this.#askForPermission(signal);
    await cancelable<void>(signal, ({ resolve }) => void this.#connecting.then(resolve));
    if (this.#softAp === undefined) this.#former = await this.#calls.currentName(signal);
    // From here on restore() has something to undo, whatever comes.
    this.#softAp = ssid;
    const password = network.passphrase?.reveal() ?? null;
    const onLate = (): void => this.#undoLate(ssid);
    const { joined, over } = this.#calls.connect({ ssid, password }, { signal, onLate });
    this.#connecting = over;
    await joined;
    await this.#confirm(ssid, network.passphrase !== undefined, signal);
    await this.#calls.tie(signal, onLate);
    await this.#onSwitched();
  }

  /**
   * Leaves the soft AP, unties the app and waits until the phone is on another network. A phone that is on none after
   * 12 s is left to its system: the app may be online by mobile data.
   */
  async restore(options: { signal: CancelSignal }): Promise<void> {
    const { signal } = options;
    throwIfCanceled(signal);
    const ssid = this.#softAp;
    if (ssid === undefined) return;
    await this.#calls.leave(ssid, signal);
    this.#softAp = undefined;
    await this.#onSwitched();
    await this.#comeHome(ssid, signal);
  }

  async #askForPermission(signal: CancelSignal): Promise<void> {
    const isAllowed = await cancelable<boolean>(signal, ({ resolve, reject }) => {
      this.#permit().then(resolve, reject);
    });
    if (!isAllowed) throw softApError("PERMISSION_DENIED", "The person does not let the app change networks");
  }

  /** Undoes what came about when nobody waited for it any more. While the phone is to be on a soft AP, restore() will. */
  #undoLate(ssid: string): void {
    if (this.#softAp !== undefined) return;
    this.#calls
      .leave(ssid, neverCanceled)
      .then(this.#onSwitched)
      .catch((error: unknown) => {
        this.#log.warn("late join not undone", { code: asSoftApError(error).code });
      });
  }

  async #confirm(ssid: string, hasPassphrase: boolean, signal: CancelSignal): Promise<void> {
    const isThere = await this.#seen(
      reactNativeLimits.confirmTimeoutMs,
      // A name that may not be known contradicts nothing.
      (name) => name === undefined || name === ssid,
      signal,
    );
    if (isThere) return;
    // This is how Androids tell of a wrong passphrase: by success on the network that the phone was on before.
    const code = hasPassphrase ? "WIFI_AUTH_FAILED" : "WIFI_JOIN_TIMEOUT";
    throw softApError(code, "The system reported success, but the phone is not on the soft AP");
  }

  async #comeHome(ssid: string, signal: CancelSignal): Promise<void> {
    const former = this.#former;
    const isBack = (name: string | undefined): boolean =>
      name === undefined ? former === undefined : name !== ssid;
    const isHome = await this.#seen(reactNativeLimits.homecomingTimeoutMs, isBack, signal);
    if (!isHome) this.#log.warn("phone not seen on its former network");
  }

  /** Looks until the phone is where it should be; `false` when that takes too long. */
  async #seen(
    limitMs: number,
    isRight: (name: string | undefined) => boolean,
    signal: CancelSignal,
  ): Promise<boolean> {
    const delayMs = reactNativeLimits.lookGapMs;
    try {
      await withTimeout(this.#clock, { phase: "look", limitMs, signal }, async (limited) => {
        while (!isRight(await this.#calls.currentName(limited)))
          await sleep(this.#clock, { name: "look again", delayMs, signal: limited });
      });
      return true;
    } catch (error) {
      throwIfCanceled(signal);
      if (isSoftApError(error, "TIMEOUT")) return false;
      throw error;
    }
  }
}
