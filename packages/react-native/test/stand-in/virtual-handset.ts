import { neverCanceled } from "@softap/ports";
import { encodeUtf8, Secret } from "@softap/protocol";
import {
  VirtualAir,
  VirtualClock,
  type VirtualHost,
  VirtualNetwork,
  VirtualPhoneWifi,
  VirtualRadio,
  type VirtualRouter,
} from "@softap/virtual";

export const softAp = { ssid: encodeUtf8("contract lamp"), passphrase: Secret.of("for-phones") };
export const deviceAddress = "192.168.4.1";

/** Which phone it is. */
export interface HandsetOptions {
  readonly system: "android" | "ios";
  /** Android 10 and later: a network that an app asked for is only for what is tied to it. @defaultValue false */
  readonly isAppOnly?: boolean;
  /** @defaultValue false */
  readonly hasMobileData?: boolean;
  /** Phones whose system stays silent about the name of the network. @defaultValue false */
  readonly hidesNames?: boolean;
}

/** A phone's system between an app and the air: one Wi-Fi, mobile data, and which of them a socket uses. */
export class VirtualHandset {
  readonly clock = new VirtualClock();
  readonly network = new VirtualNetwork({
    clock: this.clock,
    unknownAddress: "silent",
    conditions: { delayMs: 2 },
  });
  readonly air = new VirtualAir({ clock: this.clock, network: this.network });
  readonly home: VirtualRouter = this.air.addRouter({
    ssid: "Home-WiFi",
    passphrase: Secret.of("abcd1234"),
  });
  readonly device: VirtualHost = this.network.host("device");
  readonly radio = new VirtualRadio({ air: this.air, host: this.device });
  readonly options: HandsetOptions;
  readonly wifi: VirtualPhoneWifi;
  /** The phone as Wi-Fi sees it, and as mobile data does. */
  readonly wifiHost: VirtualHost = this.network.host("phone on Wi-Fi");
  readonly mobileHost: VirtualHost = this.network.host("phone on mobile data");
  /** Whether the person lets the app use location and change networks. */
  isAllowed = true;
  /** The Wi-Fi connection that the app is tied to. */
  tie: number | undefined;
  #connection = 0;
  #place: "home" | "softAp" | "nowhere" = "nowhere";

  private constructor(options: HandsetOptions) {
    this.options = options;
    this.wifiHost.watch(() => this.#look());
    this.wifi = new VirtualPhoneWifi({ air: this.air, host: this.wifiHost, home: this.home, joinMs: 120 });
    if (options.hasMobileData === true) this.network.bringOnline(this.mobileHost);
    this.#look();
  }

  /** A phone at home, and a device whose soft AP is up. */
  static async open(options: HandsetOptions): Promise<VirtualHandset> {
    const handset = new VirtualHandset(options);
    await handset.radio.softAp.start(softAp, { signal: neverCanceled });
    return handset;
  }

  /** The Wi-Fi connection of now; another number after each change. */
  get connection(): number {
    return this.#connection;
  }

  /** Where the phone's Wi-Fi is. */
  get place(): "home" | "softAp" | "nowhere" {
    return this.#place;
  }

  /** Whether a request of the app reaches the internet. */
  get isOnline(): boolean {
    return this.wayOut(this.tie)?.isOnline === true;
  }

  /**
   * The way that a socket's datagrams take.
   *
   * @param tie - What the app was tied to when the socket was opened.
   * @returns `undefined`: there is none.
   */
  wayOut(tie: number | undefined): VirtualHost | undefined {
    const { system, isAppOnly = false, hasMobileData = false } = this.options;
    const mobile = hasMobileData ? this.mobileHost : undefined;
    if (system === "ios") return this.#place === "nowhere" ? mobile : this.wifiHost;
    if (tie !== undefined) return tie === this.#connection ? this.wifiHost : undefined;
    if (this.#place === "home") return this.wifiHost;
    // A soft AP has no internet: Android prefers mobile data to it, and must not use it where it is the app's alone.
    if (this.#place === "softAp" && !isAppOnly && mobile === undefined) return this.wifiHost;
    return mobile;
  }

  /** Switches everything off. */
  close(): void {
    this.wifi.close();
    this.radio.powerOff();
  }

  #look(): void {
    const addresses = this.wifiHost.addresses;
    const place = addresses.some((address) => address.startsWith("192.168.4."))
      ? "softAp"
      : addresses.some((address) => address.startsWith("192.168.1."))
        ? "home"
        : "nowhere";
    if (place === this.#place) return;
    this.#place = place;
    this.#connection += 1;
  }
}
