import { Listeners } from "../../../../packages/wechat/test/stand-in/listeners.ts";
import type { World } from "../../../../packages/wechat/test/stand-in/world.ts";
import type { AppWx, SeenWifi, SeenWifiList } from "../../src/app-wx.ts";
import { appConfig } from "../../src/config.ts";

/** Where the stand-in of the cloud answers. */
const standInUrl = "https://iot.cloud.tencent.com";

/** What a test sees and sets of a phone. */
export interface PhoneWx {
  readonly wx: Omit<AppWx, "navigateTo" | "navigateBack" | "reLaunch" | "setNavigationBarTitle">;
  /** What was put on the clipboard. */
  readonly clipboard: string[];
  /** Files that were handed to a chat, by their name there. */
  readonly shared: Map<string, string>;
  /** Networks that a search finds. */
  nearby: readonly SeenWifi[];
  /** What the next scans read, first in first out; the person goes back without a code when there is none. */
  readonly codes: string[];
  /** What scanning fails with. */
  scanFailure: string | undefined;
  /** What sharing fails with. */
  shareFailure: string | undefined;
  platform: "android" | "ios" | "devtools";
  /** Whether the system's Wi-Fi is switched on. */
  isWifiOn: boolean;
}

const folder = "wxfile://usr";

/** A network as a phone hears it that is beside its router. */
export function heard(SSID: string, more: Partial<SeenWifi> = {}): SeenWifi {
  return { SSID, BSSID: "", secure: true, signalStrength: 90, frequency: 2_437, ...more };
}

/** The `wx` of a phone in a world, with what an app uses beside the network. */
export function phoneWx(world: World, language: string): PhoneWx {
  const { wx: base } = world;
  const lists = new Listeners<SeenWifiList>();
  const files = new Map<string, string>();
  const phone: PhoneWx = {
    clipboard: [],
    shared: new Map(),
    nearby: [heard("Home-WiFi"), heard("softap-lamp-1")],
    codes: [],
    scanFailure: undefined,
    shareFailure: undefined,
    platform: "android",
    isWifiOn: true,
    wx: {
      createUDPSocket: base.createUDPSocket,
      connectSocket: base.connectSocket,
      getStorage: base.getStorage,
      setStorage: base.setStorage,
      getRandomValues: base.getRandomValues,
      startWifi: base.startWifi,
      connectWifi: base.connectWifi,
      getConnectedWifi: base.getConnectedWifi,
      getNetworkType: base.getNetworkType,
      getAppAuthorizeSetting: base.getAppAuthorizeSetting,
      showModal: base.showModal,
      onWifiConnected: base.onWifiConnected,
      offWifiConnected: base.offWifiConnected,
      onNetworkStatusChange: base.onNetworkStatusChange,
      offNetworkStatusChange: base.offNetworkStatusChange,
      request: (options) =>
        base.request({ ...options, url: options.url.replace(appConfig.cloudUrl, standInUrl) }),
      getDeviceInfo: () => ({
        platform: phone.platform,
        brand: "Acme",
        model: "Phone 9",
        system: "Android 16",
      }),
      getAppBaseInfo: () => ({ language, version: "8.0.50", SDKVersion: "3.7.0" }),
      getSystemSetting: () => ({ wifiEnabled: phone.isWifiOn, locationEnabled: true }),
      onGetWifiList: lists.on,
      offGetWifiList: lists.off,
      getWifiList: ({ success }) => {
        success({});
        queueMicrotask(() => lists.emit({ wifiList: phone.nearby }));
      },
      scanCode: ({ success, fail }) => {
        const result = phone.codes.shift();
        const errMsg = `scanCode:fail ${phone.scanFailure ?? "cancel"}`;
        queueMicrotask(() =>
          result === undefined || phone.scanFailure !== undefined ? fail({ errMsg }) : success({ result }),
        );
      },
      env: { USER_DATA_PATH: folder },
      getFileSystemManager: () => ({
        writeFileSync: (path, data) => {
          if (!path.startsWith(`${folder}/`)) throw new Error("writeFileSync:fail permission denied");
          files.set(path, data);
        },
      }),
      shareFileMessage: ({ filePath, fileName, fail }) => {
        const data = files.get(filePath);
        if (data === undefined || phone.shareFailure !== undefined)
          fail({ errMsg: `shareFileMessage:fail ${phone.shareFailure ?? "file not found"}` });
        else phone.shared.set(fileName, data);
      },
      setClipboardData: ({ data }) => void phone.clipboard.push(data),
      stopPullDownRefresh: () => {},
    },
  };
  return phone;
}
