import { type FailureView, failureOf } from "../failure-view.ts";
import type { PageQuery } from "../page.ts";
import type { AppServices } from "../services.ts";
import type { Texts } from "../texts/texts.ts";
import { ViewState } from "../view-state.ts";

/** What the page of one device shows. */
export interface DeviceView {
  readonly t: Texts["device"];
  readonly title: string;
  readonly name: string;
  readonly productId: string;
  readonly deviceName: string;
  readonly isOnline: boolean;
  readonly isBusy: boolean;
  readonly failure: FailureView | null;
}

/** One device, which can be unbound. */
export class DeviceModel {
  readonly view: ViewState<DeviceView>;
  readonly #services: AppServices;
  readonly #device: { readonly deviceId: string; readonly familyId: string };

  /** @param query - As `DeviceListModel.openDevice` wrote it. */
  constructor(services: AppServices, query: PageQuery) {
    this.#services = services;
    const { deviceId = "", familyId = "", name = "", online } = query;
    this.#device = { deviceId, familyId };
    const [productId = "", deviceName = ""] = deviceId.split("/");
    this.view = new ViewState<DeviceView>({
      t: services.texts.device,
      title: name,
      name,
      productId,
      deviceName,
      isOnline: online === "1",
      isBusy: false,
      failure: null,
    });
  }

  /** Asks whether it is meant, unbinds and goes back to the list. */
  async unbind(): Promise<void> {
    const { cloud, navigation, language } = this.#services;
    if (this.view.value.isBusy) return;
    this.view.set({ isBusy: true, failure: null });
    try {
      if (!(await this.#isMeant())) return;
      await cloud.deleteDevice(this.#device);
      navigation.back();
    } catch (error) {
      this.view.set({ failure: failureOf(error, language, "askCloud") });
    } finally {
      this.view.set({ isBusy: false });
    }
  }

  #isMeant(): Promise<boolean> {
    const { wx, texts } = this.#services;
    const { t, name } = this.view.value;
    return new Promise((resolve) => {
      wx.showModal({
        title: t.unbindTitle.replace("{name}", name),
        content: t.unbindContent,
        confirmText: t.unbind,
        cancelText: texts.cancel,
        success: ({ confirm }) => resolve(confirm),
        fail: () => resolve(false),
      });
    });
  }
}
