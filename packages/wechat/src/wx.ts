/** What a failed call of `wx` tells. */
export interface WxError {
  readonly errMsg?: string;
  /** 12000–12014 of the Wi-Fi calls. */
  readonly errCode?: number;
}

/** How a call of `wx` reports back: exactly one of both, once. */
export interface WxCallbacks<Result> {
  readonly success: (result: Result) => void;
  readonly fail: (error: WxError) => void;
}

/** A network as `wx` tells it. */
export interface WxWifi {
  readonly SSID: string;
}

/** A UDP socket of `wx`. */
export interface WxUdpSocket {
  /** @returns The port; nothing useful in libraries before 2.9.0 */
  bind(port?: number): number;
  send(options: { address: string; port: number; message: ArrayBuffer }): void;
  close(): void;
  onMessage(
    listener: (event: {
      readonly message: ArrayBuffer;
      readonly remoteInfo: { readonly address: string; readonly port: number };
    }) => void,
  ): void;
  onError(listener: (error: WxError) => void): void;
}

/** A web socket of `wx`. */
export interface WxSocketTask {
  send(options: { data: string } & WxCallbacks<unknown>): void;
  close(options: { code?: number }): void;
  onOpen(listener: () => void): void;
  onClose(listener: () => void): void;
  onError(listener: (error: WxError) => void): void;
  onMessage(listener: (event: { readonly data: string | ArrayBuffer }) => void): void;
}

/** What {@link checkPermissions} reads; each is missing in old libraries. */
export interface WxSettings {
  getDeviceInfo?(): { readonly platform: string };
  getSystemInfoSync?(): { readonly platform: string };
  getSystemSetting?(): { readonly wifiEnabled?: boolean; readonly locationEnabled?: boolean };
  getAppAuthorizeSetting?(): { readonly locationAuthorized?: string };
}

/** The members of the global `wx` that are used. The real one is one; so is any stand-in. */
export interface Wx extends WxSettings {
  createUDPSocket?(): WxUdpSocket;
  request(
    options: {
      url: string;
      method: "GET" | "POST" | "DELETE";
      header: Record<string, string>;
      /** An object is sent as JSON. */
      data?: ArrayBuffer | object;
      /** With `json` the reply is parsed, and left as it is where it is none. @defaultValue "json" */
      dataType?: string;
      /** @defaultValue "text" */
      responseType?: "arraybuffer";
    } & WxCallbacks<{ readonly statusCode: number; readonly data: unknown }>,
  ): { abort(): void };
  connectSocket(options: { url: string; fail: (error: WxError) => void }): WxSocketTask;
  getStorage(options: { key: string } & WxCallbacks<{ readonly data: unknown }>): unknown;
  setStorage(options: { key: string; data: unknown } & WxCallbacks<unknown>): unknown;
  getRandomValues?(
    options: { length: number } & WxCallbacks<{ readonly randomValues: ArrayBuffer }>,
  ): unknown;
  startWifi(options: WxCallbacks<unknown>): unknown;
  connectWifi(
    options: { SSID: string; password: string; forceNewApi?: boolean } & WxCallbacks<unknown>,
  ): unknown;
  getConnectedWifi(options: WxCallbacks<{ readonly wifi: WxWifi }>): unknown;
  onWifiConnected(listener: () => void): void;
  offWifiConnected(listener: () => void): void;
  getNetworkType(options: WxCallbacks<{ readonly networkType: string }>): unknown;
  onNetworkStatusChange(listener: () => void): void;
  offNetworkStatusChange(listener: () => void): void;
  showModal(
    options: {
      title: string;
      content: string;
      confirmText: string;
      cancelText: string;
    } & WxCallbacks<{ readonly confirm: boolean }>,
  ): unknown;
}
