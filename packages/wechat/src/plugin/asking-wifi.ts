import { type CancelSignal, type PhoneWifi, throwIfCanceled } from "@softap/ports";
import type { Secret } from "@softap/protocol";
import { callWx } from "../wx-call.ts";
import { wifiError } from "../wx-errors.ts";
import type { Wx } from "../wx.ts";

/** Hears how the soft AP was joined. */
export interface JoinObserver {
  joining(): void;
  joined(by: "app" | "person"): void;
}

/** The phone's Wi-Fi with a person who may join the soft AP in the system's settings when the app cannot. */
export class AskingWifi implements PhoneWifi {
  readonly #inner: PhoneWifi;
  readonly #wx: Pick<Wx, "showModal">;
  readonly #observer: JoinObserver;

  constructor(inner: PhoneWifi, wx: Pick<Wx, "showModal">, observer: JoinObserver) {
    this.#inner = inner;
    this.#wx = wx;
    this.#observer = observer;
  }

  /** @inheritdoc */
  currentSsid(options: { signal: CancelSignal }): Promise<Uint8Array | undefined> {
    return this.#inner.currentSsid(options);
  }

  /** @inheritdoc */
  async joinSoftAp(
    network: { ssid: Uint8Array; passphrase: Secret | undefined },
    options: { signal: CancelSignal },
  ): Promise<void> {
    this.#observer.joining();
    try {
      await this.#inner.joinSoftAp(network, options);
      this.#observer.joined("app");
    } catch (error) {
      throwIfCanceled(options.signal);
      if (!(await this.#ask(options.signal))) throw error;
      this.#observer.joined("person");
    }
  }

  /** @inheritdoc */
  restore(options: { signal: CancelSignal }): Promise<void> {
    return this.#inner.restore(options);
  }

  async #ask(signal: CancelSignal): Promise<boolean> {
    const { confirm } = await callWx<{ readonly confirm: boolean }>({
      signal,
      translate: (error) => wifiError("Asking the person", error),
      start: (callbacks) =>
        this.#wx.showModal({
          title: "未能连接设备热点",
          content: "请在系统设置中连接设备热点，再回来点“继续”",
          confirmText: "继续",
          cancelText: "取消",
          ...callbacks,
        }),
    });
    return confirm;
  }
}
