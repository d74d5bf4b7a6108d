import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { nodePorts } from "@softap/node";
import { formatDeviceLabel } from "@softap/phone";
import { encodeUtf8, Secret } from "@softap/protocol";
import { home } from "../../../packages/wechat/test/stand-in/bare.ts";
import { deviceName, softAp, type World } from "../../../packages/wechat/test/stand-in/world.ts";
import { OfficialMiniProgram } from "./simulator/official-mini-program.ts";
import { enterOfficialWorld, type OfficialWorld } from "./simulator/official-simulator.ts";
import type { PhoneWx } from "./simulator/phone-wx.ts";
import { builtApp, person, startWorld } from "./simulator/set-up.ts";

let app: { folder: string; remove: () => void };
let official: OfficialWorld;
let open: { world: World; program: OfficialMiniProgram } | undefined;
beforeAll(async () => {
  app = await builtApp();
  // mqtt.js takes a process that has a window when it loads for a browser.
  await nodePorts().mqtt.prepare();
  official = enterOfficialWorld();
});
afterEach(async () => {
  open?.program.close();
  await open?.world.stop();
  open = undefined;
});
afterAll(() => {
  official.leave();
  app.remove();
});

/** Starts the app and signs the person in. */
async function signedIn(): Promise<{ world: World; phone: PhoneWx; program: OfficialMiniProgram }> {
  const { world, phone } = await startWorld();
  const program = new OfficialMiniProgram({ ...official, folder: app.folder, wx: phone.wx });
  open = { world, program };
  program.start();
  await program.until("sign-in", () => program.page === "sign-in");
  await program.type("name", person.email);
  await program.type("password", person.password);
  await program.tap("Sign in");
  await program.until("the devices", () => program.page === "devices" && program.data["isLoaded"] === true);
  return { world, phone, program };
}

/** WeChat's compiler is a program, and there is none for Linux on other processors. */
const hasCompiler = process.platform !== "linux" || process.arch === "x64";

describe.skipIf(!hasCompiler)(
  "the mini program in WeChat's own packages (skipped on Linux but for x86-64)",
  () => {
    test("signs in, adds a device by its label, shows it online and unbinds it", async () => {
      const { world, phone, program } = await signedIn();
      expect(program.text).toContain("No device yet");
      await world.openSoftAp();
      await program.tap("Add device");
      await program.untilText("softap-lamp-1");
      const label = formatDeviceLabel({
        productId: world.productId,
        deviceName,
        softAp: { ssid: encodeUtf8(softAp.ssid), passphrase: Secret.of(softAp.passphrase) },
      });
      phone.codes.push(label.reveal());
      await program.tap("Scan the label");
      await program.untilText("Filled in from the code");
      await program.tap("Continue");
      expect(program.text).toContain("This phone is ready");
      await program.tap("Continue");
      await program.until("the network's name", () => program.data["ssid"] === home.ssid);
      await program.type("passphrase", home.passphrase);
      await program.tap("Send to the device");
      await program.untilText(`join the device's network “${softAp.ssid}”`);
      await program.tap("Connect");
      await program.untilText("Setting up");
      await program.untilText("Device added");
      await program.tap("Done");
      await program.untilText("lamp-1 Online");
      await program.tap("lamp-1");
      expect(program.text).toContain(world.productId);
      world.wx.modalAnswers.push(async () => true);
      await program.tap("Unbind");
      await program.untilText("No device yet");
    });

    test("asks again for a wrong passphrase, tells the failure, and shows a report", async () => {
      const { world, program } = await signedIn();
      await world.openSoftAp();
      await program.tap("Add device");
      await program.untilText("softap-lamp-1");
      await program.tap("softap-lamp-1");
      expect(program.data["softApSsid"]).toBe(softAp.ssid);
      await program.type("softApPassphrase", softAp.passphrase);
      await program.tap("Continue");
      await program.tap("Continue");
      await program.type("ssid", "Elsewhere");
      expect(program.text).toContain("The phone does not see this network here");
      await program.type("ssid", home.ssid);
      await program.type("passphrase", "not the one");
      await program.tap("Send to the device");
      await program.untilText("Connect to the device");
      await program.tap("Connect");
      await program.untilText("SA2101");
      expect(program.data).toMatchObject({ step: "wifi", ssid: home.ssid });
      await program.tap("Back");
      await program.untilText("That did not work");
      await program.until("rest", () => program.data["isBusy"] === false);
      await program.tap("Report for support");
      expect(program.text).toContain("failed WIFI_AUTH_FAILED");
      expect(program.text).not.toContain("not the one");
    });

    test("refuses what is not signed in, and says why", async () => {
      const { world, phone } = await startWorld({ language: "zh_CN" });
      const program = new OfficialMiniProgram({ ...official, folder: app.folder, wx: phone.wx });
      open = { world, program };
      program.start();
      await program.until("sign-in", () => program.page === "sign-in");
      await program.type("name", person.email);
      await program.type("password", "wrong");
      await program.tap("登录");
      await program.untilText("账号或密码错误");
      expect(program.text).toContain("SA5106");
    });
  },
);
