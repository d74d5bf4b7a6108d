import type { Clock, SeenNetwork } from "@softap/ports";
import type { AppWx, SeenWifiList } from "../app-wx.ts";
import { appLimits } from "../limits.ts";
import { seenNetworkOf } from "./seen-network.ts";

/**
 * Looks once for networks nearby.
 *
 * @returns What the phone hears; empty also where it may not look or cannot.
 */
export function lookAround(wx: AppWx, clock: Clock): Promise<readonly SeenNetwork[]> {
  return new Promise((resolve) => {
    const end = (networks: readonly SeenNetwork[]): void => {
      timer.cancel();
      wx.offGetWifiList(onList);
      resolve(networks);
    };
    const onList = ({ wifiList }: SeenWifiList): void => end(wifiList.map(seenNetworkOf));
    const fail = (): void => end([]);
    const timer = clock.after("look around", appLimits.scanTimeoutMs, fail);
    wx.onGetWifiList(onList);
    wx.startWifi({ success: () => wx.getWifiList({ success: () => {}, fail }), fail });
  });
}
