import { type Log, silentLog, type WebSockets } from "@softap/ports";
import { WechatDatagramSockets } from "./datagram-sockets.ts";
import { WechatHttpClient } from "./http-client.ts";
import {
  type ProvisioningPorts,
  provisioningPorts,
  type ProvisioningPortsOptions,
} from "./provisioning-ports.ts";
import { WechatRandom } from "./random.ts";
import { WechatStore } from "./store.ts";
import { WechatWebSockets } from "./web-sockets.ts";
import type { Wx } from "./wx.ts";

/** What ports are made with. */
export interface WechatPortsOptions extends ProvisioningPortsOptions {
  /** @defaultValue nothing is logged */
  readonly log?: Log;
}

/** The world of a mini program, as `provision()` and `AppClient` of `@softap/phone` take it. */
export interface WechatPorts extends ProvisioningPorts {
  readonly http: WechatHttpClient;
  readonly webSockets: WebSockets;
  readonly store: WechatStore;
  readonly log: Log;
}

/**
 * Makes every port of a mini program from its `wx`. Each call makes new ones; nothing is shared behind them.
 *
 * @example
 * ```ts
 * const ports = wechatPorts(wx);
 * const cloud = new AppClient({ baseUrl: "https://iot.example.com", ...ports });
 * const provisioning = provision({ cloud, network: { ssid, passphrase }, softAp: { ssid: "softap-lamp" }, ports });
 * const verdict = await provisioning.result;
 * ```
 */
export function wechatPorts(wx: Wx, options: WechatPortsOptions = {}): WechatPorts {
  const { log = silentLog } = options;
  return {
    ...provisioningPorts(wx, options),
    log,
    datagrams: new WechatDatagramSockets(wx, ({ code }) => log.debug("datagram not sent", { code })),
    random: new WechatRandom(wx),
    http: new WechatHttpClient(wx),
    webSockets: new WechatWebSockets(wx),
    store: new WechatStore(wx),
  };
}
