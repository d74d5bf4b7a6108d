import type { Wx, WxCallbacks, WxError } from "@softap/wechat";

/** The members of the global `wx` that the app itself uses, beside those of `@softap/wechat`. */
export interface AppWx extends Wx {
  getAppBaseInfo?(): { readonly language: string; readonly version?: string; readonly SDKVersion?: string };
  getDeviceInfo?(): {
    readonly platform: string;
    readonly brand?: string;
    readonly model?: string;
    readonly system?: string;
  };
  getSystemInfoSync?(): { readonly platform: string; readonly language?: string };
  getWifiList(options: WxCallbacks<unknown>): unknown;
  onGetWifiList(listener: (event: SeenWifiList) => void): void;
  offGetWifiList(listener: (event: SeenWifiList) => void): void;
  scanCode(
    options: { readonly scanType: ("qrCode" | "datamatrix")[] } & WxCallbacks<{ readonly result: string }>,
  ): unknown;
  setClipboardData(options: { readonly data: string }): unknown;
  /** Missing in old libraries, as what it needs is. */
  shareFileMessage?(options: {
    readonly filePath: string;
    readonly fileName: string;
    readonly fail: (error: WxError) => void;
  }): unknown;
  getFileSystemManager?(): {
    writeFileSync(filePath: string, data: string, encoding: "utf8"): void;
  };
  readonly env?: { readonly USER_DATA_PATH: string };
  setNavigationBarTitle(options: { readonly title: string }): unknown;
  stopPullDownRefresh(): unknown;
  navigateTo(options: { readonly url: string }): unknown;
  navigateBack(): unknown;
  reLaunch(options: { readonly url: string }): unknown;
}

/** Networks nearby, as `wx` tells them. */
export interface SeenWifiList {
  readonly wifiList: readonly SeenWifi[];
}

/** One of {@link SeenWifiList}; old libraries tell the name alone. */
export interface SeenWifi {
  readonly SSID: string;
  readonly BSSID?: string;
  readonly secure?: boolean;
  /** 0–100 on Android. */
  readonly signalStrength?: number;
  /** MHz. */
  readonly frequency?: number;
}
