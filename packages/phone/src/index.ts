export type {
  AccessToken,
  BindRequest,
  BindTokenState,
  Family,
  FamilyDevice,
  Login,
  Room,
  User,
} from "./app/account.ts";
export type { AppApiOptions, AppCall } from "./app/app-api.ts";
export { AppClient } from "./app/app-client.ts";
export { type PhoneLimits, phoneLimits } from "./limits.ts";
export { type LogLimits, logLimits } from "./log/limits.ts";
export { readDeviceLog, type ReadDeviceLogOptions } from "./log/read-device-log.ts";
export { countdown, nextDeadlineMs } from "./person/countdown.ts";
export { type DeviceLabel, formatDeviceLabel, parseDeviceLabel } from "./person/device-label.ts";
export { personLimits } from "./person/limits.ts";
export {
  type DeviceRadio,
  type NetworkToCheck,
  type NetworkWarning,
  type NetworkWarningCode,
  networkWarnings,
} from "./person/network-warnings.ts";
export { type NetworkPlan, prepare, type Prepared, type PrepareOptions } from "./person/prepare.ts";
export { type SoftApNameRule, softApNameRule } from "./person/soft-ap-name.ts";
export { formatWifiQr, parseWifiQr, type WifiQr } from "./person/wifi-qr.ts";
export type {
  BindCloud,
  Failure,
  PhonePorts,
  ProvisionOnceOptions,
  ProvisionOptions,
  RetryInput,
  TargetNetwork,
  TokenCloud,
} from "./provisioning/options.ts";
export { provision, type Provisioning } from "./provisioning/provision.ts";
export { provisionOnce } from "./provisioning/provision-once.ts";
export type { ProvisioningStep, StepDetails, StepName } from "./provisioning/progress.ts";
export type {
  BoundVerdict,
  FailedVerdict,
  Outcome,
  PreviousError,
  UnknownVerdict,
  Verdict,
} from "./provisioning/verdict.ts";
export { sendGapsWithin, type SendProfile } from "./schedule.ts";
export { supportBundle, type SupportBundle, type SupportBundleOptions } from "./support/support-bundle.ts";
