/**
 * Writes what mini programs load: `dist/mini-program/index.js` (everything) and `plugin.js` (the drop-in plugin alone) of
 * `@softap/wechat`, CommonJS in ES2018. WeChat's "build npm" takes the folder that `miniprogram` in package.json names.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleForMiniProgram } from "./bundle-mini-program.ts";

const folder = "packages/wechat/dist/mini-program";
const entries = {
  "index.js": "packages/wechat/src/index.ts",
  "plugin.js": "packages/wechat/src/plugin/soft-ap-plugin.ts",
};

mkdirSync(folder, { recursive: true });
for (const [file, entry] of Object.entries(entries)) {
  const code = await bundleForMiniProgram(entry, "cjs");
  writeFileSync(join(folder, file), code);
  console.log(`build-wechat: ${file} ${code.length} bytes`);
}
