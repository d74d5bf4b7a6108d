import {
  provisionOnce,
  type ProvisioningStep,
  type ProvisionOnceOptions,
  type TokenCloud,
  type Verdict,
} from "@softap/phone";
import { type CancelSignal, CancelSource } from "@softap/ports";
import { asSoftApError, decodeUtf8, protocolLimits, Secret, type SoftApError } from "@softap/protocol";
import { WechatClock } from "../clock.ts";
import { WechatDatagramSockets } from "../datagram-sockets.ts";
import { WechatPhoneWifi } from "../phone-wifi.ts";
import { plainRandom } from "../random.ts";
import type { Wx } from "../wx.ts";
import { AskingWifi } from "./asking-wifi.ts";
import { type Stage, vendorCode, wifiConfError } from "./failure.ts";
import { ObservedDatagrams } from "./observed-datagrams.ts";
import type { SoftApOptions } from "./options.ts";
import { Progress } from "./progress.ts";
import { type AppDevSdkLike, sdkCloud } from "./sdk-cloud.ts";
import { WifiConfStepCode as Code } from "./step-code.ts";

/** Joining may have to wait for a person in the system's settings, milliseconds. */
const softApTimeoutMs = 120_000;

/** What the vendor's core says of a token: one of a single device, or one that carries its family. */
const tokenVersions = { single: "v2.0", multi: "v3.0" } as const;

/** One `start()` of the plugin: a provisioning of ours that reports as the vendor's does. */
export class SoftApRun {
  readonly #options: SoftApOptions;
  readonly #wx: Wx;
  readonly #clock = new WechatClock();
  readonly #cloud: TokenCloud;
  readonly #progress: Progress;
  readonly #datagrams: ObservedDatagrams;
  #stage: Stage = "start";
  #failedSends = 0;

  constructor(sdk: AppDevSdkLike, options: SoftApOptions, wx: Wx) {
    const { autoBind = true, newTokenVersion = false, softAPInfo } = options;
    this.#options = options;
    this.#wx = wx;
    this.#cloud = sdkCloud(sdk, { autoBind, newTokenVersion });
    this.#progress = new Progress(this.#clock, options, [
      ...(softAPInfo === undefined ? [Code.CONNECT_WIFI_START, Code.CONNECT_WIFI_SUCCESS] : []),
      ...(autoBind && !newTokenVersion
        ? []
        : [Code.BUSINESS_ADD_DEVICE_START, Code.BUSINESS_ADD_DEVICE_SUCCESS]),
    ]);
    const sockets = new WechatDatagramSockets(wx, () => {
      this.#failedSends += 1;
    });
    this.#datagrams = new ObservedDatagrams(sockets, {
      opening: () => {
        this.#stage = "udp";
        this.#progress.reach(Code.CREATE_UDP_CONNECTION_START);
      },
      opened: () => {
        this.#stage = "device";
        this.#progress.reach(Code.CREATE_UDP_CONNECTION_SUCCESS);
      },
    });
  }

  /** Never rejects: how it ended is told to `onComplete` or `onError`, as with the vendor's plugin. */
  async start(): Promise<void> {
    const { onComplete } = this.#options;
    this.#progress.reach(Code.PROTOCOL_START);
    const verdict = await this.#attempt(this.#options.autoRetry === true);
    if (verdict.verdict !== "bound") {
      this.#fail(verdict.error);
      return;
    }
    const { productId, deviceName } = verdict;
    const device = { productId, deviceName };
    this.#progress.reach(Code.BUSINESS_SUCCESS, { response: device });
    this.#progress.reach(Code.WIFI_CONF_SUCCESS, device);
    onComplete?.(device);
  }

  async #attempt(mayRetry: boolean): Promise<Verdict | { verdict: "failed"; error: SoftApError }> {
    const verdict = await this.#provision();
    if (verdict.verdict === "bound" || !mayRetry || !this.#couldNotSend(verdict.error)) return verdict;
    const { targetWifiInfo, softAPInfo = targetWifiInfo } = this.#options;
    this.#progress.tell(Code.AUTO_HANDLE_WIFI_PROBLEM_START, { targetWifiInfo: { SSID: softAPInfo.SSID } });
    this.#progress.tell(Code.AUTO_HANDLE_WIFI_PROBLEM_SUCCESS);
    this.#progress.tell(Code.WIFI_CONF_AUTO_RETRY);
    this.#stage = "start";
    return this.#attempt(false);
  }

  async #provision(): Promise<Verdict | { verdict: "failed"; error: SoftApError }> {
    const giveUp = new CancelSource(this.#options.signal);
    try {
      const options = await this.#provisionOptions(giveUp.signal);
      return await provisionOnce(options, (step) => {
        try {
          this.#tell(step);
        } catch (error) {
          // The app's listener threw: a run that cannot be reported is ended.
          giveUp.cancel(error);
        }
      });
    } catch (error) {
      return { verdict: "failed", error: asSoftApError(error) };
    } finally {
      giveUp.release();
    }
  }

  async #provisionOptions(signal: CancelSignal): Promise<ProvisionOnceOptions> {
    const { targetWifiInfo: target, udpAddress: address, udpPort: port, wifiConfToken } = this.#options;
    const { familyId = "default", roomId = "0" } = this.#options;
    const clock = this.#clock;
    const passphrase = secretOf(target.password);
    const phoneWifi = new WechatPhoneWifi({ wx: this.#wx, clock, home: { ssid: target.SSID, passphrase } });
    const wifi = new AskingWifi(phoneWifi, this.#wx, {
      joining: () => {
        if (this.#stage !== "start") return;
        this.#stage = "join";
        this.#progress.reach(Code.CONNECT_WIFI_START);
      },
      joined: (by) => {
        if (this.#stage !== "join") return;
        if (by === "app") this.#progress.reach(Code.CONNECT_WIFI_SUCCESS);
        else this.#progress.reachManualJoin();
      },
    });
    return {
      cloud: this.#cloud,
      network: { ssid: target.SSID, passphrase, bssid: target.BSSID },
      softAp: await this.#softAp(phoneWifi, signal),
      device: { address, port },
      familyId,
      roomId,
      token: wifiConfToken === undefined ? undefined : Secret.of(wifiConfToken),
      ports: { clock, random: plainRandom, datagrams: this.#datagrams, wifi },
      limits: { softApTimeoutMs },
      signal,
    };
  }

  /** The network to join and to leave again: the one given, else the one that the person has joined already. */
  async #softAp(phoneWifi: WechatPhoneWifi, signal: CancelSignal): Promise<ProvisionOnceOptions["softAp"]> {
    const { softAPInfo, targetWifiInfo, udpAddress = protocolLimits.deviceAddress } = this.#options;
    if (softAPInfo !== undefined) return { ssid: softAPInfo.SSID, passphrase: secretOf(softAPInfo.password) };
    // Elsewhere than on a soft AP the device is reached through whatever network the phone is on.
    if (udpAddress !== protocolLimits.deviceAddress) return undefined;
    const ssid = await phoneWifi.currentSsid({ signal }).catch(() => undefined);
    const isAtHome = ssid === undefined || decodeUtf8(ssid) === targetWifiInfo.SSID;
    return isAtHome ? undefined : { ssid };
  }

  #tell(step: ProvisioningStep): void {
    const { newTokenVersion = false, familyId = "default", roomId = "0" } = this.#options;
    switch (step.name) {
      case "sendCredentials":
        this.#progress.reach(Code.SOFTAP_SEND_TARGET_WIFIINFO_START);
        return;
      case "deviceAnswered": {
        this.#stage = "query";
        const { protoVersion } = step;
        this.#progress.reach(Code.SOFTAP_SEND_TARGET_WIFIINFO_SUCCESS, {
          data: this.#datagrams.last,
          protoVersion,
        });
        this.#progress.reach(Code.SOFTAP_RECONNECT_TARGET_WIFI_START);
        return;
      }
      case "deviceFailed":
        this.#stage = "device";
        return;
      case "askCloud":
        // Before the first answer the phone is not back.
        if (step.state === undefined || this.#stage === "device") return;
        this.#progress.reach(Code.BUSINESS_QUERY_TOKEN_STATE_START);
        return;
      case "bindFamily": {
        this.#stage = "add";
        const protoVersion = newTokenVersion ? tokenVersions.multi : tokenVersions.single;
        this.#progress.reach(Code.BUSINESS_QUERY_TOKEN_STATE_SUCCESS, { protoVersion });
        const [ProductId, DeviceName] = step.deviceId.split("/");
        const data = { ProductId, DeviceName, FamilyId: familyId, RoomId: roomId };
        this.#progress.reach(Code.BUSINESS_ADD_DEVICE_START, { data, protoVersion });
        return;
      }
      case "createToken":
      case "joinSoftAp":
      case "previousError":
      case "deviceProgress":
      case "restoreNetwork":
      case "verdict":
    }
  }

  #fail(error: SoftApError): void {
    const code = vendorCode(error, this.#stage, this.#couldSend);
    const detail = { error: wifiConfError(code, error, this.#datagrams.last) };
    this.#progress.tell(Code.WIFI_CONF_FAIL, detail);
    this.#options.onError?.({ code: Code.WIFI_CONF_FAIL, detail });
  }

  #couldNotSend(error: SoftApError): boolean {
    const code = vendorCode(error, this.#stage, this.#couldSend);
    return code === "UDP_ERROR" || code === "UDP_SEND_MSG_FAIL";
  }

  get #couldSend(): boolean {
    return this.#datagrams.sent > this.#failedSends;
  }
}

/** The vendor's options have an empty text for nothing. */
function secretOf(text: string | undefined): Secret | undefined {
  return text === undefined || text === "" ? undefined : Secret.of(text);
}
