export { type NativeTimers, ReactNativeClock } from "./clock.ts";
export { type NativeFetch, type NativeResponse, ReactNativeHttpClient } from "./http-client.ts";
export { reactNativeLimits } from "./limits.ts";
export { type ReactNativeParts, type ReactNativePorts, reactNativePorts } from "./ports.ts";
export { ProvisioningControl, type StartOptions } from "./provisioning/control.ts";
export { type ProvisioningState } from "./provisioning/state.ts";
export { type UseProvisioning, useProvisioning } from "./provisioning/use-provisioning.ts";
export { type NativeCrypto, ReactNativeRandom } from "./random.ts";
export {
  ReactNativeDatagramSockets,
  type ReactNativeDatagramSocketsOptions,
} from "./udp/datagram-sockets.ts";
export { type NativeUdp, type NativeUdpSocket } from "./udp/native-udp.ts";
export { type NativeWifi } from "./wifi/native-wifi.ts";
export { ReactNativeWifi, type ReactNativeWifiOptions } from "./wifi/react-native-wifi.ts";
