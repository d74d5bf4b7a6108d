import { CancelSource } from "@softap/ports";
import { isSoftApError } from "@softap/protocol";
import { type FailureView, failureOf, type PhoneWork } from "../failure-view.ts";
import type { AppServices } from "../services.ts";
import { ViewState } from "../view-state.ts";
import { type AddDeviceView, type AddStep, dotsOf, firstView } from "./add-device-view.ts";

/** What the parts of the page for adding a device share: what is shown, and how long anything may run. */
export class AddDeviceScreen {
  readonly services: AppServices;
  readonly view: ViewState<AddDeviceView>;
  /** Fires when the page is gone. */
  readonly leaving = new CancelSource();

  constructor(services: AppServices) {
    const { texts, config } = services;
    this.services = services;
    this.view = new ViewState(
      firstView(texts.add, {
        softApPrefix: config.softApPrefixes[0] ?? "",
        canSearch: !this.isIos,
        canShare: canShare(services),
      }),
    );
  }

  /** There, looking for networks throws the person into the system's settings. */
  get isIos(): boolean {
    const { wx } = this.services;
    const { platform } = wx.getDeviceInfo?.() ?? wx.getSystemInfoSync?.() ?? { platform: "" };
    return platform.toLowerCase() === "ios";
  }

  goTo(step: AddStep): void {
    this.clear();
    this.view.set({ step, dots: dotsOf(step) });
  }

  /** Takes away what was said about the last input. */
  clear(): void {
    this.view.set({ failure: null, scanFailure: null, note: "" });
  }

  /** Shows what went wrong in this step. */
  fail(error: unknown, work?: PhoneWork): void {
    this.tell(failureOf(error, this.services.language, work));
  }

  tell(failure: FailureView): void {
    this.clear();
    this.view.set({ failure });
  }

  /** Shows what is wrong with a scanned code, beside the button for it. */
  tellOfScan(scanFailure: FailureView): void {
    this.clear();
    this.view.set({ scanFailure });
  }

  /** Shows why the cloud could not be asked; without a valid login the sign-in page comes. */
  failAsking(error: unknown): void {
    if (isSoftApError(error, "APP_ACCESS_TOKEN_INVALID")) this.services.navigation.restart("sign-in");
    else this.fail(error, "askCloud");
  }
}

function canShare({ wx }: AppServices): boolean {
  return wx.shareFileMessage !== undefined && wx.getFileSystemManager !== undefined && wx.env !== undefined;
}
