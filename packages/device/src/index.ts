export { type MessageHandler, type Subscription } from "./binding/subscriptions.ts";
export { Device, type DeviceMqtt } from "./device.ts";
export {
  type DevicePortal,
  type PortalRequest,
  type PortalSession,
  type PortalView,
} from "./device-portal.ts";
export { type DeviceEvent, type DeviceEventListener } from "./event.ts";
export { type Failure } from "./failure.ts";
export { type LedPattern, ledPatterns } from "./led-patterns.ts";
export { type DeviceLimits, deviceLimits } from "./limits.ts";
export {
  type DeviceCloud,
  type DeviceCredentials,
  type DeviceIdentity,
  type DeviceOptions,
  type DevicePorts,
  type SoftApPolicy,
  type SoftApSettings,
} from "./options.ts";
export { ProvisioningState } from "./provisioning-state.ts";
export { type DeviceStep, type DeviceStepName, deviceSteps } from "./step.ts";
