export {
  provision,
  type Provisioning,
  type ProvisionOptions,
  readDeviceLog,
  type Verdict,
} from "@softap/phone";
export { WechatClock } from "./clock.ts";
export { WechatDatagramSockets } from "./datagram-sockets.ts";
export { WechatHttpClient } from "./http-client.ts";
export { wechatLimits } from "./limits.ts";
export { checkPermissions, type PermissionFinding, type PermissionProblem } from "./permissions.ts";
export { WechatPhoneWifi, type WechatPhoneWifiOptions, type WechatWifiCalls } from "./phone-wifi.ts";
export type { WifiConfError, WifiConfErrorCode } from "./plugin/failure.ts";
export type { SoftApOptions, WifiConfEvent, WifiInfo } from "./plugin/options.ts";
export type { AppDevSdkLike } from "./plugin/sdk-cloud.ts";
export { SoftApPlugin, type WifiConfSoftAp } from "./plugin/soft-ap-plugin.ts";
export { WifiConfStepCode } from "./plugin/step-code.ts";
export { wechatPorts, type WechatPorts } from "./ports.ts";
export { WechatRandom } from "./random.ts";
export { WechatStore } from "./store.ts";
export { WechatWebSockets } from "./web-sockets.ts";
export type { Wx, WxCallbacks, WxError, WxSettings, WxSocketTask, WxUdpSocket, WxWifi } from "./wx.ts";
