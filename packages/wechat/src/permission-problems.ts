import type { WxSettings } from "./wx.ts";

/** What stands in the way of provisioning on this phone. */
export type PermissionProblem =
  /** In the developer tools, or in real-device debugging, which runs there: use Preview. */
  | "noUdp"
  | "wifiOff"
  /** Android looks for networks only while the system's location switch is on. */
  | "locationOff"
  /** WeChat has no location permission of the system. */
  | "locationDenied"
  /** Not known whether it is granted: iOS asks at the first datagram and tells nobody the answer. */
  | "localNetworkUnknown";

/** One finding of {@link findPermissionProblems}. */
export interface FoundPermissionProblem {
  readonly problem: PermissionProblem;
  /** Whether provisioning cannot succeed before it is cured. */
  readonly isBlocking: boolean;
}

interface Settings {
  readonly platform: string | undefined;
  readonly wifiEnabled?: boolean;
  readonly locationEnabled?: boolean;
  readonly locationAuthorized?: string;
}

/**
 * Looks, before the phone goes offline, for what would make provisioning fail. Asks nobody anything.
 *
 * @returns What was found, the blocking first; empty when nothing stands in the way.
 */
export function findPermissionProblems(
  wx: WxSettings & { readonly createUDPSocket?: unknown },
): readonly FoundPermissionProblem[] {
  const { platform, wifiEnabled, locationEnabled, locationAuthorized }: Settings = {
    platform: (wx.getDeviceInfo?.() ?? wx.getSystemInfoSync?.())?.platform,
    ...wx.getSystemSetting?.(),
    ...wx.getAppAuthorizeSetting?.(),
  };
  const system = platform?.toLowerCase();
  const isAndroid = system === "android";
  const problems: PermissionProblem[] = [];
  if (system === "devtools" || wx.createUDPSocket === undefined) problems.push("noUdp");
  if (wifiEnabled === false) problems.push("wifiOff");
  if (isAndroid && locationEnabled === false) problems.push("locationOff");
  if (isAndroid && locationAuthorized === "denied") problems.push("locationDenied");
  if (system === "ios") problems.push("localNetworkUnknown");
  return problems.map((problem) => ({ problem, isBlocking: problem !== "localNetworkUnknown" }));
}
