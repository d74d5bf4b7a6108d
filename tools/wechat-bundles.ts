import { fileURLToPath } from "node:url";
import { bundleForMiniProgram } from "./bundle-mini-program.ts";

/** What mini programs load of `@softap/wechat`. */
export const wechatBundles = {
  /** Everything. */
  index: { entry: source("index.ts"), hasLog: true },
  /** The plain API and what it needs: no more than a device is provisioned with. */
  provisioning: { entry: source("provisioning.ts"), hasLog: false },
  /** The world without provisioning. */
  world: { entry: source("world.ts"), hasLog: true },
  /** The drop-in plugin alone; the vendor's SDK gives its plugins no log. */
  plugin: { entry: source("plugin/soft-ap-plugin.ts"), hasLog: false },
} as const;

/** Name of one of {@link wechatBundles}. */
export type WechatBundle = keyof typeof wechatBundles;

/** Every name of {@link wechatBundles}. */
// Object.keys() widens the keys; the table has no others.
export const wechatBundleNames = Object.keys(wechatBundles) as readonly WechatBundle[];

/** Makes one of {@link wechatBundles} as it is shipped. */
export function bundleWechat(name: WechatBundle, format: "cjs" | "esm"): Promise<string> {
  const { entry, hasLog } = wechatBundles[name];
  return bundleForMiniProgram(entry, { format, hasLog });
}

function source(file: string): string {
  return fileURLToPath(new URL(`../packages/wechat/src/${file}`, import.meta.url));
}
