import {
  type CancelSignal,
  canceled,
  type PhoneWifi,
  sleep,
  throwIfCanceled,
  type TimerHandle,
} from "@softap/ports";
import { type Secret, softApError } from "@softap/protocol";
import type { VirtualHost } from "../network/host.ts";
import type { VirtualAir } from "./air.ts";
import type { RouterClient, VirtualRouter } from "./router.ts";
import type { SoftApMember, VirtualSoftAp } from "./soft-ap.ts";

/** What a phone's Wi-Fi is like. */
export interface VirtualPhoneWifiOptions {
  readonly air: VirtualAir;
  /** The phone's computer: it gets the addresses. */
  readonly host?: VirtualHost;
  /** The network that the phone is on at the start and goes back to. */
  readonly home?: VirtualRouter;
  /** How long joining takes, milliseconds. @defaultValue 0 */
  readonly joinMs?: number;
  /** Whether the person lets the app change networks. @defaultValue true */
  readonly isAllowed?: boolean;
  /** Whether the phone is online without Wi-Fi too, by mobile data. @defaultValue false */
  readonly hasMobileData?: boolean;
  /** Whether the phone goes home by itself when a soft AP drops it, as phones do. @defaultValue true */
  readonly returnsHome?: boolean;
}

/** The Wi-Fi of a phone in a {@link VirtualAir}. */
export class VirtualPhoneWifi implements PhoneWifi {
  readonly #options: VirtualPhoneWifiOptions;
  readonly #client: RouterClient;
  readonly #member: SoftApMember;
  readonly #waiting = new Set<() => void>();
  readonly #stopWatching: () => void;
  #softAp: VirtualSoftAp | undefined;
  #isHome = false;
  #wantsHome = true;
  #homeTimer: TimerHandle | undefined;

  constructor(options: VirtualPhoneWifiOptions) {
    this.#options = options;
    const { host } = options;
    this.#client = { host, onGone: () => this.#loseHome() };
    this.#member = { host, onDropped: () => this.#drop() };
    this.#stopWatching = options.air.watch(() => {
      this.#lookForHome();
      this.#useMobileData();
    });
    if (options.home?.isUp === true) this.#joinHome();
    this.#useMobileData();
  }

  /** Whether the phone is on a soft AP. */
  get isOnSoftAp(): boolean {
    return this.#softAp !== undefined;
  }

  /** @inheritdoc */
  async currentSsid(options: { signal: CancelSignal }): Promise<Uint8Array | undefined> {
    throwIfCanceled(options.signal);
    const ssid = this.#softAp?.ssid ?? (this.#isHome ? this.#options.home?.ssid : undefined);
    return ssid?.slice();
  }

  /** @inheritdoc */
  async joinSoftAp(
    network: { ssid: Uint8Array; passphrase: Secret | undefined },
    options: { signal: CancelSignal },
  ): Promise<void> {
    const { air, joinMs = 0, isAllowed = true } = this.#options;
    throwIfCanceled(options.signal);
    if (!isAllowed) throw softApError("PERMISSION_DENIED", "The person does not let the app change networks");
    if (joinMs > 0) await sleep(air.clock, { name: "phone joins", delayMs: joinMs, signal: options.signal });
    const softAp = air.softApCalled(network.ssid);
    if (softAp === undefined) throw softApError("WIFI_NOT_FOUND", "The phone does not see this soft AP");
    if (softAp === this.#softAp) return;
    // The former network is left only for one that took the phone.
    softAp.admit(this.#member, network.passphrase);
    this.#leaveSoftAp();
    this.#softAp = softAp;
    this.#wantsHome = false;
    this.#homeTimer?.cancel();
    this.#homeTimer = undefined;
    if (this.#isHome) this.#options.home?.release(this.#client);
    this.#isHome = false;
    this.#useMobileData();
  }

  /** @inheritdoc */
  async restore(options: { signal: CancelSignal }): Promise<void> {
    const { signal } = options;
    throwIfCanceled(signal);
    this.#wantsHome = true;
    this.#leaveSoftAp();
    this.#lookForHome();
    if (this.#options.home === undefined || this.#isHome) return;
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(onHome);
        signal.removeEventListener("abort", onAbort);
      };
      const onHome = (): void => {
        end();
        resolve();
      };
      const onAbort = (): void => {
        end();
        reject(canceled(signal));
      };
      this.#waiting.add(onHome);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** The phone's system gives up going home, as for mobile data; a restore() under way waits until there is another. Idempotent. */
  stopGoingHome(): void {
    this.#wantsHome = false;
    this.#homeTimer?.cancel();
    this.#homeTimer = undefined;
  }

  /** Switches the phone's Wi-Fi off for good. Idempotent. */
  close(): void {
    this.#stopWatching();
    this.stopGoingHome();
    this.#leaveSoftAp();
    if (this.#isHome) this.#options.home?.release(this.#client);
    this.#isHome = false;
  }

  #leaveSoftAp(): void {
    const softAp = this.#softAp;
    this.#softAp = undefined;
    softAp?.release(this.#member);
  }

  #drop(): void {
    this.#softAp = undefined;
    this.#wantsHome = this.#options.returnsHome ?? true;
    this.#lookForHome();
  }

  #loseHome(): void {
    this.#isHome = false;
    this.#useMobileData();
  }

  /** Goes home when it is time and nothing is in the way; called whenever that may have changed. */
  #lookForHome(): void {
    const { air, home, joinMs = 0 } = this.#options;
    const isFree = this.#wantsHome && !this.#isHome && this.#softAp === undefined;
    if (!isFree || this.#homeTimer !== undefined || home?.isUp !== true) return;
    if (joinMs === 0) this.#joinHome();
    else
      this.#homeTimer = air.clock.after("phone goes home", joinMs, () => {
        this.#homeTimer = undefined;
        if (home.isUp) this.#joinHome();
      });
  }

  #joinHome(): void {
    if (this.#options.home?.admits !== true) return;
    this.#options.home.admit(this.#client);
    this.#isHome = true;
    for (const onHome of this.#waiting) onHome();
  }

  #useMobileData(): void {
    const { air, host, hasMobileData = false } = this.#options;
    if (hasMobileData && host !== undefined) air.network?.bringOnline(host);
  }
}
