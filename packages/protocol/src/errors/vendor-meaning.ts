import { codeOfBindReply, codeOfRegistration } from "./cloud-codes.ts";
import type { ErrorCode } from "./codes.ts";
import type { VendorError } from "./vendor-log.ts";

/** What numbers mean. */
type Meanings = Readonly<Record<string, ErrorCode>>;

/** Disconnect reasons of ESP chips. A wrong passphrase shows as 2, 15, 202 or 204, depending on router and firmware. */
const wifiReasons: Meanings = {
  2: "WIFI_AUTH_FAILED",
  14: "WIFI_AUTH_FAILED",
  15: "WIFI_AUTH_FAILED",
  202: "WIFI_AUTH_FAILED",
  204: "WIFI_AUTH_FAILED",
  4: "WIFI_JOIN_TIMEOUT",
  5: "WIFI_REFUSED",
  203: "WIFI_REFUSED",
  13: "WIFI_UNSUPPORTED_SECURITY",
  18: "WIFI_UNSUPPORTED_SECURITY",
  19: "WIFI_UNSUPPORTED_SECURITY",
  20: "WIFI_UNSUPPORTED_SECURITY",
  21: "WIFI_UNSUPPORTED_SECURITY",
  22: "WIFI_UNSUPPORTED_SECURITY",
  23: "WIFI_UNSUPPORTED_SECURITY",
  24: "WIFI_UNSUPPORTED_SECURITY",
  210: "WIFI_UNSUPPORTED_SECURITY",
  211: "WIFI_UNSUPPORTED_SECURITY",
  200: "WIFI_TOO_WEAK",
  212: "WIFI_TOO_WEAK",
  201: "WIFI_NOT_FOUND",
  205: "WIFI_NO_ADDRESS",
};

/** Error numbers of sockets: Linux and lwIP, and above 111 those of newlib, which ESP chips use. */
const socketErrors: Meanings = {
  1: "PERMISSION_DENIED",
  13: "PERMISSION_DENIED",
  98: "ADDRESS_IN_USE",
  112: "ADDRESS_IN_USE",
  99: "ADDRESS_UNAVAILABLE",
  125: "ADDRESS_UNAVAILABLE",
  101: "UNREACHABLE",
  113: "UNREACHABLE",
  114: "UNREACHABLE",
  118: "UNREACHABLE",
  104: "SOCKET_CLOSED",
  111: "CONNECTION_REFUSED",
};

/**
 * What sub ids say, by id: 2 and 3 as the vendor names them, 1 as its C SDK returns them, 24 and 27 as the cloud answered. Those
 * of 15 to 22 are {@link socketErrors}.
 */
const subIds: Readonly<Record<number, Meanings>> = {
  1: {
    "-108": "MQTT_SUBSCRIBE_REFUSED",
    "-113": "MQTT_REFUSED",
    "-114": "MQTT_REFUSED",
    "-116": "MQTT_REFUSED",
    "-117": "MQTT_REFUSED",
    "-602": "HOST_NOT_FOUND",
    "-701": "TLS_FAILED",
    "-702": "TLS_FAILED",
    "-703": "TLS_FAILED",
  },
  2: { 204: "FIELD_MISSING", 205: "DEVICE_ERROR", 206: "DEVICE_ERROR" },
  3: { 101: "CANCELED", 102: "CANCELED" },
  10: wifiReasons,
  12: wifiReasons,
  24: codeOfBindReply,
  27: codeOfRegistration,
};

/** What an id says when the sub id says nothing more. Sub ids differ between firmwares, ids do not. */
const ids: Meanings = {
  1: "CLOUD_UNREACHABLE",
  2: "DATAGRAM_NOT_JSON",
  3: "SESSION_EXPIRED",
  6: "WIFI_INTERFACE_MISSING",
  7: "SOFTAP_START_FAILED",
  8: "WIFI_SUPPLICANT_GONE",
  9: "SOFTAP_START_FAILED",
  10: "WIFI_JOIN_TIMEOUT",
  11: "WIFI_LOST",
  12: "WIFI_JOIN_TIMEOUT",
  16: "ADDRESS_IN_USE",
  23: "MQTT_LOST",
  24: "BIND_REFUSED",
  25: "BIND_REPLY_TIMEOUT",
  26: "REGION_MISMATCH",
  27: "REGISTRATION_INVALID",
};

/**
 * Our code for an error of a device that sends only the vendor's numbers: by both numbers, then by the id alone, then `DEVICE_ERROR`.
 *
 * Several of our codes share one pair, so this is not the inverse of `vendorErrorOf()`: our devices send their code as well.
 */
export function errorCodeOfVendor({ id, subId }: VendorError): ErrorCode {
  const known = (id >= 15 && id <= 22 ? socketErrors : subIds[id])?.[subId];
  if (known !== undefined) return known;
  // The SDK's own failures lie below -1000; above them, HTTP, TCP or TLS kept the device from asking.
  if (id === 27 && subId < 0) return subId > -1000 ? "CLOUD_UNREACHABLE" : "REGISTRATION_REPLY_INVALID";
  return ids[id] ?? "DEVICE_ERROR";
}
