import type { BindCloud } from "@softap/phone";
import { type DatagramSocket, neverCanceled, sleep } from "@softap/ports";
import { decodeRequest, encodeErrorReply, encodeInfoReply, ProtocolError, Secret } from "@softap/protocol";
import { reactNativePorts, type ReactNativePorts, type StartOptions } from "@softap/react-native";
import { noFetch, virtualTimers } from "./stand-in/virtual-globals.ts";
import { deviceAddress, softAp, VirtualHandset } from "./stand-in/virtual-handset.ts";
import { VirtualUdp } from "./stand-in/virtual-udp.ts";
import { VirtualWifi } from "./stand-in/virtual-wifi.ts";

export const rightPassphrase = Secret.of("canary-right-one");
export const wrongPassphrase = Secret.of("canary-wrong-one");
const identity = { productId: "LAMP000001", deviceName: "lamp_1" };

/** A phone as it was before anything began. */
export const untouched = { place: "home", tie: undefined, sockets: 0 } as const;

/** An app on a virtual Android, a device that knows its passphrase, and a cloud. */
export class App {
  readonly handset: VirtualHandset;
  readonly udp: VirtualUdp;
  readonly wifi: VirtualWifi;
  readonly ports: ReactNativePorts;
  /** Tokens made and bound. */
  readonly tokens: string[] = [];
  readonly bound: string[] = [];
  isDeviceSilent = false;
  readonly #reported = new Set<string>();
  readonly #traces: (string | undefined)[] = [];

  private constructor(handset: VirtualHandset) {
    this.handset = handset;
    this.udp = new VirtualUdp(handset);
    this.wifi = new VirtualWifi(handset);
    this.ports = reactNativePorts({
      platform: "android",
      globals: { ...virtualTimers(handset.clock), ...noFetch },
      crypto,
      udp: this.udp,
      wifi: this.wifi,
    });
  }

  /** A phone at home, and the device on its soft AP. */
  static async open(): Promise<App> {
    const app = new App(await VirtualHandset.open({ system: "android", isAppOnly: true }));
    const device = app.handset.device.datagrams;
    app.#serve(await device.open({ port: 8266, address: deviceAddress, signal: neverCanceled }));
    return app;
  }

  /** Options for a control or a hook. */
  options(passphrase: Secret, more: Partial<StartOptions> = {}): StartOptions {
    return { cloud: this.#cloud, network: { ssid: "Home-WiFi", passphrase }, softAp, ...more };
  }

  /** What is left once nothing goes on any more; native sockets take a moment to close. */
  async atRest(): Promise<{
    readonly place: string;
    readonly tie: number | undefined;
    readonly sockets: number;
  }> {
    const { handset, udp } = this;
    await this.until(() => handset.clock.pendingCount === 0);
    return { place: handset.place, tie: handset.tie, sockets: udp.open.size };
  }

  /** Lets virtual time pass. */
  until(condition: () => boolean, limitMs = 200_000): Promise<void> {
    return this.handset.clock.advanceUntil(condition, limitMs);
  }

  get #cloud(): BindCloud {
    const answer = async (signal: Parameters<typeof sleep>[1]["signal"]): Promise<void> => {
      await sleep(this.ports.clock, { name: "cloud", delayMs: 10, signal });
      if (!this.handset.isOnline) throw new Error("offline");
    };
    return {
      createBindToken: async ({ signal }) => {
        await answer(signal);
        const token = `canary-token-${this.tokens.length}`.padEnd(32, "0");
        this.tokens.push(token);
        return Secret.of(token);
      },
      getBindTokenState: async (token, { signal }) => {
        await answer(signal);
        return this.#reported.has(token.reveal()) ? { state: 2, ...identity } : { state: 1 };
      },
      bindDeviceToFamily: async ({ token }, { signal }) => {
        await answer(signal);
        this.bound.push(token.reveal());
      },
      families: async ({ signal }) => {
        await answer(signal);
        return [{ familyId: "family" }];
      },
      createFamily: async () => "family",
    };
  }

  #serve(socket: DatagramSocket): void {
    socket.onDatagram = (datagram, from) => {
      const request = decodeRequest(datagram);
      if (this.isDeviceSilent || request instanceof ProtocolError || request.type !== "network") return;
      if (!this.#traces.includes(request.trace)) this.#traces.push(request.trace);
      const attempt = this.#traces.indexOf(request.trace) + 1;
      const isRight = request.passphrase?.equals(rightPassphrase) === true;
      if (isRight) this.#reported.add(request.token.reveal());
      const status = { phase: isRight ? "bound" : "failed", attempt } as const;
      const replies = [encodeInfoReply({ ...identity, productRegion: "", status })];
      if (!isRight) replies.push(encodeErrorReply({ isCurrent: true, code: "WIFI_AUTH_FAILED", attempt }));
      for (const reply of replies) socket.send(reply, from, { signal: neverCanceled }).catch(() => {});
    };
  }
}
