import { isSoftApError } from "@softap/protocol";
import { type FailureView, failureOf } from "../failure-view.ts";
import type { AppServices } from "../services.ts";
import type { Texts } from "../texts/texts.ts";
import { ViewState } from "../view-state.ts";

/** One device of the list. */
export interface DeviceItem {
  readonly deviceId: string;
  readonly familyId: string;
  readonly name: string;
  readonly family: string;
  readonly isOnline: boolean;
}

/** What the device list shows. */
export interface DeviceListView {
  readonly t: Texts["devices"];
  readonly title: string;
  readonly devices: readonly DeviceItem[];
  /** Whether the list was read once, so that an empty one means that there is no device. */
  readonly isLoaded: boolean;
  readonly isLoading: boolean;
  readonly failure: FailureView | null;
}

/** The account's devices in all of its families. */
export class DeviceListModel {
  readonly view: ViewState<DeviceListView>;
  readonly #services: AppServices;

  constructor(services: AppServices) {
    this.#services = services;
    const { devices: t } = services.texts;
    this.view = new ViewState<DeviceListView>({
      t,
      title: t.title,
      devices: [],
      isLoaded: false,
      isLoading: false,
      failure: null,
    });
  }

  /** Reads the list again each time the page comes up: a device may have been added or unbound. */
  async shown(): Promise<void> {
    await this.refresh();
  }

  /** Reads the list; what was shown stays until then. Without a valid token the sign-in page comes. */
  async refresh(): Promise<void> {
    const { account, navigation, language, wx } = this.#services;
    if (this.view.value.isLoading) return;
    this.view.set({ isLoading: true });
    try {
      if (!(await account.restore())) return navigation.restart("sign-in");
      this.view.set({ devices: await this.#read(), isLoaded: true, failure: null });
    } catch (error) {
      if (isSoftApError(error, "APP_ACCESS_TOKEN_INVALID")) await this.signOut();
      else this.view.set({ failure: failureOf(error, language, "askCloud") });
    } finally {
      this.view.set({ isLoading: false });
      wx.stopPullDownRefresh();
    }
  }

  addDevice(): void {
    this.#services.navigation.open("add");
  }

  openDevice(deviceId: string): void {
    const device = this.view.value.devices.find((item) => item.deviceId === deviceId);
    if (device === undefined) return;
    const { familyId, name, isOnline } = device;
    this.#services.navigation.open("device", { deviceId, familyId, name, online: isOnline ? "1" : "0" });
  }

  async signOut(): Promise<void> {
    const { account, navigation, language } = this.#services;
    try {
      await account.signOut();
      navigation.restart("sign-in");
    } catch (error) {
      this.view.set({ failure: failureOf(error, language) });
    }
  }

  async #read(): Promise<readonly DeviceItem[]> {
    const { cloud } = this.#services;
    const families = await cloud.families();
    const lists = await Promise.all(families.map(({ familyId }) => cloud.familyDevices({ familyId })));
    const devices = lists.flatMap((list, index) =>
      list.map((device) => ({ ...device, family: families[index] })),
    );
    if (devices.length === 0) return [];
    const online = await cloud.deviceStatuses(devices.map(({ deviceId }) => deviceId));
    return devices.map(({ deviceId, deviceName, alias, family }) => ({
      deviceId,
      familyId: family?.familyId ?? "",
      name: alias === undefined || alias === "" ? deviceName : alias,
      family: families.length > 1 ? (family?.name ?? "") : "",
      isOnline: online.get(deviceId) === true,
    }));
  }
}
