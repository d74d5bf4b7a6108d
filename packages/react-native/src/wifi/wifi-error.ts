import { type ErrorCode, isSoftApError, type SoftApError, softApError } from "@softap/protocol";
import { readNativeError } from "../native-error.ts";

/** The module's codes in lower case, for Android and iOS spell them differently, and ours. */
const codeOfNative: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>(
  Object.entries({
    authenticationerroroccurred: "WIFI_AUTH_FAILED",
    invalidpassphrase: "WIFI_AUTH_FAILED",
    didnotfindnetwork: "WIFI_NOT_FOUND",
    didnotfindnetworkbyscanning: "WIFI_NOT_FOUND",
    timeoutoccurred: "WIFI_JOIN_TIMEOUT",
    unabletoconnect: "WIFI_JOIN_TIMEOUT",
    android10immediatelydroppedconnection: "WIFI_JOIN_TIMEOUT",
    couldnotscan: "WIFI_JOIN_TIMEOUT",
    userdenied: "PERMISSION_DENIED",
    locationpermissiondenied: "PERMISSION_DENIED",
    locationpermissionmissing: "PERMISSION_DENIED",
    locationpermissionrestricted: "PERMISSION_DENIED",
    locationservicesoff: "PERMISSION_DENIED",
    couldnotenablewifi: "WIFI_BLOCKED",
    couldnotenabledwifi: "WIFI_BLOCKED",
    couldnotgetwifimanager: "WIFI_BLOCKED",
    couldnotgetconnectivitymanager: "WIFI_BLOCKED",
    invalidssid: "USAGE",
    invalidssidprefix: "USAGE",
    unavailableforosversion: "USAGE",
  } as const satisfies Record<string, ErrorCode>),
);

/**
 * An error of `react-native-wifi-reborn` as one of ours; the original is its cause.
 *
 * @param error - What the module rejected with. One of ours comes back as it is.
 * @param what - What could not be done, for the message. The module's own text may hold names of networks and stays out of it.
 */
export function wifiError(error: unknown, what: string): SoftApError {
  if (isSoftApError(error)) return error;
  const { code: reason } = readNativeError(error);
  const code = codeOfNative.get(reason?.toLowerCase() ?? "") ?? "WIFI_JOIN_TIMEOUT";
  return softApError(code, what, {
    cause: error,
    ...(reason === undefined ? {} : { context: { reason } }),
  });
}
