import { codeOfBindReply, codeOfRegistration } from "./cloud-codes.ts";
import type { ErrorCode } from "./codes.ts";
import type { VendorError } from "./vendor-log.ts";

/** Numbers by what they mean. */
type Meanings = Partial<Record<ErrorCode, readonly number[]>>;

/** Disconnect reasons of ESP chips. A wrong passphrase shows as 2, 15, 202 or 204, depending on router and firmware. */
const wifiReasons: Meanings = {
  WIFI_AUTH_FAILED: [2, 14, 15, 202, 204],
  WIFI_JOIN_TIMEOUT: [4],
  WIFI_REFUSED: [5, 203],
  WIFI_UNSUPPORTED_SECURITY: [13, 18, 19, 20, 21, 22, 23, 24, 210, 211],
  WIFI_TOO_WEAK: [200, 212],
  WIFI_NOT_FOUND: [201],
  WIFI_NO_ADDRESS: [205],
};

/** Error numbers of sockets: Linux and lwIP, and above 111 those of newlib, which ESP chips use. */
const socketErrors: Meanings = {
  PERMISSION_DENIED: [1, 13],
  ADDRESS_IN_USE: [98, 112],
  ADDRESS_UNAVAILABLE: [99, 125],
  UNREACHABLE: [101, 113, 114, 118],
  SOCKET_CLOSED: [104],
  CONNECTION_REFUSED: [111],
};

/** What sub ids say, by id: 2 and 3 as the vendor names them, 1 as its C SDK returns them. */
const subIds: Readonly<Record<number, Meanings>> = {
  1: {
    MQTT_SUBSCRIBE_REFUSED: [-108],
    MQTT_REFUSED: [-113, -114, -116, -117],
    HOST_NOT_FOUND: [-602],
    TLS_FAILED: [-701, -702, -703],
  },
  2: { FIELD_MISSING: [204], DEVICE_ERROR: [205, 206] },
  3: { CANCELED: [101, 102] },
  10: wifiReasons,
  12: wifiReasons,
};

/** Sub ids that the cloud answered. */
const cloudSubIds: Readonly<Record<number, Readonly<Record<string, ErrorCode>>>> = {
  24: codeOfBindReply,
  27: codeOfRegistration,
};

/** What an id says when the sub id says nothing more. Sub ids differ between firmwares, ids do not. */
const ids: Meanings = {
  CLOUD_UNREACHABLE: [1],
  DATAGRAM_NOT_JSON: [2],
  SESSION_EXPIRED: [3],
  WIFI_INTERFACE_MISSING: [6],
  SOFTAP_START_FAILED: [7, 9],
  WIFI_SUPPLICANT_GONE: [8],
  WIFI_JOIN_TIMEOUT: [10, 12],
  WIFI_LOST: [11],
  ADDRESS_IN_USE: [16],
  MQTT_LOST: [23],
  BIND_REFUSED: [24],
  BIND_REPLY_TIMEOUT: [25],
  REGION_MISMATCH: [26],
  REGISTRATION_INVALID: [27],
};

/**
 * Our code for an error of a device that sends only the vendor's numbers: by both numbers, then by the id alone, then `DEVICE_ERROR`.
 *
 * Several of our codes share one pair, so this is not the inverse of `vendorErrorOf()`: our devices send their code as well.
 */
export function errorCodeOfVendor({ id, subId }: VendorError): ErrorCode {
  const known =
    cloudSubIds[id]?.[subId] ?? meaningOf(subId, id >= 15 && id <= 22 ? socketErrors : subIds[id]);
  if (known !== undefined) return known;
  // The SDK's own failures lie below -1000; above them, HTTP, TCP or TLS kept the device from asking.
  if (id === 27 && subId < 0) return subId > -1000 ? "CLOUD_UNREACHABLE" : "REGISTRATION_REPLY_INVALID";
  return meaningOf(id, ids) ?? "DEVICE_ERROR";
}

function meaningOf(number: number, meanings: Meanings = {}): ErrorCode | undefined {
  // Object.keys() widens the keys; the type of `meanings` lets no others in.
  return (Object.keys(meanings) as ErrorCode[]).find((code) => meanings[code]?.includes(number) === true);
}
