import type { Wx, WxCallbacks } from "@softap/wechat";

/** The members of the global `wx` that the app itself uses, beside those of `@softap/wechat`. */
export interface AppWx extends Wx {
  getAppBaseInfo?(): { readonly language: string };
  getSystemInfoSync?(): { readonly platform: string; readonly language?: string };
  getWifiList(options: WxCallbacks<unknown>): unknown;
  onGetWifiList(listener: (event: SeenWifiList) => void): void;
  offGetWifiList(listener: (event: SeenWifiList) => void): void;
  setClipboardData(options: { readonly data: string }): unknown;
  setNavigationBarTitle(options: { readonly title: string }): unknown;
  stopPullDownRefresh(): unknown;
  navigateTo(options: { readonly url: string }): unknown;
  navigateBack(): unknown;
  reLaunch(options: { readonly url: string }): unknown;
}

/** Networks nearby, as `wx` tells them. */
export interface SeenWifiList {
  readonly wifiList: readonly { readonly SSID: string }[];
}
