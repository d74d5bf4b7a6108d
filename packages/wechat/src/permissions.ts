import {
  type FoundPermissionProblem,
  findPermissionProblems,
  type PermissionProblem,
} from "./permission-problems.ts";
import type { WxSettings } from "./wx.ts";

/** One finding of {@link checkPermissions}. */
export interface PermissionFinding extends FoundPermissionProblem {
  readonly en: string;
  readonly zh: string;
}

const texts: Readonly<Record<PermissionProblem, { readonly en: string; readonly zh: string }>> = {
  noUdp: {
    en: "There is no UDP here. In the developer tools use Preview, not real-device debugging.",
    zh: "当前环境不支持 UDP。请在开发者工具中使用“预览”，不要使用“真机调试”。",
  },
  wifiOff: {
    en: "Switch on Wi-Fi in the system's settings.",
    zh: "请在系统设置中打开 Wi-Fi。",
  },
  locationOff: {
    en: "Switch on location in the system's settings: Android needs it to find networks.",
    zh: "请在系统设置中打开定位服务：安卓需要它来搜索网络。",
  },
  locationDenied: {
    en: "Allow WeChat to use the location: Android needs it to find networks.",
    zh: "请允许微信使用位置信息：安卓需要它来搜索网络。",
  },
  localNetworkUnknown: {
    en: "When iOS asks whether WeChat may find devices on the local network, allow it; else switch it on in Settings, WeChat, Local Network.",
    zh: "若 iOS 询问是否允许微信查找本地网络设备，请允许；否则请在“设置 > 微信 > 本地网络”中打开。",
  },
};

/** What {@link findPermissionProblems} finds, each with a sentence for the person. */
export function checkPermissions(
  wx: WxSettings & { readonly createUDPSocket?: unknown },
): readonly PermissionFinding[] {
  return findPermissionProblems(wx).map((found) => ({ ...found, ...texts[found.problem] }));
}
