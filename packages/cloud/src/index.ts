export { type DeviceGateway, type Downlink, type Uplink } from "./gateway.ts";
export { type CloudLimits, defaultCloudLimits } from "./limits.ts";
export { type ServerCertificate } from "./mqtt/listeners.ts";
export { type AppCredentials } from "./rules/keys.ts";
export { type CloudOptions, type RunningCloud, startCloud } from "./start.ts";
