import { answer, type Callbacks, WxFailure } from "./callbacks.ts";
import { Listeners } from "./listeners.ts";
import type { Phone } from "./phone.ts";
import { type RequestOptions, sendRequest } from "./request.ts";
import { StandInSocketTask } from "./socket-task.ts";
import { StandInUdpSocket, type UdpWorld } from "./udp-socket.ts";

/** The device on its soft AP, whose sockets are really on loopback. */
export interface StandInDevice {
  /** On the soft AP. */
  readonly address: string;
  realPort(port: number): number | undefined;
  /** What {@link StandInDevice.realPort} made a real port of. */
  portOf(realPort: number): number | undefined;
}

/** Where the stand-in's world really is. */
export interface StandInOptions {
  readonly phone: Phone;
  readonly device: StandInDevice;
  /** Host name → host and port on loopback that stands for it. */
  readonly hosts: Readonly<Record<string, string>>;
  /** @defaultValue "android" */
  readonly platform?: string;
}

/**
 * What the global `wx` does, over Node's sockets and the virtual air: UDP reaches the device only while the phone is on
 * its soft AP, and requests reach the cloud only while it is not.
 */
export class WxStandIn {
  readonly #options: StandInOptions;
  readonly #phone: Phone;
  readonly #storage = new Map<string, unknown>();
  readonly #wifiList = new Listeners<{ wifiList: readonly { SSID: string }[] }>();
  readonly #tasks = new Set<StandInSocketTask>();
  /** UDP of the phone. */
  readonly udp: UdpWorld;
  /** Answers of the person, first in first out; refused when there is none. */
  readonly modalAnswers: (() => Promise<boolean>)[] = [];
  /** Modals that were shown. */
  readonly modals: string[] = [];
  /** Requests that were sent, by their `cmd`. */
  readonly requests: string[] = [];

  constructor(options: StandInOptions) {
    const { phone, device } = options;
    this.#options = options;
    this.#phone = phone;
    this.udp = {
      open: new Map(),
      real: (address, port) => {
        const real = device.realPort(port);
        return address === device.address && phone.isOnSoftAp && real !== undefined
          ? { address: "127.0.0.1", port: real }
          : undefined;
      },
      virtual: (address, port) => {
        const known = device.portOf(port);
        return known === undefined ? { address, port } : { address: device.address, port: known };
      },
    };
  }

  /** Ends what a test left open. */
  close(): void {
    for (const socket of this.udp.open.values()) socket.close();
    for (const task of this.#tasks) task.close();
    this.#phone.close();
  }

  createUDPSocket = (): StandInUdpSocket => new StandInUdpSocket(this.udp);

  request = (options: RequestOptions): { abort(): void } => {
    this.requests.push(new URL(options.url).searchParams.get("cmd") ?? options.url);
    let task: { abort(): void } | undefined;
    void answer("request", options, async () => {
      if (!(await this.#phone.isOnline())) throw new WxFailure("errcode:-109 net::ERR_ADDRESS_UNREACHABLE");
      return sendRequest(this.#real(options.url), options, (started) => {
        task = started;
      });
    });
    return { abort: () => task?.abort() };
  };

  connectSocket = (options: { url: string }): StandInSocketTask => {
    const task = new StandInSocketTask(this.#real(options.url));
    this.#tasks.add(task);
    return task;
  };

  getStorage = ({ key, ...callbacks }: { key: string } & Callbacks<{ data: unknown }>): void =>
    void answer("getStorage", callbacks, () => {
      if (!this.#storage.has(key)) throw new WxFailure("data not found");
      return { data: structuredClone(this.#storage.get(key)) };
    });
  setStorage = ({ key, data, ...callbacks }: { key: string; data: unknown } & Callbacks<object>): void =>
    void answer("setStorage", callbacks, () => {
      this.#storage.set(key, structuredClone(data));
      return {};
    });
  removeStorage = ({ key, ...callbacks }: { key: string } & Callbacks<object>): void =>
    void answer("removeStorage", callbacks, () => {
      this.#storage.delete(key);
      return {};
    });

  getRandomValues = ({
    length,
    ...callbacks
  }: { length: number } & Callbacks<{ randomValues: ArrayBuffer }>): void =>
    void answer("getRandomValues", callbacks, () => ({
      randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer,
    }));

  startWifi = (callbacks: Callbacks<object>): void =>
    void answer("startWifi", callbacks, () => this.#phone.start());
  stopWifi = (callbacks: Callbacks<object>): void => void answer("stopWifi", callbacks, () => ({}));
  connectWifi = (options: { SSID: string; password: string } & Callbacks<object>): void =>
    void answer("connectWifi", options, () => this.#phone.join(options.SSID, options.password));
  getConnectedWifi = (callbacks: Callbacks<{ wifi: { SSID: string } }>): void =>
    void answer("getConnectedWifi", callbacks, () => this.#phone.connected());
  getWifiList = (callbacks: Callbacks<object>): void =>
    void answer("getWifiList", callbacks, async () => {
      const { wifi } = await this.#phone.connected();
      this.#wifiList.emit({ wifiList: [wifi] });
      return {};
    });
  onGetWifiList = this.#wifiList.on;
  offGetWifiList = this.#wifiList.off;

  get onWifiConnected() {
    return this.#phone.wifiConnected.on;
  }
  get offWifiConnected() {
    return this.#phone.wifiConnected.off;
  }
  get onNetworkStatusChange() {
    return this.#phone.networkStatus.on;
  }
  get offNetworkStatusChange() {
    return this.#phone.networkStatus.off;
  }
  getNetworkType = (callbacks: Callbacks<{ networkType: string }>): void =>
    void answer("getNetworkType", callbacks, async () => ({ networkType: await this.#phone.networkType() }));

  getSystemInfoSync = () => ({
    platform: this.#options.platform ?? "android",
    version: "8.0.50",
    SDKVersion: "3.7.0",
  });
  getSystemInfo = (callbacks: Callbacks<object>): void =>
    void answer("getSystemInfo", callbacks, () => this.getSystemInfoSync());
  getDeviceInfo = () => ({ platform: this.#options.platform ?? "android" });
  getSystemSetting = () => ({ wifiEnabled: true, locationEnabled: true });
  getAppAuthorizeSetting = () => ({ locationAuthorized: "authorized" });

  showModal = (
    options: { title?: string; content?: string } & Callbacks<{ confirm: boolean; cancel: boolean }>,
  ) => {
    this.modals.push(`${options.title ?? ""} ${options.content ?? ""}`.trim());
    void answer("showModal", options, async () => {
      const confirm = (await this.modalAnswers.shift()?.()) ?? false;
      return { confirm, cancel: !confirm };
    });
  };
  showLoading = (callbacks: Callbacks<object> = {}): void =>
    void answer("showLoading", callbacks, () => ({}));
  hideLoading = (callbacks: Callbacks<object> = {}): void =>
    void answer("hideLoading", callbacks, () => ({}));
  showToast = (callbacks: Callbacks<object> = {}): void => void answer("showToast", callbacks, () => ({}));
  hideToast = (callbacks: Callbacks<object> = {}): void => void answer("hideToast", callbacks, () => ({}));
  onAppShow = (): void => {};
  onAppHide = (): void => {};

  #real(url: string): string {
    const { protocol, host, pathname, search } = new URL(url);
    const real = this.#options.hosts[host];
    if (real === undefined) return url;
    return `${protocol === "wss:" ? "ws" : "http"}://${real}${pathname}${search}`;
  }
}
