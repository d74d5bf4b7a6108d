import { type ErrorCode, type SoftApError, softApError } from "@softap/protocol";
import type { WxError } from "./wx.ts";

/** Codes of the Wi-Fi calls. Source: `wx.connectWifi`, table of errors. */
const wifiCodes: Readonly<Record<number, ErrorCode>> = {
  12000: "INTERNAL",
  12001: "WIFI_INTERFACE_MISSING",
  12002: "WIFI_AUTH_FAILED",
  12003: "WIFI_JOIN_TIMEOUT",
  12004: "WIFI_REFUSED",
  12005: "WIFI_BLOCKED",
  12006: "PERMISSION_DENIED",
  12007: "PERMISSION_DENIED",
  12008: "WIFI_NOT_FOUND",
  12009: "WIFI_REFUSED",
  12010: "WIFI_REFUSED",
  12011: "WIFI_REFUSED",
  12013: "WIFI_AUTH_FAILED",
  12014: "WIFI_AUTH_FAILED",
};

/** What stands in `errMsg`, which differs by system, the first match counts. */
const texts: readonly (readonly [RegExp, ErrorCode])[] = [
  [/auth\w* (?:deny|denied)|scope|privacy|permission|EPERM|EACCES/i, "PERMISSION_DENIED"],
  [/domain list|invalid url|not support/i, "USAGE"],
  [/name_?\s?not_?\s?resolved|unknown ?host|hostname|ENOTFOUND|EAI_/i, "HOST_NOT_FOUND"],
  [/refused/i, "CONNECTION_REFUSED"],
  [/ssl|tls|cert/i, "TLS_FAILED"],
  [/in ?use|EADDRINUSE/i, "ADDRESS_IN_USE"],
  [/too (?:long|large|big)|EMSGSIZE/i, "DATAGRAM_TOO_LONG"],
  [/closed?\b|reset|hang up|empty_response/i, "SOCKET_CLOSED"],
  [/server response|http 101|bad response/i, "REPLY_INVALID"],
];

/** The error of a Wi-Fi call; `context.wxCode` is the number. */
export function wifiError(what: string, { errCode, errMsg = "" }: WxError): SoftApError {
  const code = errCode === undefined ? undefined : wifiCodes[errCode];
  return softApError(code ?? codeOf(errMsg, "WIFI_REFUSED"), `${what} failed`, {
    cause: errMsg,
    ...(errCode === undefined ? {} : { context: { wxCode: errCode } }),
  });
}

/** The error of a network or storage call. @param other - Its code where the text says nothing that is known. */
export function networkError(what: string, { errMsg = "" }: WxError, other: ErrorCode): SoftApError {
  return softApError(codeOf(errMsg, other), `${what} failed`, { cause: errMsg });
}

function codeOf(errMsg: string, other: ErrorCode): ErrorCode {
  return texts.find(([pattern]) => pattern.test(errMsg))?.[1] ?? other;
}
