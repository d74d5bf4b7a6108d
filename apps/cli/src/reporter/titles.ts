import type { Language } from "@softap/protocol/texts";

/** Titles of the steps, by the name that they have in `--json`. */
export const stepTitles = {
  startCloud: { en: "Start the cloud", zh: "启动云端" },
  createProduct: { en: "Create a product", zh: "创建产品" },
  logIn: { en: "Log in", zh: "登录账号" },
  openSoftAp: { en: "Open the soft AP", zh: "开启设备热点" },
  createBindToken: { en: "Get a bind token", zh: "获取配网 token" },
  findSoftAp: { en: "Look for the device's soft AP", zh: "查找设备热点" },
  joinSoftAp: { en: "Join the device's soft AP", zh: "连接设备热点" },
  sendCredentials: { en: "Send network and token to the device", zh: "向设备发送网络信息和 token" },
  joinNetwork: { en: "Join the network", zh: "设备连接路由器" },
  register: { en: "Register the device", zh: "设备动态注册" },
  connectCloud: { en: "Connect to the cloud", zh: "设备连接云端" },
  reportToken: { en: "Report the token", zh: "设备上报 token" },
  restoreNetwork: { en: "Go back to the own network", zh: "恢复手机网络" },
  askCloud: { en: "Ask the cloud for the device", zh: "查询云端绑定状态" },
  bindToFamily: { en: "Bind the device to the family", zh: "绑定设备到家庭" },
  exchangeMessage: { en: "Exchange a message over the kept session", zh: "通过保持的会话收发消息" },
} as const satisfies Record<string, Record<Language, string>>;

/** Name of a step. */
export type StepName = keyof typeof stepTitles;

/** Words of the summary. */
export const summaryWords = {
  bound: { en: "Bound", zh: "绑定成功" },
  joined: { en: "Joined the network", zh: "已连接网络" },
  device: { en: "Device", zh: "设备" },
  owner: { en: "Owner", zh: "主人" },
  family: { en: "Family", zh: "家庭" },
  room: { en: "Room", zh: "房间" },
  defaultRoom: { en: "default room", zh: "默认房间" },
} as const satisfies Record<string, Record<Language, string>>;

/** Names of the sides. */
export const actorNames = {
  cloud: { en: "cloud", zh: "云端" },
  device: { en: "device", zh: "设备" },
  phone: { en: "phone", zh: "手机" },
} as const satisfies Record<string, Record<Language, string>>;

/** `1 datagram`, `3 datagrams`. */
export function datagramCount(count: number, language: Language): string {
  if (language === "zh") return `${count} 个数据包`;
  return count === 1 ? "1 datagram" : `${count} datagrams`;
}
