import { formatDeviceLabel } from "@softap/phone";
import { encodeUtf8, Secret, softApError } from "@softap/protocol";
import { home } from "../../../../packages/wechat/test/stand-in/bare.ts";
import { deviceName, softAp } from "../../../../packages/wechat/test/stand-in/world.ts";
import { noProgress, progressRows } from "../../src/add/progress.ts";
import { failureOf } from "../../src/failure-view.ts";
import { textsOf } from "../../src/texts/texts.ts";
import { htmlOf } from "./html.ts";
import { heard } from "./phone-wx.ts";
import { person, setUp } from "./set-up.ts";

/** One state of the app, as a document. */
export interface Scene {
  readonly name: string;
  readonly html: string;
}

/**
 * Plays the whole app against our cloud and our device and keeps what it shows in every state.
 *
 * @param folder - Of the built app.
 */
export async function playScenes(folder: string, language: "en" | "zh"): Promise<readonly Scene[]> {
  const one = await setUp(folder, { language, joinMs: 500 });
  const { program, world, phone } = one;
  const t = textsOf(language);
  const scenes: Scene[] = [];
  const keep = (name: string, changed = {}): void =>
    void scenes.push({ name, html: htmlOf(program, { language, changed }) });
  const step = (name: string): Promise<void> => program.until(name, () => program.data["step"] === name);
  const idle = (): Promise<void> => program.until("rest", () => program.data["isBusy"] === false);
  try {
    program.start();
    await program.until("sign-in", () => program.page === "sign-in");
    program.type("name", person.email);
    program.type("password", "wrong");
    program.tap(t.signIn.signIn);
    await program.untilText("SA5106");
    keep("sign-in-failure");
    program.type("password", person.password);
    keep("sign-in");
    program.tap(t.signIn.signIn);
    await program.until("the devices", () => program.page === "devices" && program.data["isLoaded"] === true);
    keep("devices-empty");

    await world.openSoftAp();
    phone.nearby = [
      heard(home.ssid),
      heard(softAp.ssid),
      heard("softap-plug-7", { signalStrength: 60 }),
      heard("Attic", { frequency: 5_180, signalStrength: 60 }),
    ];
    program.tap(t.devices.add);
    await program.untilText("softap-plug-7");
    keep("choose-nothing", { nearby: [] });
    program.tap(softAp.ssid);
    program.type("softApPassphrase", softAp.passphrase);
    keep("choose");
    phone.codes.push("https://example.com", labelOf(world.productId));
    program.tap(t.add.choose.scan);
    await program.untilText("SA1112");
    keep("choose-code-wrong");
    program.tap(t.add.choose.scan);
    await program.untilText(t.add.filled);
    keep("choose-label");
    phone.isWifiOn = false;
    program.tap(t.add.next);
    await step("prepare");
    keep("prepare-blocked");
    phone.isWifiOn = true;
    program.tap(t.add.again);
    keep("prepare");
    program.tap(t.add.next);
    await step("wifi");
    await program.until("the network's name", () => program.data["ssid"] === home.ssid);
    program.type("ssid", "Attic");
    keep("wifi-5ghz");
    phone.codes.push("WIFI:T:WPA2-EAP;S:Office;P:x;;");
    program.tap(t.add.wifi.scan);
    await program.untilText(t.add.filled);
    keep("wifi-code");
    program.tap(t.add.retype);
    program.type("ssid", home.ssid);
    program.type("passphrase", "not the one");
    keep("wifi");
    program.tap(t.add.wifi.send);
    await step("join");
    keep("join");
    world.phone.joinFailures.push(12005);
    program.tap(t.add.join.connect);
    await program.until(
      "the refusal",
      () => program.data["byHand"] !== "" && program.data["isBusy"] === false,
    );
    keep("join-failure");
    program.tap(t.add.again);
    await program.until("the soft AP", () => program.data["timeLeft"] !== "");
    keep("join-busy");
    await step("progress");
    keep("progress");
    await step("wifi");
    keep("wifi-again");
    program.tap(t.add.back);
    await step("failure");
    await idle();
    keep("failure");
    program.tap(t.add.failure.readLog);
    await program.untilText(t.add.failure.logTitle);
    await idle();
    keep("failure-log");
    program.tap(t.add.report.show);
    keep("failure-report");
    keep("unknown", {
      failure: failureOf(
        softApError("VERDICT_UNKNOWN", "", { cause: softApError("UNREACHABLE", "") }),
        language,
      ),
      isUnknown: true,
      rows: progressRows({ ...noProgress, stage: "cloud", ending: "waiting" }, t.add.progress),
      canReadLog: true,
      log: "",
      report: "",
      stuck: "",
    });
    program.tap(t.add.again);
    await step("wifi");
    program.type("passphrase", home.passphrase);
    program.tap(t.add.wifi.send);
    await step("join");
    program.tap(t.add.join.connect);
    await step("progress");
    await program.until("the cloud", () =>
      /"cloud","title":"[^"]*","state":"active"/.test(rows(program.data)),
    );
    keep("progress-late");
    await step("success");
    keep("success");
    await idle();
    program.tap(t.add.success.done);
    await program.untilText("lamp-1");
    await program.until("rest", () => program.data["isLoading"] === false);
    keep("devices");
    program.tap("lamp-1");
    keep("device");
    program.leave();
    await program.until("rest", () => program.data["isLoading"] === false);
    await world.cloud.stop();
    program.pullDown();
    await program.untilText("SA3105");
    keep("devices-failure");
    return scenes;
  } finally {
    await one.stop();
  }
}

function rows(data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(data["rows"]);
}

function labelOf(productId: string): string {
  const passphrase = Secret.of(softAp.passphrase);
  return formatDeviceLabel({
    productId,
    deviceName,
    softAp: { ssid: encodeUtf8(softAp.ssid), passphrase },
  }).reveal();
}
