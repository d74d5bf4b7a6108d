import type { Language } from "@softap/protocol/texts";
import type { NetworkWarningCode } from "../person/network-warnings.ts";

const texts: Record<NetworkWarningCode, Record<Language, readonly [text: string, action: string]>> = {
  SSID_NOT_UTF8: {
    en: [
      "The network's name has characters that cannot be sent to the device",
      "Rename the network on the router, with letters and digits",
    ],
    zh: ["网络名称含有无法发送给设备的字符", "请在路由器上改用字母和数字命名网络"],
  },
  SSID_EDGE_SPACE: {
    en: ["The network's name begins or ends with a space", "Remove the space unless the router has it too"],
    zh: ["网络名称的开头或结尾有空格", "除非路由器上也有，否则请删除空格"],
  },
  NETWORK_HIDDEN: {
    en: [
      "This network hides its name, so a typing error would not show",
      "Compare the name with the router's settings, letter by letter",
    ],
    zh: ["该网络已隐藏名称，输入错误不易发现", "请与路由器设置逐字核对网络名称"],
  },
  NETWORK_NOT_SEEN: {
    en: [
      "The phone does not see this network here",
      "Check the name, and whether the device will be in the router's reach",
    ],
    zh: ["手机在此处找不到该网络", "请检查名称，并确认设备在路由器的覆盖范围内"],
  },
  BAND_UNSUPPORTED: {
    en: [
      "The network sends on a band that the device does not have, mostly 5 GHz",
      "Choose the router's 2.4 GHz network, or turn 2.4 GHz on",
    ],
    zh: ["该网络使用设备不支持的频段（通常为 5 GHz）", "请选择路由器的 2.4 GHz 网络，或开启 2.4 GHz"],
  },
  SECURITY_ENTERPRISE: {
    en: [
      "This is a company network with a login for each person",
      "Choose a network with one passphrase for all",
    ],
    zh: ["这是需要个人账号登录的企业网络", "请选择使用统一密码的网络"],
  },
  SECURITY_WEP: {
    en: ["The network uses WEP, which is broken and which devices do not join", "Set the router to WPA2"],
    zh: ["该网络使用已不安全的 WEP 加密，设备无法加入", "请将路由器改为 WPA2"],
  },
  SECURITY_WPA3_ONLY: {
    en: ["The network allows WPA3 only, which the device does not know", "Set the router to WPA2/WPA3"],
    zh: ["该网络仅允许 WPA3，设备不支持", "请将路由器改为 WPA2/WPA3 混合模式"],
  },
  SECURITY_OPEN: {
    en: [
      "The network has no passphrase, so anybody can join and listen",
      "Prefer a network with a passphrase",
    ],
    zh: ["该网络没有密码，任何人都能加入和监听", "建议使用有密码的网络"],
  },
  SIGNAL_WEAK: {
    en: ["The network's signal is weak here", "Bring the device closer to the router"],
    zh: ["此处网络信号较弱", "请让设备靠近路由器"],
  },
};

/** What a warning says and what to do about it; without full stops. */
export function warningText(
  warning: { readonly code: NetworkWarningCode },
  language: Language,
): { readonly text: string; readonly action: string } {
  const [text, action] = texts[warning.code][language];
  return { text, action };
}
