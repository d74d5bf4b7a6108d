export { SignInModel } from "./account/sign-in-model.ts";
export { AddDeviceModel } from "./add/add-device-model.ts";
export { appConfig } from "./config.ts";
export { DeviceListModel } from "./devices/device-list-model.ts";
export { DeviceModel } from "./devices/device-model.ts";
export { pageOptions, type PageQuery } from "./page.ts";
export { type AppServices, createServices } from "./services.ts";
