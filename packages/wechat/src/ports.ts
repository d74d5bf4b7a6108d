import type { PhonePorts } from "@softap/phone";
import { type Log, silentLog, type WebSockets } from "@softap/ports";
import { WechatClock } from "./clock.ts";
import { WechatDatagramSockets } from "./datagram-sockets.ts";
import { WechatHttpClient } from "./http-client.ts";
import { WechatPhoneWifi, type WechatPhoneWifiOptions } from "./phone-wifi.ts";
import { WechatRandom } from "./random.ts";
import { WechatStore } from "./store.ts";
import { WechatWebSockets } from "./web-sockets.ts";
import type { Wx } from "./wx.ts";

/** The world of a mini program, as `provision()` and `AppClient` of `@softap/phone` take it. */
export interface WechatPorts extends PhonePorts {
  readonly wifi: WechatPhoneWifi;
  readonly http: WechatHttpClient;
  readonly webSockets: WebSockets;
  readonly store: WechatStore;
}

/**
 * Makes every port of a mini program from its `wx`. Each call makes new ones; nothing is shared behind them.
 *
 * @param options.home - See {@link WechatPhoneWifiOptions.home}.
 * @example
 * ```ts
 * const ports = wechatPorts(wx);
 * const cloud = new AppClient({ baseUrl: "https://iot.example.com", ...ports });
 * const provisioning = provision({ cloud, network: { ssid, passphrase }, softAp: { ssid: "softap-lamp" }, ports });
 * const verdict = await provisioning.result;
 * ```
 */
export function wechatPorts(
  wx: Wx,
  options: { readonly home?: WechatPhoneWifiOptions["home"]; readonly log?: Log } = {},
): WechatPorts {
  const { home, log = silentLog } = options;
  const clock = new WechatClock();
  return {
    clock,
    random: new WechatRandom(wx),
    datagrams: new WechatDatagramSockets(wx, ({ code }) => log.debug("datagram not sent", { code })),
    wifi: new WechatPhoneWifi({ wx, clock, ...(home === undefined ? {} : { home }) }),
    http: new WechatHttpClient(wx),
    webSockets: new WechatWebSockets(wx),
    store: new WechatStore(wx),
    log,
  };
}
