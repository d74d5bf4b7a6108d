import { afterEach, describe, expect, test } from "vitest";
import { runInNewContext, runInThisContext } from "node:vm";
import { bundleForMiniProgram } from "../../../tools/bundle-mini-program.ts";
import { home } from "./stand-in/bare.ts";
import { vendorSdk } from "./stand-in/vendor.ts";
import { softAp, World } from "./stand-in/world.ts";

const entry = new URL("../src/index.ts", import.meta.url).pathname;

/** What engines of 2018 lack. */
const newer = `
  for (const [owner, names] of [
    [Object, ["hasOwn", "fromEntries", "groupBy"]],
    [Array, ["fromAsync"]],
    [Promise, ["allSettled", "any", "withResolvers", "try"]],
    [Array.prototype, ["at", "flat", "flatMap", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]],
    [String.prototype, ["at", "matchAll", "replaceAll", "trimStart", "trimEnd", "isWellFormed", "toWellFormed"]],
    [Uint8Array.prototype.__proto__, ["at", "findLast", "toSorted", "toReversed", "with"]],
    [globalThis, ["structuredClone", "WeakRef", "BigInt", "AggregateError", "Iterator", "WebAssembly"]],
  ]) for (const name of names) delete owner[name];
  delete globalThis.globalThis;`;

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

describe("the bundle for mini programs", () => {
  test("loads where nothing newer than ES2018 and nothing of a browser or Node exists", async () => {
    const code = await bundleForMiniProgram(entry, "cjs");
    const names = runInNewContext(
      `${newer} var module = { exports: {} }, exports = module.exports; ${code};
       module.exports.checkPermissions({}).map(({ problem }) => problem) + " " + Object.keys(module.exports).sort()`,
    );
    expect(names).toMatch(/^noUdp /);
    for (const name of ["SoftApPlugin", "WifiConfStepCode", "provision", "wechatPorts"])
      expect(names).toContain(name);
    // ES2018 has neither: the parser of this test would take them.
    expect(code).not.toMatch(/\?\.[A-Za-z_$([]|\?\?|#[A-Za-z_]\w*[=;(,.]|\bimport\b.*\bfrom\b/);
  });

  test("its plugin binds a device in the vendor's SDK", async () => {
    const world = await World.start();
    worlds.push(world);
    await world.openSoftAp();
    const module = { exports: {} as { SoftApPlugin: unknown } };
    const code = await bundleForMiniProgram(entry, "cjs");
    runInThisContext(`(function (module, exports) { ${code} })`)(module, module.exports);
    const sdk = vendorSdk(world, { plugins: [module.exports.SoftApPlugin] });
    await sdk.init({});
    const outcome = await new Promise((resolve) => {
      // Put there by the plugin's `install`.
      const { wifiConfSoftAp } = sdk.plugins as { wifiConfSoftAp: { start(options: object): Promise<void> } };
      void wifiConfSoftAp.start({
        targetWifiInfo: { SSID: home.ssid, password: home.passphrase },
        softAPInfo: { SSID: softAp.ssid, password: softAp.passphrase },
        onComplete: resolve,
        onError: resolve,
      });
    });
    expect(outcome).toEqual({ productId: world.productId, deviceName: "lamp-1" });
  });
});
