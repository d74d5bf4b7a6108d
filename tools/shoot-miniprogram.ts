/**
 * Makes a picture of every state of the example mini program, light and dark, in both languages, and copies those that
 * `docs/miniprogram.md` shows to `docs/images`. Needs Debian's chromium. Argument: a folder for all of them.
 */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { playScenes } from "../apps/miniprogram/test/simulator/scenes.ts";
import { builtApp } from "../apps/miniprogram/test/simulator/set-up.ts";

/** Shown in the documentation, each ≤ 60 kB. */
const chosen = [
  "choose-label-en-light",
  "wifi-5ghz-zh-dark",
  "join-en-light",
  "progress-en-light",
  "wifi-again-en-dark",
  "failure-en-light",
  "success-zh-light",
  "devices-zh-dark",
];

const out = process.argv[2] ?? "node_modules/.cache/softap/miniprogram";
mkdirSync(out, { recursive: true });
const app = await builtApp();
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 390, height: 760 } });
  for (const language of ["en", "zh"] as const)
    for (const { name, html } of await playScenes(app.folder, language)) {
      await page.setContent(html);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(out, `${name}-${language}-${colorScheme}.png`), fullPage: true });
      }
    }
} finally {
  await browser.close();
  app.remove();
}
for (const name of chosen)
  copyFileSync(join(out, `${name}.png`), join("docs/images", `miniprogram-${name}.png`));
console.log(`shoot-miniprogram: pictures in ${out}`);
