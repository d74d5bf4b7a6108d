/** What `wx` gives: every port, the cloud by `wx.request`, and what to look at before. It knows nothing of provisioning. */
export { Secret } from "@softap/protocol";
export { wechatBindCloud, type WechatBindCloudOptions } from "./bind-cloud.ts";
export { WechatClock } from "./clock.ts";
export { WechatDatagramSockets } from "./datagram-sockets.ts";
export { WechatHttpClient } from "./http-client.ts";
export { wechatLimits } from "./limits.ts";
export {
  findPermissionProblems,
  type FoundPermissionProblem,
  type PermissionProblem,
} from "./permission-problems.ts";
export { checkPermissions, type PermissionFinding } from "./permissions.ts";
export { WechatPhoneWifi, type WechatPhoneWifiOptions, type WechatWifiCalls } from "./phone-wifi.ts";
export { wechatPorts, type WechatPorts, type WechatPortsOptions } from "./ports.ts";
export {
  type ProvisioningPorts,
  provisioningPorts,
  type ProvisioningPortsOptions,
} from "./provisioning-ports.ts";
export { WechatRandom } from "./random.ts";
export { WechatStore } from "./store.ts";
export { WechatWebSockets } from "./web-sockets.ts";
export type { Wx, WxCallbacks, WxError, WxSettings, WxSocketTask, WxUdpSocket, WxWifi } from "./wx.ts";
