import { nodeCrypto } from "@softap/node";
import { AppClient } from "@softap/phone";
import { Secret } from "@softap/protocol";
import {
  SeededRandom,
  VirtualAir,
  VirtualClock,
  type VirtualHost,
  VirtualHttpClient,
  VirtualNetwork,
  VirtualPhoneWifi,
  type VirtualRouter,
} from "@softap/virtual";
import type { Condition } from "./conditions.ts";
import { cloudUrl, FieldCloud } from "./field-cloud.ts";

/** Name of every device's soft AP, which has no passphrase. */
export const softApSsid = "lamp-setup";
/** Passphrase of the router. */
export const passphrase = Secret.of("abcd1234");

/** Everything that was sent over the air has arrived by then. */
const maxAirMs = 30;

/** What happens on the soft AP for the first time, in its order. */
export type Moment = "phone joined" | "request arrived" | "reply arrived" | "phone left";

/** Router, air, phone and cloud of one run; the device is added to it. Times are drawn anew for every seed. */
export class FieldWorld {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly condition: Condition;
  readonly network: VirtualNetwork;
  readonly air: VirtualAir;
  readonly router: VirtualRouter;
  readonly cloud: FieldCloud;
  readonly phoneHost: VirtualHost;
  readonly wifi: VirtualPhoneWifi;
  readonly account: AppClient;
  readonly #listeners = new Map<Moment, () => void>();
  readonly #passed = new Set<Moment>();

  constructor(condition: Condition, seed: number) {
    const { clock } = this;
    this.condition = condition;
    this.random = new SeededRandom(seed);
    const draw = this.random.child("times");
    const between = (fromMs: number, toMs: number): number => fromMs + (toMs - fromMs) * draw.fraction();
    const conditions = { delayMs: 2, jitterMs: 20, ...condition.air };
    this.network = new VirtualNetwork({ clock, seed, unknownAddress: "silent", conditions });
    this.air = new VirtualAir({ clock, network: this.network });
    this.router = this.air.addRouter({
      ssid: "Home-WiFi",
      passphrase,
      joinMs: between(500, 4_000),
      dhcpMs: between(200, 2_000),
    });
    this.cloud = new FieldCloud({ clock, random: this.random.child("cloud"), latencyMs: between(20, 120) });
    this.phoneHost = this.network.host("phone");
    const { air, router: home, phoneHost: host } = this;
    const returnsHome = condition.staysOnMobileData !== true;
    this.wifi = new VirtualPhoneWifi({ air, host, home, joinMs: between(1_500, 4_000), returnsHome });
    this.account = new AppClient({
      baseUrl: cloudUrl,
      http: new VirtualHttpClient({ web: this.cloud.web, host }),
      clock,
      random: this.random.child("account"),
      crypto: nodeCrypto,
      accessToken: Secret.of("the person's access token"),
    });
    this.#watch();
  }

  /** Calls back when something happens for the first time. At most one listener per moment. */
  once(moment: Moment, listener: () => void): void {
    this.#listeners.set(moment, listener);
  }

  /** The phone's system leaves a network without internet, or the way home, for mobile data, and stays there until the app asks for another network. */
  switchToMobileData(): void {
    for (const softAp of this.air.softAps) softAp.dropPhones();
    this.wifi.stopGoingHome();
    this.network.bringOnline(this.phoneHost);
  }

  /** Resolves when the phone is online, by Wi-Fi or by mobile data. */
  async phoneOnline(): Promise<void> {
    await new Promise<void>((resolve) => {
      let unwatch = (): void => {};
      const look = (): void => {
        if (!this.phoneHost.isOnline) return;
        unwatch();
        resolve();
      };
      unwatch = this.phoneHost.watch(look);
      look();
    });
  }

  #watch(): void {
    this.phoneHost.watch(() => {
      const isOnSoftAp = [...this.phoneHost.segments].some(({ name }) => isSoftAp(name));
      if (isOnSoftAp) this.#pass("phone joined");
      else if (this.#passed.has("phone joined")) this.#pass("phone left");
    });
    this.network.onTrace = ({ segment, from, to, fate }) => {
      if (!isSoftAp(segment) || (fate !== "carried" && fate !== "duplicated")) return;
      if (to.port === 8266 && from.address !== "192.168.4.1") this.#pass("request arrived");
      else this.#pass("reply arrived");
    };
  }

  /** In a turn of its own: whoever attached or sent is not to be disturbed half way. */
  #pass(moment: Moment): void {
    if (this.#passed.has(moment)) return;
    this.#passed.add(moment);
    const listener = this.#listeners.get(moment);
    const isOnTheWay = moment === "request arrived" || moment === "reply arrived";
    if (listener !== undefined) this.clock.after(moment, isOnTheWay ? maxAirMs : 0, listener);
  }
}

function isSoftAp(segment: string): boolean {
  return segment.startsWith("soft AP of ");
}
