import { createRequire } from "node:module";
import { vi } from "vitest";
import type { World } from "./world.ts";

/** What the vendor's code hands over: a test reads the members that it expects, and fails when they are not there. */
// oxlint-disable-next-line typescript/no-explicit-any -- their typings bring the mini program's globals, which are not Node's
type Foreign = any;

/** The vendor's SDK by the members that tests use. */
export interface VendorSdk {
  readonly isLogin: boolean;
  readonly nickName: string;
  readonly userId: string;
  readonly plugins: object;
  readonly loginManager: { readonly accessToken: string };
  readonly ws: { isConnected(): boolean; on(event: string, listener: (data: string) => void): void };
  init(options: object): Promise<void>;
  getDefaultFamilyId(): Promise<string>;
  requestApi(action: string, payload?: object): Promise<Foreign>;
  subscribeDevices(deviceIds: readonly string[]): Promise<void>;
  disconnectWebsocket(): void;
  on(event: string, listener: (push: Foreign) => void): void;
}

/** The vendor's provisioning core by the members that tests use. */
export interface VendorCore {
  readonly utils: {
    readonly UdpServer: new (options: object) => {
      send(message: object, options: object): Promise<Foreign>;
      onProgressError(listener: (error: unknown) => void): void;
      abort(): void;
      destroy(): void;
    };
    readonly connectWifi: (network: object, options: object) => Promise<void>;
    readonly reconnectWifi: (network: object, options: object) => Promise<void>;
    readonly collectModuleLog: (options: object) => Promise<boolean>;
  };
  readonly constants: { readonly WifiConfStepCode: object };
  queryTokenStateAndBind(options: object): Promise<void>;
}

const require = createRequire(import.meta.url);

/** The vendor's code prints every request and reply. */
const loud = ["log", "info", "debug", "warn", "error"] as const;

/** Makes the world's phone the one that the vendor's code runs on, and keeps that code from printing. */
function enter(world: World): void {
  for (const method of loud) vi.spyOn(console, method).mockImplementation(() => {});
  Object.assign(globalThis, { wx: world.wx });
}

/** The vendor's SDK on the world's phone, not logged in. Its code decides at its first load where it runs. */
export function vendorSdk(
  world: World,
  options: { plugins?: unknown; getAccessToken?: () => Promise<unknown> } = {},
): VendorSdk {
  enter(world);
  const { AppDevSdk } = require("qcloud-iotexplorer-appdev-sdk");
  const { plugins = [], getAccessToken = () => world.accessToken() } = options;
  const { appKey } = world.cloud.app;
  return new AppDevSdk({ getAccessToken, appKey, plugins, wsConfig: { autoReconnect: false } });
}

/** The vendor's provisioning core on the world's phone. */
export function vendorCore(world: World): VendorCore {
  enter(world);
  return require("qcloud-iotexplorer-appdev-plugin-wificonf-core");
}
