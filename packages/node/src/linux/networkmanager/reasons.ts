import { type ErrorCode, isSoftApError, type SoftApError, softApError } from "@softap/protocol";
import { DBusError } from "../dbus/bus.ts";
import { linuxLimits } from "../limits.ts";
import { DeviceState } from "./names.ts";

/** NMDeviceStateReason: NetworkManager's name, and our code where the reason alone tells it. */
const reasons: Readonly<Record<number, readonly [name: string, code?: ErrorCode]>> = {
  0: ["NONE"],
  1: ["UNKNOWN"],
  2: ["NOW_MANAGED"],
  3: ["NOW_UNMANAGED", "WIFI_UNMANAGED"],
  4: ["CONFIG_FAILED", "WIFI_REFUSED"],
  5: ["IP_CONFIG_UNAVAILABLE", "WIFI_NO_ADDRESS"],
  6: ["IP_CONFIG_EXPIRED", "WIFI_NO_ADDRESS"],
  7: ["NO_SECRETS", "WIFI_AUTH_FAILED"],
  8: ["SUPPLICANT_DISCONNECT", "WIFI_REFUSED"],
  9: ["SUPPLICANT_CONFIG_FAILED", "WIFI_UNSUPPORTED_SECURITY"],
  10: ["SUPPLICANT_FAILED", "WIFI_SUPPLICANT_GONE"],
  11: ["SUPPLICANT_TIMEOUT", "WIFI_JOIN_TIMEOUT"],
  15: ["DHCP_START_FAILED", "WIFI_NO_ADDRESS"],
  16: ["DHCP_ERROR", "WIFI_NO_ADDRESS"],
  17: ["DHCP_FAILED", "WIFI_NO_ADDRESS"],
  18: ["SHARED_START_FAILED"],
  19: ["SHARED_FAILED"],
  35: ["FIRMWARE_MISSING", "WIFI_INTERFACE_MISSING"],
  36: ["REMOVED", "WIFI_INTERFACE_MISSING"],
  37: ["SLEEPING", "WIFI_BLOCKED"],
  38: ["CONNECTION_REMOVED"],
  39: ["USER_REQUESTED"],
  40: ["CARRIER"],
  42: ["SUPPLICANT_AVAILABLE"],
  53: ["SSID_NOT_FOUND", "WIFI_NOT_FOUND"],
  60: ["NEW_ACTIVATION"],
  64: ["IP_ADDRESS_DUPLICATE", "WIFI_NO_ADDRESS"],
  65: ["IP_METHOD_UNSUPPORTED", "WIFI_NO_ADDRESS"],
};

const noSecrets = 7;
const unmanagedReasons = { first: 68, last: 77 } as const;

/** D-Bus error names, and our codes. */
const codeOfError: Readonly<Record<string, ErrorCode>> = {
  "org.freedesktop.DBus.Error.ServiceUnknown": "WIFI_SUPPLICANT_GONE",
  "org.freedesktop.DBus.Error.NameHasNoOwner": "WIFI_SUPPLICANT_GONE",
  "org.freedesktop.DBus.Error.NoReply": "WIFI_SUPPLICANT_GONE",
  "org.freedesktop.DBus.Error.Disconnected": "WIFI_SUPPLICANT_GONE",
  "org.freedesktop.DBus.Error.UnknownObject": "WIFI_INTERFACE_MISSING",
  "org.freedesktop.DBus.Error.AccessDenied": "PERMISSION_DENIED",
  "org.freedesktop.NetworkManager.PermissionDenied": "PERMISSION_DENIED",
  "org.freedesktop.NetworkManager.Settings.PermissionDenied": "PERMISSION_DENIED",
  "org.freedesktop.NetworkManager.Device.PermissionDenied": "PERMISSION_DENIED",
  "org.freedesktop.NetworkManager.UnknownDevice": "WIFI_INTERFACE_MISSING",
  "org.freedesktop.NetworkManager.UnmanagedDevice": "WIFI_UNMANAGED",
};

/** What is known when an attempt ended; the reason alone cannot tell a typing error from a router that hung up. */
export interface JoinEvidence {
  /** NMDeviceState in which the attempt ended. */
  readonly state: number;
  /** NMDeviceStateReason, or `undefined` when the time was up. */
  readonly reason: number | undefined;
  readonly hasPassphrase: boolean;
  /** Whether the network does WPA3-SAE. */
  readonly hasSae: boolean;
  /** How often the supplicant left the 4-way handshake without completing it. */
  readonly handshakeFailures: number;
  /** Last IEEE 802.11 status code of a refused authentication, 0 when there was none. */
  readonly authStatus: number;
  /** Last IEEE 802.11 status code of a refused association, 0 when there was none. */
  readonly assocStatus: number;
  /** Whether the supplicant could be heard at all: without that right, its silence proves nothing. */
  readonly hasHeardSupplicant: boolean;
  /** Signal when the attempt began, dBm. */
  readonly rssiDbm: number | undefined;
}

/** IEEE 802.11 status code 15: the other side's SAE confirmation or challenge did not fit the passphrase. */
export const challengeFailedStatus = 15;

const unspecifiedStatus = 1;

/** What an ended attempt means. */
export function joinFailureCode(evidence: JoinEvidence): ErrorCode {
  const { reason, state } = evidence;
  const isUnmanaged =
    reason !== undefined && reason >= unmanagedReasons.first && reason <= unmanagedReasons.last;
  if (isUnmanaged) return "WIFI_UNMANAGED";
  // Under WPA3 hostapd answers a wrong passphrase with "unspecified" too, and NetworkManager hides in which step.
  const isChallengeFailed =
    evidence.authStatus === challengeFailedStatus ||
    (evidence.hasSae && evidence.authStatus === unspecifiedStatus);
  if (evidence.hasPassphrase && (isChallengeFailed || evidence.handshakeFailures > 0))
    return "WIFI_AUTH_FAILED";
  if (evidence.authStatus !== 0 || evidence.assocStatus !== 0) return "WIFI_REFUSED";
  if (state >= DeviceState.ipConfig && state <= DeviceState.secondaries && isTimeLike(reason))
    return "WIFI_NO_ADDRESS";
  if (isTimeLike(reason) || reason === noSecrets) {
    const { rssiDbm } = evidence;
    if (rssiDbm !== undefined && rssiDbm <= linuxLimits.weakRssiDbm) return "WIFI_TOO_WEAK";
  }
  // NetworkManager asks for another passphrase whenever a protected network does not answer in time.
  const isSilence = reason === noSecrets && evidence.hasHeardSupplicant;
  if (reason === undefined || isSilence) return "WIFI_JOIN_TIMEOUT";
  return reasons[reason]?.[1] ?? "WIFI_REFUSED";
}

function isTimeLike(reason: number | undefined): boolean {
  return reason === undefined || reason === 0 || reason === 1 || reason === 8 || reason === 11;
}

/** NetworkManager's reason as the cause of an error of ours. */
export class NetworkManagerReason extends Error {
  override readonly name = "NetworkManagerReason";
  readonly reason: number;

  constructor(reason: number) {
    super(`NetworkManager: ${reasons[reason]?.[0] ?? "reason"} (${reason})`);
    this.reason = reason;
  }
}

/**
 * What D-Bus answered as one of our errors, with the original as its cause.
 *
 * @param what - What could not be done, for the message.
 */
export function networkManagerError(
  error: unknown,
  what: string,
  otherwise: ErrorCode = "INTERNAL",
): SoftApError {
  if (isSoftApError(error)) return error;
  const name = error instanceof DBusError ? error.errorName : "";
  const code = codeOfError[name] ?? otherwise;
  return softApError(code, what, { cause: error, ...(name === "" ? {} : { context: { reason: name } }) });
}
