/**
 * Builds the example mini program into `apps/miniprogram/dist/program`, the folder that WeChat's developer tools open.
 */
import { buildMiniProgram } from "./mini-program-app.ts";

const { files, bytes } = await buildMiniProgram("apps/miniprogram", "apps/miniprogram/dist/program");
console.log(`build-miniprogram: ${files} files, ${bytes} bytes`);
