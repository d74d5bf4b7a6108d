import type { PhonePorts } from "@softap/phone";
import { WechatClock } from "./clock.ts";
import { WechatDatagramSockets } from "./datagram-sockets.ts";
import { WechatPhoneWifi, type WechatPhoneWifiOptions } from "./phone-wifi.ts";
import { plainRandom } from "./random.ts";
import type { Wx } from "./wx.ts";

/** What {@link provisioningPorts} are made with. */
export interface ProvisioningPortsOptions {
  /** See {@link WechatPhoneWifiOptions.home}. */
  readonly home?: WechatPhoneWifiOptions["home"];
}

/** The ports that `provision()` uses. */
export interface ProvisioningPorts extends PhonePorts {
  readonly wifi: WechatPhoneWifi;
}

/**
 * Makes the ports that `provision()` cannot do without, and no others. Each call makes new ones; nothing is shared behind them.
 * Who wants a log takes `wechatPorts()`.
 */
export function provisioningPorts(wx: Wx, options: ProvisioningPortsOptions = {}): ProvisioningPorts {
  const { home } = options;
  const clock = new WechatClock();
  return {
    clock,
    random: plainRandom,
    datagrams: new WechatDatagramSockets(wx),
    wifi: new WechatPhoneWifi({ wx, clock, ...(home && { home }) }),
  };
}
