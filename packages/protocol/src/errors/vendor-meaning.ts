import { codeOfBindReply, codeOfRegistration } from "./cloud-codes.ts";
import type { ErrorCode } from "./codes.ts";
import type { VendorError } from "./vendor-log.ts";

/** Turns lists of numbers by code into the code of each number. */
function byNumber(lists: Partial<Record<ErrorCode, readonly number[]>>): Readonly<Record<string, ErrorCode>> {
  // Object.entries() widens the keys; the type of `lists` lets no others in.
  const entries = Object.entries(lists) as [ErrorCode, readonly number[]][];
  return Object.fromEntries(entries.flatMap(([code, numbers]) => numbers.map((number) => [number, code])));
}

/** Disconnect reasons of ESP chips. A wrong passphrase shows as 2, 15, 202 or 204, depending on router and firmware. */
const wifiReasons = /* @__PURE__ */ byNumber({
  WIFI_AUTH_FAILED: [2, 14, 15, 202, 204],
  WIFI_JOIN_TIMEOUT: [4],
  WIFI_REFUSED: [5, 203],
  WIFI_UNSUPPORTED_SECURITY: [13, 18, 19, 20, 21, 22, 23, 24, 210, 211],
  WIFI_TOO_WEAK: [200, 212],
  WIFI_NOT_FOUND: [201],
  WIFI_NO_ADDRESS: [205],
});

/** Error numbers of sockets: Linux and lwIP, and above 111 those of newlib, which ESP chips use. */
const socketErrors = /* @__PURE__ */ byNumber({
  PERMISSION_DENIED: [1, 13],
  ADDRESS_IN_USE: [98, 112],
  ADDRESS_UNAVAILABLE: [99, 125],
  UNREACHABLE: [101, 113, 114, 118],
  SOCKET_CLOSED: [104],
  CONNECTION_REFUSED: [111],
});

/** What sub ids say, by id: 2 and 3 as the vendor names them, 1 as its C SDK returns them, 24 and 27 as the cloud answered. */
const codeOfSubId: Readonly<Record<number, Readonly<Record<string, ErrorCode>>>> = {
  1: /* @__PURE__ */ byNumber({
    MQTT_SUBSCRIBE_REFUSED: [-108],
    MQTT_REFUSED: [-113, -114, -116, -117],
    HOST_NOT_FOUND: [-602],
    TLS_FAILED: [-701, -702, -703],
  }),
  2: /* @__PURE__ */ byNumber({ FIELD_MISSING: [204], DEVICE_ERROR: [205, 206] }),
  3: /* @__PURE__ */ byNumber({ CANCELED: [101, 102] }),
  10: wifiReasons,
  12: wifiReasons,
  24: codeOfBindReply,
  27: codeOfRegistration,
};

/** What an id says when the sub id says nothing more. Sub ids differ between firmwares, ids do not. */
const codeOfId: Readonly<Record<number, ErrorCode>> = {
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
  const known = (id >= 15 && id <= 22 ? socketErrors : codeOfSubId[id])?.[subId];
  if (known !== undefined) return known;
  // The SDK's own failures lie below -1000; above them, HTTP, TCP or TLS kept the device from asking.
  if (id === 27 && subId < 0) return subId > -1000 ? "CLOUD_UNREACHABLE" : "REGISTRATION_REPLY_INVALID";
  return codeOfId[id] ?? "DEVICE_ERROR";
}
