import { Listeners } from "../../../../packages/wechat/test/stand-in/listeners.ts";
import type { World } from "../../../../packages/wechat/test/stand-in/world.ts";
import type { AppWx, SeenWifiList } from "../../src/app-wx.ts";
import { appConfig } from "../../src/config.ts";

/** Where the stand-in of the cloud answers. */
const standInUrl = "https://iot.cloud.tencent.com";

/** What a test sees and sets of a phone. */
export interface PhoneWx {
  readonly wx: Omit<AppWx, "navigateTo" | "navigateBack" | "reLaunch" | "setNavigationBarTitle">;
  /** What was put on the clipboard. */
  readonly clipboard: string[];
  /** Networks that a search finds. */
  nearby: readonly string[];
  platform: "android" | "ios" | "devtools";
  /** Whether the system's Wi-Fi is switched on. */
  isWifiOn: boolean;
}

/** The `wx` of a phone in a world, with what an app uses beside the network. */
export function phoneWx(world: World, language: string): PhoneWx {
  const { wx: base } = world;
  const lists = new Listeners<SeenWifiList>();
  const phone: PhoneWx = {
    clipboard: [],
    nearby: ["Home-WiFi", "softap-lamp-1"],
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
      getDeviceInfo: () => ({ platform: phone.platform }),
      getAppBaseInfo: () => ({ language }),
      getSystemSetting: () => ({ wifiEnabled: phone.isWifiOn, locationEnabled: true }),
      onGetWifiList: lists.on,
      offGetWifiList: lists.off,
      getWifiList: ({ success }) => {
        success({});
        queueMicrotask(() => lists.emit({ wifiList: phone.nearby.map((SSID) => ({ SSID })) }));
      },
      setClipboardData: ({ data }) => void phone.clipboard.push(data),
      stopPullDownRefresh: () => {},
    },
  };
  return phone;
}
