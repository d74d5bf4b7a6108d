import { neverCanceled, sleep } from "@softap/ports";
import { decodeUtf8, encodeUtf8, isSoftApError, Secret } from "@softap/protocol";
import type { NativeWifi } from "@softap/react-native";
import type { VirtualHandset } from "./virtual-handset.ts";

const signal = neverCanceled;

/**
 * `react-native-wifi-reborn` as it behaves: nothing can be called back; Android takes a wrong passphrase for success, and its
 * app is not tied to the soft AP by joining it; each system lacks the other's calls.
 */
export class VirtualWifi implements NativeWifi {
  /** How long the person looks at the system's question, milliseconds. */
  consentMs = 30;
  /** Whether tying the app never ends, as on Androids without a network to tie it to. */
  neverTies = false;
  readonly calls: string[] = [];
  readonly #handset: VirtualHandset;

  constructor(handset: VirtualHandset) {
    this.#handset = handset;
  }

  async connectToProtectedWifiSSID(options: {
    ssid: string;
    password: string | null;
    timeout?: number;
  }): Promise<void> {
    this.calls.push("connect");
    const { isAllowed, clock, wifi, options: phone } = this.#handset;
    const isAndroid = phone.system === "android";
    if (isAndroid && !isAllowed) throw nativeError("locationPermissionMissing");
    await sleep(clock, { name: "the person looks", delayMs: this.consentMs, signal });
    if (!isAllowed) throw nativeError("userDenied");
    try {
      const passphrase = options.password === null ? undefined : Secret.of(options.password);
      await wifi.joinSoftAp({ ssid: encodeUtf8(options.ssid), passphrase }, { signal });
    } catch (error) {
      if (isSoftApError(error, "WIFI_AUTH_FAILED") && isAndroid) return;
      const isMissing = isSoftApError(error, "WIFI_NOT_FOUND") && isAndroid;
      throw nativeError(isMissing ? "didNotFindNetwork" : "unableToConnect");
    }
  }

  async getCurrentWifiSSID(): Promise<string> {
    const { isAllowed, wifi, options, place } = this.#handset;
    const ssid = await wifi.currentSsid({ signal });
    const mayTell = options.hidesNames !== true && isAllowed;
    if (ssid === undefined || place === "nowhere") throw nativeError("couldNotDetectSSID");
    if (!mayTell) throw nativeError("locationPermissionMissing");
    return decodeUtf8(ssid) ?? "<unknown ssid>";
  }

  async forceWifiUsageWithOptions(useWifi: boolean): Promise<void> {
    this.#only("android", `force ${useWifi}`);
    const handset = this.#handset;
    await sleep(handset.clock, { name: "tie", delayMs: 3, signal });
    if (!useWifi) handset.tie = undefined;
    else if (this.neverTies) await new Promise(() => {});
    else handset.tie = handset.connection;
  }

  async disconnect(): Promise<boolean> {
    this.#only("android", "disconnect");
    this.#leave();
    return true;
  }

  async isRemoveWifiNetwork(): Promise<boolean> {
    this.#only("android", "remove");
    return true;
  }

  async disconnectFromSSID(): Promise<void> {
    this.#only("ios", "disconnect");
    this.#leave();
  }

  /** The system goes home by itself, and tells nobody when it is there. */
  #leave(): void {
    this.#handset.wifi.restore({ signal }).catch(() => {});
  }

  #only(system: "android" | "ios", call: string): void {
    if (this.#handset.options.system !== system) throw new TypeError("undefined is not a function");
    this.calls.push(call);
  }
}

function nativeError(code: string): Error {
  return Object.assign(new Error(`native: ${code}`), { code });
}
