import { afterEach, describe, expect, test } from "vitest";
import { provision } from "@softap/phone";
import type { WifiConfSoftAp } from "@softap/wechat";
import { bundleWechat, type WechatBundle, wechatBundleNames } from "../../../tools/wechat-bundles.ts";
import { bareWx, home } from "./stand-in/bare.ts";
import { loadApart } from "./stand-in/bundled.ts";
import { newerSyntax } from "./stand-in/newer-syntax.ts";
import { vendorSdk } from "./stand-in/vendor.ts";
import { softAp, World } from "./stand-in/world.ts";

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

/** What a bundle of the given names has, made there; their types are the package's. */
type Bundle = typeof import("@softap/wechat");

const formats = ["cjs", "esm"] as const;
const bundles = wechatBundleNames.flatMap((name) => formats.map((format) => [name, format] as const));

const made = new Map<string, Promise<string>>();

/** Each bundle is made once, and loaded anew for each test. */
function codeOf(name: WechatBundle, format: "cjs" | "esm"): Promise<string> {
  const key = `${name} ${format}`;
  const code = made.get(key) ?? bundleWechat(name, format);
  made.set(key, code);
  return code;
}

async function load(name: WechatBundle, format: "cjs" | "esm"): Promise<Bundle> {
  return loadApart(await codeOf(name, format), format) as Bundle;
}

const exported = {
  index: ["SoftApPlugin", "WifiConfStepCode", "provision", "readDeviceLog", "wechatPorts", "wechatBindCloud"],
  provisioning: ["Secret", "findPermissionProblems", "provision", "provisioningPorts", "wechatBindCloud"],
  world: ["Secret", "WechatStore", "checkPermissions", "wechatBindCloud", "wechatPorts"],
  plugin: ["SoftApPlugin"],
} as const;

describe("newerSyntax()", () => {
  test.each([
    ["a?.b", "?."],
    ["a ?? b", "??"],
    ["a ??= b", "??="],
    ["a ||= b", "||="],
    ["class A { #x() {} }", "#x"],
    ["class A { x = 1 }", "class field"],
    ["class A { static {} }", "static block"],
    ["try {} catch {}", "catch without a name"],
    ["import('a')", "import()"],
    ["import.meta.url", "import.meta"],
    ["export * as a from 'a'", "export * as"],
    ["1n", "big integer"],
    ["/a/v", "flag v"],
    ["1_000", "digits apart"],
  ])("finds what came after ES2018 in %s", (code, name) => {
    expect(newerSyntax(code)).toContain(name);
  });

  test("finds nothing in what ES2018 has", () => {
    const code =
      "async function* f({ a, ...b }) { for await (const c of b) yield { ...c, d: /(?<=e)./su, f: g ? 1 : 2 } }";
    expect(newerSyntax(code)).toEqual([]);
  });
});

describe("the bundles for mini programs", () => {
  test.each(bundles)(
    "%s as %s is ES2018, and loads where nothing newer and nothing of a browser or Node exists",
    async (name, format) => {
      const code = await codeOf(name, format);
      expect(newerSyntax(code)).toEqual([]);
      const module = loadApart(code, format);
      for (const known of exported[name]) expect(module).toHaveProperty(known);
    },
  );

  test.each(formats)(
    "the pre-flight of the provisioning bundle as %s finds that there is no UDP",
    async (format) => {
      const { findPermissionProblems } = await load("provisioning", format);
      expect(findPermissionProblems({})[0]).toEqual({ problem: "noUdp", isBlocking: true });
    },
  );

  test.each(bundles.filter(([name]) => name === "provisioning" || name === "index"))(
    "%s as %s is enough to bind a device, with a person who types the passphrase again",
    async (name, format) => {
      const world = await World.start();
      worlds.push(world);
      await world.openSoftAp();
      const { provision, provisioningPorts, Secret, wechatBindCloud } = await load(name, format);
      const passphrase = Secret.of(home.passphrase);
      const provisioning = provision({
        cloud: wechatBindCloud(world.wx, await account(world, { Secret })),
        network: { ssid: home.ssid, passphrase: Secret.of("not the one") },
        softAp: { ssid: softAp.ssid, passphrase: Secret.of(softAp.passphrase) },
        retry: async () => ({ passphrase }),
        ports: provisioningPorts(world.wx, { home: { ssid: home.ssid, passphrase } }),
      });
      const steps: string[] = [];
      for await (const step of provisioning) steps.push(step.name);
      expect(await provisioning.result).toMatchObject({
        verdict: "bound",
        attempts: 2,
        deviceId: world.deviceId,
      });
      expect(steps).toEqual(
        expect.arrayContaining(["createToken", "joinSoftAp", "deviceFailed", "bindFamily", "verdict"]),
      );
      expect(await world.phone.ssid()).toBe(home.ssid);
      expect(world.wx.udp.open.size).toBe(0);
    },
  );

  test("no file has a state of its own: the radio knows that it is in use, whichever file used it", async () => {
    const world = await World.start();
    worlds.push(world);
    await world.openSoftAp();
    const [one, other] = [await load("provisioning", "cjs"), await load("index", "cjs")];
    const passphrase = one.Secret.of(home.passphrase);
    const options = {
      cloud: one.wechatBindCloud(world.wx, await account(world, one)),
      network: { ssid: home.ssid, passphrase },
      softAp: { ssid: softAp.ssid, passphrase: one.Secret.of(softAp.passphrase) },
      ports: one.provisioningPorts(world.wx, { home: { ssid: home.ssid, passphrase } }),
    };
    const first = one.provision(options);
    expect(await other.provision(options).result).toMatchObject({ code: "PROVISIONING_ACTIVE" });
    expect(await first.result).toMatchObject({ verdict: "bound" });
    expect(await other.provision(options).result).not.toMatchObject({ code: "PROVISIONING_ACTIVE" });
  });

  test.each(formats)("the world as %s carries a phone side that is loaded apart from it", async (format) => {
    const world = await World.start();
    worlds.push(world);
    await world.openSoftAp();
    const { Secret, wechatBindCloud, wechatPorts } = await load("world", format);
    const passphrase = Secret.of(home.passphrase);
    const { result } = provision({
      cloud: wechatBindCloud(world.wx, await account(world, { Secret })),
      network: { ssid: home.ssid, passphrase },
      softAp: { ssid: softAp.ssid, passphrase: Secret.of(softAp.passphrase) },
      ports: wechatPorts(world.wx, { home: { ssid: home.ssid, passphrase } }),
    });
    expect(await result).toMatchObject({ verdict: "bound", deviceId: world.deviceId });
  });

  test.each(bundles.filter(([name]) => name === "plugin" || name === "index"))(
    "the plugin of %s as %s takes the world that it is given where there is no other",
    async (name, format) => {
      const code = await codeOf(name, format);
      const { SoftApPlugin } = loadApart(code, format, { hasWx: false }) as Bundle;
      const requestApi = () => Promise.reject(new Error("offline"));
      const sdk = { plugins: {} as Record<string, unknown>, requestApi };
      SoftApPlugin.install(sdk, bareWx().wx);
      const plugin = sdk.plugins["wifiConfSoftAp"] as WifiConfSoftAp;
      const errors: unknown[] = [];
      await plugin.start({
        targetWifiInfo: { SSID: home.ssid, password: home.passphrase },
        onError: (event) => errors.push(event),
      });
      expect(errors).toMatchObject([
        { code: "WIFI_CONF_FAIL", detail: { error: { code: "PROTOCOL_FAIL", softApCode: "UNREACHABLE" } } },
      ]);
    },
  );

  test.each(bundles.filter(([name]) => name === "plugin" || name === "index"))(
    "the plugin of %s as %s binds a device in the vendor's SDK",
    async (name, format) => {
      const world = await World.start();
      worlds.push(world);
      await world.openSoftAp();
      const { SoftApPlugin } = await load(name, format);
      const sdk = vendorSdk(world, { plugins: [SoftApPlugin] });
      await sdk.init({});
      const outcome = await new Promise((resolve) => {
        // Put there by the plugin's `install`.
        const { wifiConfSoftAp } = sdk.plugins as {
          wifiConfSoftAp: { start(options: object): Promise<void> };
        };
        void wifiConfSoftAp.start({
          targetWifiInfo: { SSID: home.ssid, password: home.passphrase },
          softAPInfo: { SSID: softAp.ssid, password: softAp.passphrase },
          onComplete: resolve,
          onError: resolve,
        });
      });
      expect(outcome).toEqual({ productId: world.productId, deviceName: "lamp-1" });
    },
  );
});

async function account(
  world: World,
  { Secret }: Pick<Bundle, "Secret">,
): Promise<Parameters<Bundle["wechatBindCloud"]>[1]> {
  const { Token } = await world.accessToken();
  return { baseUrl: "https://iot.cloud.tencent.com", accessToken: Secret.of(Token) };
}
