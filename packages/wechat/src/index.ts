export {
  provision,
  type Provisioning,
  type ProvisioningStep,
  type ProvisionOptions,
  readDeviceLog,
  type Verdict,
} from "@softap/phone";
export type { WifiConfError, WifiConfErrorCode } from "./plugin/failure.ts";
export type { SoftApOptions, WifiConfEvent, WifiInfo } from "./plugin/options.ts";
export type { AppDevSdkLike } from "./plugin/sdk-cloud.ts";
export { SoftApPlugin, type WifiConfSoftAp } from "./plugin/soft-ap-plugin.ts";
export { WifiConfStepCode } from "./plugin/step-code.ts";
export * from "./world.ts";
