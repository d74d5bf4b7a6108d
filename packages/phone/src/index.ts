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
export { readDeviceLog, type ReadDeviceLogOptions } from "./log/read-device-log.ts";
export type {
  BindCloud,
  Failure,
  PhonePorts,
  ProvisionOptions,
  RetryInput,
  TargetNetwork,
} from "./provisioning/options.ts";
export { provision, type Provisioning } from "./provisioning/provision.ts";
export type { ProvisioningStep, StepDetails, StepName } from "./provisioning/progress.ts";
export type {
  BoundVerdict,
  FailedVerdict,
  Outcome,
  PreviousError,
  UnknownVerdict,
  Verdict,
} from "./provisioning/verdict.ts";
export { sendGaps, sendGapsWithin, type SendProfile } from "./schedule.ts";
