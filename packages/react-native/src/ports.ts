import type { PhonePorts } from "@softap/phone";
import { type Log, silentLog } from "@softap/ports";
import { type NativeTimers, ReactNativeClock } from "./clock.ts";
import { type NativeFetch, ReactNativeHttpClient } from "./http-client.ts";
import { type NativeCrypto, ReactNativeRandom } from "./random.ts";
import { ReactNativeDatagramSockets } from "./udp/datagram-sockets.ts";
import type { NativeUdp } from "./udp/native-udp.ts";
import type { NativeWifi } from "./wifi/native-wifi.ts";
import { ReactNativeWifi } from "./wifi/react-native-wifi.ts";

/** The parts of an app that {@link reactNativePorts} stands on. */
export interface ReactNativeParts {
  /** `Platform.OS` of React Native. */
  readonly platform: string;
  /** `globalThis`. */
  readonly globals: NativeTimers & NativeFetch;
  /** `crypto`, where need be from `react-native-get-random-values`. */
  readonly crypto: NativeCrypto;
  /** The default export of `react-native-udp`. */
  readonly udp: NativeUdp;
  /** The default export of `react-native-wifi-reborn`. @defaultValue none: the person changes networks in the system's settings */
  readonly wifi?: NativeWifi;
  /** Gets the permissions that joining needs, asking the person where necessary. @defaultValue the system is left to refuse */
  readonly permit?: () => Promise<boolean>;
  readonly log?: Log;
}

/** The world of a React Native app, as `provision()` and `AppClient` of `@softap/phone` take it. */
export interface ReactNativePorts extends PhonePorts {
  readonly clock: ReactNativeClock;
  readonly random: ReactNativeRandom;
  readonly datagrams: ReactNativeDatagramSockets;
  readonly http: ReactNativeHttpClient;
  readonly wifi?: ReactNativeWifi;
  readonly log: Log;
}

/**
 * Makes every port of a React Native app. Make them once: there is one phone.
 *
 * @throws {@link UsageError} `USAGE` for another platform than Android and iOS, when `wifi` is given
 * @example
 * ```ts
 * const ports = reactNativePorts({ platform: Platform.OS, globals: globalThis, crypto, udp, wifi });
 * const cloud = new AppClient({ baseUrl: "https://iot.example.com", ...ports });
 * const verdict = await provision({ cloud, network: { ssid, passphrase }, softAp: { ssid: "softap-lamp" }, ports }).result;
 * ```
 */
export function reactNativePorts(parts: ReactNativeParts): ReactNativePorts {
  const { platform, globals, crypto, udp, wifi, permit, log = silentLog } = parts;
  const clock = new ReactNativeClock(globals);
  const random = new ReactNativeRandom(crypto);
  const datagrams = new ReactNativeDatagramSockets({ udp, clock, random, log });
  const http = new ReactNativeHttpClient(globals);
  const ports = { clock, random, datagrams, http, log };
  if (wifi === undefined) return ports;
  // Only a socket of Android stays with the network that it was opened in.
  const onSwitched = platform === "android" ? () => datagrams.renew() : async () => {};
  const options = { wifi, platform, clock, onSwitched, log };
  return { ...ports, wifi: new ReactNativeWifi(permit === undefined ? options : { ...options, permit }) };
}
