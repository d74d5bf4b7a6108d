/**
 * Writes the bundles of `@softap/wechat` in ES2018: as CommonJS into `dist/mini-program`, the folder that `miniprogram` in
 * package.json names and WeChat's "build npm" takes, and as ES modules into `dist/es2018`, for bundlers.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleWechat, wechatBundleNames } from "./wechat-bundles.ts";

const folders = {
  "packages/wechat/dist/mini-program": "cjs",
  "packages/wechat/dist/es2018": "esm",
} as const;

for (const [folder, format] of Object.entries(folders)) {
  mkdirSync(folder, { recursive: true });
  for (const name of wechatBundleNames) {
    const code = await bundleWechat(name, format);
    writeFileSync(join(folder, `${name}.js`), code);
    console.log(`build-wechat: ${format} ${name}.js ${code.length} bytes`);
  }
}
