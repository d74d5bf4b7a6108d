import type { Language } from "@softap/protocol/texts";
import type { NetworkSecurity } from "@softap/ports";
import type { Obstacle } from "../seen-networks.ts";

/** Every sentence of the page. `{}` is where a name goes. */
export interface PageTexts {
  readonly title: string;
  readonly intro: string;
  readonly otherLanguage: string;
  readonly network: string;
  readonly noNetworks: string;
  readonly otherNetwork: string;
  readonly ssid: string;
  readonly searchAgain: string;
  readonly searching: string;
  readonly passphrase: string;
  readonly passphraseHint: string;
  readonly show: string;
  readonly hide: string;
  readonly code: string;
  readonly codeHint: string;
  readonly connect: string;
  readonly working: string;
  readonly workingHint: string;
  readonly leavesHint: string;
  readonly lost: string;
  readonly received: string;
  readonly joining: string;
  readonly joiningUnknown: string;
  readonly reporting: string;
  readonly connected: string;
  readonly done: string;
  readonly doneBound: string;
  readonly doneJoined: string;
  readonly failed: string;
  readonly appOnly: string;
  readonly stepDone: string;
  readonly onlyBand: string;
  readonly signal: Readonly<Record<1 | 2 | 3 | 4, string>>;
  readonly security: Readonly<Record<NetworkSecurity, string>>;
  readonly obstacle: Readonly<Record<Obstacle, string>>;
  /** What is wrong with what was typed. */
  readonly problem: Readonly<Record<FormProblem, string>>;
}

/** What can be wrong with a form before the device tries it. */
export type FormProblem =
  | "ssidMissing"
  | "ssidLength"
  | "passphraseMissing"
  | "passphraseLength"
  | "passphraseNotNeeded"
  | "codeLength";

/** The page in every language. */
export const pageTexts: Readonly<Record<Language, PageTexts>> = {
  en: {
    title: "Connect {}",
    intro: "Choose the Wi-Fi network that this device shall use.",
    otherLanguage: "中文",
    network: "Wi-Fi network",
    noNetworks: "No network was found. Type its name below.",
    otherNetwork: "Other network",
    ssid: "Name of the network",
    searchAgain: "Search again",
    searching: "Searching…",
    passphrase: "Wi-Fi passphrase",
    passphraseHint: "Leave it empty for an open network.",
    show: "Show",
    hide: "Hide",
    code: "Bind code (optional)",
    codeHint: "6 letters and digits from your app. Without it the device only joins the network.",
    connect: "Connect",
    working: "The device is connecting",
    workingHint: "This takes up to a minute.",
    leavesHint:
      "Its own Wi-Fi goes away meanwhile. When connecting fails it comes back: join it again to see why.",
    lost: "The device's Wi-Fi is out of reach. If it comes back, join it again: this page goes on by itself. If it stays away, the device is connected.",
    received: "Details received",
    joining: "Joining {}",
    joiningUnknown: "Joining the network",
    reporting: "Signing in to the cloud",
    connected: "Connected",
    done: "The device is connected",
    doneBound: "Go on in your app. You can close this page.",
    doneJoined: "It has joined the network and will remember it. You can close this page.",
    failed: "That did not work",
    appOnly: "This device is set up with its app. Open the app to go on.",
    stepDone: "done",
    onlyBand: "{} only",
    signal: { 1: "faint signal", 2: "weak signal", 3: "good signal", 4: "strong signal" },
    security: {
      open: "Open",
      wep: "WEP",
      "wpa2-psk": "WPA2",
      "wpa2-wpa3": "WPA2/WPA3",
      "wpa3-sae": "WPA3",
      enterprise: "Enterprise",
    },
    obstacle: {
      band: "not supported by this device",
      enterprise: "not supported",
      wep: "not safe, not supported",
      sae: "not supported by this device",
    },
    problem: {
      ssidMissing: "Choose a network, or type its name.",
      ssidLength: "The name of a network has at most 32 bytes.",
      passphraseMissing: "This network needs its passphrase.",
      passphraseLength: "The passphrase has 8 to 63 characters.",
      passphraseNotNeeded: "This network is open: leave the passphrase empty.",
      codeLength: "The bind code has 6 letters and digits.",
    },
  },
  zh: {
    title: "连接 {}",
    intro: "请选择设备要使用的 Wi-Fi 网络。",
    otherLanguage: "English",
    network: "Wi-Fi 网络",
    noNetworks: "没有找到网络，请在下方输入网络名称。",
    otherNetwork: "其他网络",
    ssid: "网络名称",
    searchAgain: "重新搜索",
    searching: "正在搜索…",
    passphrase: "Wi-Fi 密码",
    passphraseHint: "开放网络请留空。",
    show: "显示",
    hide: "隐藏",
    code: "绑定码（可选）",
    codeHint: "应用中显示的 6 位字母和数字。不填则设备只连接网络。",
    connect: "连接",
    working: "设备正在连接",
    workingHint: "最长需要一分钟。",
    leavesHint: "期间设备热点会暂时消失。如果连接失败，热点会恢复，请重新连接热点查看原因。",
    lost: "暂时连不上设备热点。如果热点恢复，请重新连接，本页会自动继续；如果不再出现，说明设备已联网。",
    received: "已收到信息",
    joining: "正在连接 {}",
    joiningUnknown: "正在连接网络",
    reporting: "正在登录云端",
    connected: "已连接",
    done: "设备已联网",
    doneBound: "请回到应用继续。可以关闭本页。",
    doneJoined: "设备已连接网络并已保存。可以关闭本页。",
    failed: "连接失败",
    appOnly: "请使用应用为本设备配网。",
    stepDone: "完成",
    onlyBand: "仅 {}",
    signal: { 1: "信号很弱", 2: "信号弱", 3: "信号好", 4: "信号强" },
    security: {
      open: "开放",
      wep: "WEP",
      "wpa2-psk": "WPA2",
      "wpa2-wpa3": "WPA2/WPA3",
      "wpa3-sae": "WPA3",
      enterprise: "企业网络",
    },
    obstacle: {
      band: "设备不支持",
      enterprise: "不支持",
      wep: "不安全，不支持",
      sae: "设备不支持",
    },
    problem: {
      ssidMissing: "请选择网络，或输入网络名称。",
      ssidLength: "网络名称最长 32 字节。",
      passphraseMissing: "该网络需要密码。",
      passphraseLength: "密码为 8 至 63 个字符。",
      passphraseNotNeeded: "该网络是开放的，密码请留空。",
      codeLength: "绑定码为 6 位字母和数字。",
    },
  },
};

/** The language that a browser asks for, out of those that the page has. */
export function chooseLanguage(acceptLanguage: string): Language {
  let chosen: { language: Language; weight: number } = { language: "en", weight: 0 };
  for (const range of acceptLanguage.split(",")) {
    const [tag = "", ...parameters] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const [primary] = tag.split("-");
    if (primary !== "en" && primary !== "zh") continue;
    const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    const weight = quality === undefined ? 1 : Number(quality);
    if (weight > chosen.weight) chosen = { language: primary, weight };
  }
  return chosen.language;
}
