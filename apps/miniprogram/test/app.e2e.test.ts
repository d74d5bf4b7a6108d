import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { formatDeviceLabel, formatWifiQr } from "@softap/phone";
import { encodeUtf8, Secret } from "@softap/protocol";
import { home } from "../../../packages/wechat/test/stand-in/bare.ts";
import { deviceName, softAp } from "../../../packages/wechat/test/stand-in/world.ts";
import type { MiniProgram } from "./simulator/mini-program.ts";
import { heard } from "./simulator/phone-wx.ts";
import { builtApp, setUp as start, type SetUp } from "./simulator/set-up.ts";

let app: { folder: string; remove: () => void } | undefined;
const open: SetUp[] = [];
beforeAll(async () => {
  app = await builtApp();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
});
afterAll(() => app?.remove());

async function setUp(options: Parameters<typeof start>[1] = {}): Promise<SetUp> {
  const one = await start(app?.folder ?? "", options);
  open.push(one);
  return one;
}

/** From the device list to the form for the network. */
async function toNetwork({ program, world }: SetUp): Promise<void> {
  await world.openSoftAp();
  program.tap("Add device");
  await program.untilText("softap-lamp-1");
  program.tap("softap-lamp-1");
  program.type("softApPassphrase", softAp.passphrase);
  program.tap("Continue");
  await program.untilText("This phone is ready");
  program.tap("Continue");
  await program.until("the network's name", () => program.data["ssid"] === home.ssid);
}

/** From the form for the network to the first datagram. */
async function toProgress(program: MiniProgram, passphrase?: string): Promise<void> {
  if (passphrase !== undefined) program.type("passphrase", passphrase);
  program.tap("Send to the device");
  await program.untilText("Connect to the device");
  program.tap("Connect");
  await program.untilText("Setting up");
}

/** What is printed on a device. */
function labelOf(productId: string, name: string): string {
  const passphrase = Secret.of(softAp.passphrase);
  const label = { productId, deviceName: name, softAp: { ssid: encodeUtf8(softAp.ssid), passphrase } };
  return formatDeviceLabel(label).reveal();
}

/** What a router shows. */
function codeOf(ssid: string, passphrase?: string): string {
  const secret = passphrase === undefined ? {} : { passphrase: Secret.of(passphrase) };
  const security = passphrase === undefined ? "open" : "wpa2-psk";
  return formatWifiQr({ ssid: encodeUtf8(ssid), security, ...secret }).reveal();
}

describe("the mini program", () => {
  test("signs in, adds a device, shows it online and unbinds it", async () => {
    const one = await setUp();
    const { program, world } = one;
    await one.signIn();
    expect(program.text).toContain("No device yet");
    await toNetwork(one);
    await toProgress(program, home.passphrase);
    await program.untilText("Device added");
    expect(program.text).toContain("lamp-1");
    expect(program.data["stuck"]).toBe("");
    expect(await world.phone.ssid()).toBe(home.ssid);
    program.tap("Done");
    await program.untilText("lamp-1 Online");
    program.tap("lamp-1");
    expect(program.text).toContain(world.productId);

    program.tap("Unbind");
    await program.until("the refusal", () => program.data["isBusy"] === false);
    expect(program.page).toBe("device");
    world.wx.modalAnswers.push(async () => true);
    program.tap("Unbind");
    await program.untilText("No device yet");
    expect(world.wx.modals).toHaveLength(2);
  });

  test("asks again for a wrong passphrase with the name kept, in the same session with the same token", async () => {
    const one = await setUp();
    const { program, world } = one;
    await one.signIn();
    await toNetwork(one);
    await toProgress(program, "not the one");
    await program.untilText("SA2101");
    expect(program.data).toMatchObject({ step: "wifi", ssid: home.ssid });
    expect(program.typed("passphrase")).toBe("not the one");
    program.type("passphrase", home.passphrase);
    program.tap("Send to the device");
    await program.untilText("Device added");
    expect(world.wx.requests.filter((name) => name === "AppCreateDeviceBindToken")).toHaveLength(1);
    expect(world.phone.joins.filter((name) => name === softAp.ssid)).toHaveLength(1);
  });

  test("fills in everything from two codes, so that nothing is typed, and says what happens to the phone's network", async () => {
    const one = await setUp();
    const { program, world, phone } = one;
    await one.signIn();
    await world.openSoftAp();
    program.tap("Add device");
    await program.untilText("Which device?");
    phone.codes.push(labelOf(world.productId, deviceName), codeOf(home.ssid, home.passphrase));
    program.tap("Scan the label");
    await program.untilText(`The label of ${deviceName} is filled in`);
    expect(program.data).toMatchObject({ softApSsid: softAp.ssid, softApFilled: "Filled in from the code" });
    program.tap("Continue");
    program.tap("Continue");
    await program.untilText("Your Wi-Fi");
    program.tap("Scan a Wi-Fi code");
    await program.untilText("Filled in from the code");
    expect(JSON.stringify(program.data)).not.toContain(home.passphrase);
    expect(JSON.stringify(program.data)).not.toContain(softAp.passphrase);
    program.tap("Send to the device");
    await program.untilText("Connect to the device");
    expect(program.text).toContain(`join the device's network “${softAp.ssid}”`);
    expect(program.text).toContain(`go back to “${home.ssid}”`);
    program.tap("Connect");
    await program.untilText("more at most");
    await program.untilText("Device added");
    // Prefilled names are asked of nobody twice.
    expect(world.wx.modals).toEqual([]);
  });

  test("says which code was scanned where another one belongs, and what is wrong with it", async () => {
    const one = await setUp();
    const { program, world, phone } = one;
    await one.signIn();
    program.tap("Add device");
    await program.untilText("softap-lamp-1");
    const label = labelOf(world.productId, deviceName);
    for (const [code, number] of [
      ["https://example.com", "SA1112"],
      [label.slice(0, -1), "SA1113"],
      ["WIFI:T:WPA;S:Home;P:short;;", "SA1105"],
    ] as const) {
      phone.codes.push(code);
      program.tap("Scan the label");
      await program.untilText(number);
      expect(program.data["softApSsid"]).toBe("softap-");
    }
    // Going back without a code is no failure, and keeps what is shown.
    program.tap("Scan the label");
    await program.untilText("SA1105");
    phone.scanFailure = "auth deny";
    program.tap("Scan the label");
    await program.untilText("The camera cannot be used");
    phone.scanFailure = undefined;

    // A home network is kept for its own step; a soft AP that is printed as a Wi-Fi code is taken as one.
    phone.codes.push(codeOf("Other-WiFi"), codeOf(softAp.ssid, softAp.passphrase));
    program.tap("Scan the label");
    await program.untilText("Other-WiFi is no device");
    program.tap("Scan the label");
    await program.untilText("Filled in from the code");
    expect(program.data["softApSsid"]).toBe(softAp.ssid);
    program.tap("Continue");
    program.tap("Continue");
    expect(program.data).toMatchObject({ ssid: "Other-WiFi", homeFilled: "None, says the code" });
    phone.codes.push(label);
    program.tap("Scan a Wi-Fi code");
    await program.untilText("This is the label of a device");
    expect(program.data["ssid"]).toBe("Other-WiFi");
    program.tap("Type it");
    program.type("passphrase", "typed-in");
    expect(program.data["homeFilled"]).toBe("");
  });

  test("stops when another device answers than the one on the label, and asks for the device again", async () => {
    const one = await setUp({ joinMs: 2_000 });
    const { program, world, phone } = one;
    await one.signIn();
    await world.openSoftAp();
    program.tap("Add device");
    await program.untilText("Which device?");
    phone.codes.push(labelOf(world.productId, "lamp-2"), codeOf(home.ssid, home.passphrase));
    program.tap("Scan the label");
    await program.untilText("lamp-2");
    program.tap("Continue");
    program.tap("Continue");
    program.tap("Scan a Wi-Fi code");
    await program.untilText("Filled in from the code");
    await toProgress(program);
    await program.untilText(`Another device answered: ${deviceName}`);
    await program.until("rest", () => program.data["isBusy"] === false);
    expect(world.wx.requests).not.toContain("AppSecureAddDeviceInFamily");
    program.tap("Report for support");
    expect(program.data["report"]).toContain("Another device answered than the label names");
    program.tap("Try again");
    await program.untilText("Which device?");
  });

  test("tells a failure with its number, reads the device's log, hands over a report without secrets, and tries again", async () => {
    const one = await setUp();
    const { program, world, phone } = one;
    await one.signIn();
    await toNetwork(one);
    await toProgress(program, "not the one");
    await program.untilText("SA2101");
    program.tap("Back");
    await program.untilText("That did not work");
    await program.until("rest", () => program.data["isBusy"] === false);
    expect(program.text).toContain("SA2101");
    program.tap("Read the device's log");
    await program.untilText("Device log");
    await program.until("the phone at home", () => program.data["isBusy"] === false);
    expect(program.data["log"]).toMatch(/^\d+\|/);
    program.tap("Report for support");
    const report = String(program.data["report"]);
    expect(report).toMatch(/^verdict +failed WIFI_AUTH_FAILED/m);
    expect(report).toMatch(/ phone +4 sendCredentials/);
    expect(report).toMatch(/ device /);
    expect(report).toContain("phone: Acme Phone 9");
    for (const secret of ["not the one", home.passphrase, softAp.passphrase, home.ssid])
      expect(report).not.toContain(secret);
    program.tap("Copy");
    expect(phone.clipboard).toEqual([report]);
    program.tap("Send to a chat");
    expect([...phone.shared]).toEqual([[expect.stringMatching(/^softap-[0-9a-f]{8}\.txt$/), report]]);
    phone.shareFailure = "cancel";
    program.tap("Send to a chat");
    expect(program.data["helpFailure"]).toBeNull();
    phone.shareFailure = "no permission";
    program.tap("Send to a chat");
    expect(program.text).toContain("The report could not be sent");
    // The passphrase that was typed is wrong for the phone, too.
    expect(program.text).toContain("Your phone is still on softap-lamp-1");
    await world.phone.joinByHand(home.ssid, home.passphrase);
    program.tap("Try again");
    await program.until("the phone at home", () => program.data["stuck"] === "");
    expect(program.data).toMatchObject({ step: "wifi", ssid: home.ssid });
    await toProgress(program, home.passphrase);
    await program.untilText("Device added");
  });

  test("lets the person join the soft AP by hand when the phone refused to", async () => {
    const one = await setUp();
    const { program, world } = one;
    await one.signIn();
    await toNetwork(one);
    world.phone.joinFailures.push(12005);
    program.type("passphrase", home.passphrase);
    program.tap("Send to the device");
    await program.untilText("Connect to the device");
    program.tap("Connect");
    await program.untilText("Or join by hand");
    expect(program.text).toContain(softAp.ssid);
    program.tap("Report for support");
    expect(program.data["report"]).toMatch(/^verdict +failed WIFI_BLOCKED/m);
    await world.phone.joinByHand(softAp.ssid, softAp.passphrase);
    program.tap("I have joined it");
    await program.untilText("Device added");
    expect(world.wx.requests.filter((name) => name === "AppCreateDeviceBindToken")).toHaveLength(1);
  });

  test("cancels on the way, keeps what was typed, and is bound by a second try", async () => {
    const one = await setUp({ joinMs: 1_000 });
    const { program, world } = one;
    await one.signIn();
    await toNetwork(one);
    await toProgress(program, home.passphrase);
    program.tap("Cancel");
    await program.untilText("Your Wi-Fi");
    await program.until("the phone at home", () => program.data["isBusy"] === false);
    expect(await world.phone.ssid()).toBe(home.ssid);
    expect(world.wx.udp.open.size).toBe(0);
    await toProgress(program, program.typed("passphrase") ?? "");
    await program.untilText("Device added");
  });

  test("leaves nothing running when the page is left in the middle", async () => {
    const one = await setUp({ joinMs: 5_000 });
    const { program, world } = one;
    await one.signIn();
    await toNetwork(one);
    await toProgress(program, home.passphrase);
    program.leave();
    await program.until("the list", () => program.page === "devices" && program.data["isLoading"] === false);
    expect(program.pageCount).toBe(1);
    expect(world.wx.udp.open.size).toBe(0);
  });

  test("does not go on where the phone cannot, and goes on when that is cured", async () => {
    const one = await setUp();
    const { program, phone } = one;
    await one.signIn();
    phone.isWifiOn = false;
    program.tap("Add device");
    await program.untilText("softap-lamp-1");
    program.tap("softap-lamp-1");
    program.tap("Continue");
    await program.untilText("Switch on Wi-Fi");
    program.tap("Continue");
    expect(program.data["step"]).toBe("prepare");
    phone.isWifiOn = true;
    program.tap("Try again");
    program.tap("Continue");
    await program.untilText("Your Wi-Fi");
  });

  test("refuses names and passphrases that no network has, and warns of doubtful ones", async () => {
    const one = await setUp();
    const { program, phone } = one;
    phone.nearby = [heard(home.ssid), heard(softAp.ssid), heard("Attic", { frequency: 5_180 })];
    await one.signIn();
    await toNetwork(one);
    expect(program.data["doubts"]).toEqual([
      { text: "Without a password this must be an open network.", action: "", isBlocking: false },
    ]);
    program.type("passphrase", "short");
    program.tap("Send to the device");
    expect(program.text).toContain("SA1105");
    program.type("ssid", "x".repeat(33));
    program.tap("Send to the device");
    expect(program.text).toContain("SA1104");
    program.type("ssid", "Attic");
    expect(program.text).toContain("mostly 5 GHz");
    expect(program.text).toContain("Choose the router's 2.4 GHz network");
    program.type("ssid", "Home-5G ");
    expect(program.text).toContain("looks like a 5 GHz network");
    expect(program.text).toContain("begins or ends with a space");
    phone.codes.push("WIFI:T:WPA2-EAP;S:Office;P:x;;");
    program.tap("Scan a Wi-Fi code");
    await program.untilText("company network");
    program.tap("Type it");
    program.type("ssid", softAp.ssid);
    expect(program.text).toContain("the device's own network");
  });

  test("tells a wrong password, and signs out", async () => {
    const one = await setUp();
    const { program } = one;
    program.start();
    await program.until("sign-in", () => program.page === "sign-in");
    program.type("name", "ann@example.com");
    program.type("password", "wrong");
    program.tap("Sign in");
    await program.untilText("SA5106");
    program.close();
    await one.signIn();
    program.tap("Sign out");
    await program.until("sign-in", () => program.page === "sign-in");
  });

  test("goes to sign-in when the cloud refuses the kept token", async () => {
    const one = await setUp();
    const { program, phone } = one;
    const account = btoa('{"token":"revoked","expiresAtS":99999999999}');
    await new Promise((success, fail) => {
      phone.wx.setStorage({ key: "softap", data: { account }, success, fail });
    });
    program.start();
    await program.until("sign-in", () => program.page === "sign-in");
    expect(one.world.wx.requests).toContain("AppGetFamilyList");
  });

  test("searches nothing on iOS, takes a typed name, and tells of the local-network permission", async () => {
    const one = await setUp();
    const { program, phone } = one;
    phone.platform = "ios";
    await one.signIn();
    program.tap("Add device");
    await program.untilText("Which device?");
    expect(program.text).not.toContain("Nearby");
    expect(program.data["softApSsid"]).toBe("softap-");
    program.type("softApSsid", "");
    program.tap("Continue");
    expect(program.text).toContain("SA1104");
    program.type("softApSsid", softAp.ssid);
    program.tap("Continue");
    await program.untilText("local network");
    program.tap("Continue");
    expect(program.data["step"]).toBe("wifi");
  });

  test("stays in the form and says so when the cloud cannot be reached before the phone leaves its network", async () => {
    const one = await setUp();
    const { program, world } = one;
    await one.signIn();
    await toNetwork(one);
    await world.cloud.stop();
    program.type("passphrase", home.passphrase);
    program.tap("Send to the device");
    await program.untilText("The cloud cannot be reached");
    expect(program.data["step"]).toBe("wifi");
    expect(world.phone.joins).toEqual([]);
  });

  test("speaks Chinese on a Chinese phone and says when the list cannot be read", async () => {
    const one = await setUp({ language: "zh_CN" });
    const { program, world } = one;
    await one.signIn();
    expect(program.text).toContain("还没有设备");
    expect(program.data["title"]).toBe("我的设备");
    await world.cloud.stop();
    program.pullDown();
    await program.untilText("SA3105");
    program.tap("重试");
    await program.until("the second try", () => program.data["isLoading"] === false);
    expect(program.text).toContain("还没有设备");
  });
});
