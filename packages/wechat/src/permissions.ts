import type { WxSettings } from "./wx.ts";

/** What stands in the way of provisioning on this phone. */
export type PermissionProblem =
  /** In the developer tools, or in real-device debugging, which runs there. */
  | "noUdp"
  | "wifiOff"
  /** Android looks for networks only while the system's location switch is on. */
  | "locationOff"
  /** WeChat has no location permission of the system. */
  | "locationDenied"
  /** Not known whether it is granted: iOS asks at the first datagram and tells nobody the answer. */
  | "localNetworkUnknown";

/** One finding of {@link checkPermissions}. */
export interface PermissionFinding {
  readonly problem: PermissionProblem;
  /** Whether provisioning cannot succeed before it is cured. */
  readonly isBlocking: boolean;
  readonly en: string;
  readonly zh: string;
}

const texts: Readonly<Record<PermissionProblem, Omit<PermissionFinding, "problem">>> = {
  noUdp: {
    isBlocking: true,
    en: "There is no UDP here. In the developer tools use Preview, not real-device debugging.",
    zh: "当前环境不支持 UDP。请在开发者工具中使用“预览”，不要使用“真机调试”。",
  },
  wifiOff: {
    isBlocking: true,
    en: "Switch on Wi-Fi in the system's settings.",
    zh: "请在系统设置中打开 WLAN。",
  },
  locationOff: {
    isBlocking: true,
    en: "Switch on location in the system's settings: Android needs it to find networks.",
    zh: "请在系统设置中打开定位服务：安卓需要它来搜索网络。",
  },
  locationDenied: {
    isBlocking: true,
    en: "Allow WeChat to use the location: Android needs it to find networks.",
    zh: "请允许微信使用位置信息：安卓需要它来搜索网络。",
  },
  localNetworkUnknown: {
    isBlocking: false,
    en: "When iOS asks whether WeChat may find devices on the local network, allow it; else switch it on in Settings, WeChat, Local Network.",
    zh: "若 iOS 询问是否允许微信查找本地网络设备，请允许；否则请在“设置 > 微信 > 本地网络”中打开。",
  },
};

/**
 * Looks, before the phone goes offline, for what would make provisioning fail. Asks nobody anything.
 *
 * @returns What was found, the blocking first; empty when nothing stands in the way.
 */
export function checkPermissions(
  wx: WxSettings & { readonly createUDPSocket?: unknown },
): readonly PermissionFinding[] {
  const platform = (wx.getDeviceInfo?.() ?? wx.getSystemInfoSync?.())?.platform.toLowerCase() ?? "";
  const { wifiEnabled, locationEnabled } = wx.getSystemSetting?.() ?? {};
  const { locationAuthorized } = wx.getAppAuthorizeSetting?.() ?? {};
  const isAndroid = platform === "android";
  const problems: PermissionProblem[] = [];
  if (platform === "devtools" || wx.createUDPSocket === undefined) problems.push("noUdp");
  if (wifiEnabled === false) problems.push("wifiOff");
  if (isAndroid && locationEnabled === false) problems.push("locationOff");
  if (isAndroid && locationAuthorized === "denied") problems.push("locationDenied");
  if (platform === "ios") problems.push("localNetworkUnknown");
  return problems.map((problem) => ({ problem, ...texts[problem] }));
}
