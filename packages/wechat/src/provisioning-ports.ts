import type { PhonePorts } from "@softap/phone";
import { type Log, silentLog } from "@softap/ports";
import { WechatClock } from "./clock.ts";
import { WechatDatagramSockets } from "./datagram-sockets.ts";
import { WechatPhoneWifi, type WechatPhoneWifiOptions } from "./phone-wifi.ts";
import { plainRandom } from "./random.ts";
import type { Wx } from "./wx.ts";

/** What ports are made with. */
export interface WechatPortsOptions {
  /** See {@link WechatPhoneWifiOptions.home}. */
  readonly home?: WechatPhoneWifiOptions["home"];
  /** @defaultValue nothing is logged */
  readonly log?: Log;
}

/** The ports that `provision()` uses. */
export interface ProvisioningPorts extends PhonePorts {
  readonly wifi: WechatPhoneWifi;
}

/** Makes the ports that `provision()` uses, and no others. Each call makes new ones; nothing is shared behind them. */
export function provisioningPorts(wx: Wx, options: WechatPortsOptions = {}): ProvisioningPorts {
  const { home, log = silentLog } = options;
  const clock = new WechatClock();
  return {
    clock,
    random: plainRandom,
    datagrams: new WechatDatagramSockets(wx, ({ code }) => log.debug("datagram not sent", { code })),
    wifi: new WechatPhoneWifi({ wx, clock, ...(home && { home }) }),
    log,
  };
}
