export { type LinuxBackend, type LinuxRadio, type LinuxRadioOptions, openLinuxRadio } from "./auto.ts";
export { type KernelCapabilities, parseCapabilities, readCapabilities } from "./capabilities.ts";
export { wifiInterfaces } from "./interfaces.ts";
export { linuxLimits } from "./limits.ts";
export { NetworkManagerRadio, type NetworkManagerRadioOptions } from "./networkmanager/radio.ts";
export { NetworkManagerPhoneWifi, type NetworkManagerPhoneWifiOptions } from "./phone-wifi.ts";
export { parseRoutes, rangeUser, requireFreeRange, type UsedNetwork } from "./soft-ap-address.ts";
export { WpaRadio, type WpaRadioOptions } from "./wpa/radio.ts";
