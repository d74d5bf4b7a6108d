import { softApError } from "@softap/protocol";
import type { Wx } from "../wx.ts";
import { wifiConfError } from "./failure.ts";
import type { SoftApOptions } from "./options.ts";
import { SoftApRun } from "./run.ts";
import type { AppDevSdkLike } from "./sdk-cloud.ts";
import { WifiConfStepCode } from "./step-code.ts";

/** Of the mini program; the compiler knows no global of it. */
declare const wx: Wx;

/** What the plugin puts on the SDK as `plugins.wifiConfSoftAp`. */
export interface WifiConfSoftAp {
  /** Resolves when it is over, either way; how it ended is told to `onComplete` or `onError`. One run at a time. */
  start(options: SoftApOptions): Promise<void>;
}

/**
 * Soft-AP provisioning in the place of the vendor's `qcloud-iotexplorer-appdev-plugin-wificonf-softap`.
 *
 * @example
 * ```ts
 * const sdk = new AppDevSdk({ getAccessToken, plugins: [SoftApPlugin] });
 * await sdk.plugins.wifiConfSoftAp.start({ targetWifiInfo, softAPInfo, wifiConfToken, onProgress, onComplete, onError });
 * ```
 */
/* oxlint-disable-next-line typescript/no-extraneous-class -- the SDK is typed to take classes with a static `install` */
export class SoftApPlugin {
  /** Puts `wifiConfSoftAp` on the SDK. @param world - What to use in place of the global `wx`. */
  static install(sdk: AppDevSdkLike, world?: Wx): void {
    let isRunning = false;
    const wifiConfSoftAp: WifiConfSoftAp = {
      async start(options) {
        if (isRunning) {
          refuse(options);
          return;
        }
        isRunning = true;
        try {
          await new SoftApRun(sdk, options, world ?? wx).start();
        } finally {
          isRunning = false;
        }
      },
    };
    sdk.plugins["wifiConfSoftAp"] = wifiConfSoftAp;
  }
}

/** Two runs would fight for the phone's one radio. */
function refuse({ onError }: SoftApOptions): void {
  const error = softApError("PROVISIONING_ACTIVE", "A provisioning is going on already");
  onError?.({
    code: WifiConfStepCode.WIFI_CONF_FAIL,
    detail: { error: wifiConfError("PROCESSING_PLEASE_WAIT", error, undefined) },
  });
}
