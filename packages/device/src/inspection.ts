/** What tools need to look into a device from outside, such as `softap doctor`; a firmware carries none of these names. */
export { givenCredentials, mqttLogin } from "./binding/credentials.ts";
export {
  type BindingMark,
  DeviceStore,
  type PendingAttempt,
  type RememberedError,
} from "./memory/device-store.ts";
