import { supportBundle, type SupportBundle } from "@softap/phone";
import { isSoftApError } from "@softap/protocol";
import type { WechatPorts } from "@softap/wechat";
import { failureOf, ownFailure, type PhoneWork } from "../failure-view.ts";
import type { AddDeviceScreen } from "./add-device-screen.ts";
import { currentSsid } from "./current-ssid.ts";
import type { DeviceChoice } from "./device-choice.ts";
import { fetchDeviceLog } from "./device-log.ts";
import type { ProvisioningRun } from "./provisioning-run.ts";

/** What helps after a failure: the device's log, a report for support, and a word when the phone is still away. */
export class FailureHelp {
  readonly #screen: AddDeviceScreen;
  readonly #parts: {
    readonly ports: WechatPorts;
    readonly device: DeviceChoice;
    readonly run: ProvisioningRun;
  };

  constructor(
    screen: AddDeviceScreen,
    parts: { readonly ports: WechatPorts; readonly device: DeviceChoice; readonly run: ProvisioningRun },
  ) {
    this.#screen = screen;
    this.#parts = parts;
  }

  /** Reads the device's log; the phone leaves its network for it once more. */
  async readLog(): Promise<void> {
    const { view, services, leaving } = this.#screen;
    const { ports, device, run } = this.#parts;
    const { isReadingLog, t } = view.value;
    if (isReadingLog || run.isActive) return;
    view.set({ isReadingLog: true, isBusy: true, helpFailure: null });
    try {
      const log = await fetchDeviceLog(ports, device.softAp, leaving.signal);
      view.set({ log: log === "" ? t.failure.emptyLog : log, canReadLog: false });
      if (view.value.report !== "") this.showReport();
    } catch (error) {
      view.set({ helpFailure: failureOf(error, services.language, logWork(error)) });
    } finally {
      await this.lookForPhone();
      view.set({ isReadingLog: false, isBusy: false });
    }
  }

  /** The phone cannot be brought home with a passphrase that was wrong: then the person is told that it is still away. */
  async lookForPhone(): Promise<void> {
    const { view, leaving } = this.#screen;
    const { ports, run } = this.#parts;
    const { softApSsid, t } = view.value;
    const isStuck = (await currentSsid(ports, leaving.signal)) === softApSsid;
    // A provisioning that began meanwhile moves the phone itself.
    if (run.isActive) return;
    view.set({ stuck: isStuck ? t.failure.stuck.replace("{ssid}", softApSsid) : "" });
  }

  /** Shows the report, so that the person reads what will be sent. */
  showReport(): void {
    this.#screen.view.set({ report: this.#bundle?.text ?? "" });
  }

  /** Puts the report on the clipboard. */
  copyReport(): void {
    const { view, services } = this.#screen;
    const { report } = view.value;
    if (report !== "") services.wx.setClipboardData({ data: report });
  }

  /** Hands the report to a chat as a file. Nothing is waited for, so that WeChat still counts it to the tap. */
  shareReport(): void {
    const { view, services } = this.#screen;
    const { wx, texts, language } = services;
    const bundle = this.#bundle;
    const { report, canShare } = view.value;
    if (bundle === undefined || report === "" || !canShare) return;
    // One name for all: the next report takes the place of this one.
    const filePath = `${wx.env?.USER_DATA_PATH}/softap-report.txt`;
    const fail = (): void =>
      view.set({ helpFailure: ownFailure("PERMISSION_DENIED", texts.failures.notShared, language) });
    try {
      wx.getFileSystemManager?.().writeFileSync(filePath, report, "utf8");
    } catch {
      // What WeChat says of it, such as that its storage is full, helps nobody who can copy instead.
      fail();
      return;
    }
    wx.shareFileMessage?.({
      filePath,
      fileName: `${bundle.fileName}.txt`,
      fail: ({ errMsg = "" }) => {
        if (!/cancel/i.test(errMsg)) fail();
      },
    });
  }

  get #bundle(): SupportBundle | undefined {
    const { view, services } = this.#screen;
    const { verdict, steps, secrets, ssids } = this.#parts.run;
    if (verdict === undefined) return undefined;
    const { accessToken } = services.cloud;
    const { log, t } = view.value;
    return supportBundle({
      verdict,
      steps,
      deviceLog: log === t.failure.emptyLog ? "" : log,
      secrets: [...secrets, ...(accessToken === undefined ? [] : [accessToken])],
      networks: ssids,
      about: this.#about,
    });
  }

  /** What support wants to know of the phone; what the library does not tell is left out. */
  get #about(): Readonly<Record<string, string>> {
    const { wx } = this.#screen.services;
    const { brand = "", model = "", system = "" } = wx.getDeviceInfo?.() ?? {};
    const { version = "", SDKVersion = "" } = wx.getAppBaseInfo?.() ?? {};
    const about = { phone: `${brand} ${model}`.trim(), system, wechat: version, library: SDKVersion };
    return Object.fromEntries(Object.entries(about).filter(([, value]) => value !== ""));
  }
}

/** A device that is silent was reached; everything else before it was the phone's way to it. */
function logWork(error: unknown): PhoneWork | undefined {
  return isSoftApError(error, "DEVICE_SILENT") ? undefined : "joinSoftAp";
}
