import type { Clock } from "@softap/ports";
import type { AppWx, SeenWifiList } from "../app-wx.ts";
import { appLimits } from "../limits.ts";

/**
 * Looks once for soft APs of the products.
 *
 * @param prefixes - How their names begin.
 * @returns Their names, sorted; empty also where the phone may not look or cannot. On iOS nothing is looked for, because
 * looking there throws the person into the system's settings.
 */
export function findSoftAps(
  wx: AppWx,
  options: { readonly clock: Clock; readonly prefixes: readonly string[]; readonly isIos: boolean },
): Promise<readonly string[]> {
  const { clock, prefixes, isIos } = options;
  if (isIos) return Promise.resolve([]);
  return new Promise((resolve) => {
    const end = (names: readonly string[]): void => {
      timer.cancel();
      wx.offGetWifiList(onList);
      resolve(names);
    };
    const onList = ({ wifiList }: SeenWifiList): void => {
      const names = wifiList.map(({ SSID }) => SSID);
      const ours = names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
      end([...new Set(ours)].toSorted());
    };
    const fail = (): void => end([]);
    const timer = clock.after("look for soft APs", appLimits.scanTimeoutMs, fail);
    wx.onGetWifiList(onList);
    wx.startWifi({ success: () => wx.getWifiList({ success: () => {}, fail }), fail });
  });
}
