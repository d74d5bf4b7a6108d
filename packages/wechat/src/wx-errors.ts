import { type ErrorCode, type SoftApError, softApError } from "@softap/protocol";
import type { WxError } from "./wx.ts";

/** Codes of the Wi-Fi calls, from 12000 on. Source: `wx.connectWifi`, table of errors, which has no 12012. */
const wifiCodes: readonly (ErrorCode | undefined)[] = [
  "INTERNAL",
  "WIFI_INTERFACE_MISSING",
  "WIFI_AUTH_FAILED",
  "WIFI_JOIN_TIMEOUT",
  "WIFI_REFUSED",
  "WIFI_BLOCKED",
  "PERMISSION_DENIED",
  "PERMISSION_DENIED",
  "WIFI_NOT_FOUND",
  "WIFI_REFUSED",
  "WIFI_REFUSED",
  "WIFI_REFUSED",
  undefined,
  "WIFI_AUTH_FAILED",
  "WIFI_AUTH_FAILED",
];

/** Number of the first of {@link wifiCodes}. */
const firstWifiCode = 12_000;

/** What a text says, the first match counts. */
type Meanings = readonly (readonly [RegExp, ErrorCode])[];

/** What stands in `errMsg`, which differs by system. */
const texts: Meanings = [
  [/auth\w* (?:deny|denied)|scope|privacy|permission|EPERM|EACCES/i, "PERMISSION_DENIED"],
  [/not support/i, "USAGE"],
  [/in ?use|EADDRINUSE/i, "ADDRESS_IN_USE"],
  [/too (?:long|large|big)|EMSGSIZE/i, "DATAGRAM_TOO_LONG"],
  [/closed?\b|reset|hang up/i, "SOCKET_CLOSED"],
];

/** The error of a Wi-Fi call; `context.wxCode` is the number. */
export function wifiError(what: string, { errCode, errMsg = "" }: WxError): SoftApError {
  const context = errCode === undefined ? {} : { wxCode: errCode };
  const code = wifiCodes[(errCode ?? 0) - firstWifiCode] ?? codeOf(errMsg, "WIFI_REFUSED");
  return softApError(code, `${what} failed`, { cause: errMsg, context });
}

/** The error of a call of the network. @param other - Its code where the text says nothing that is known. */
export function networkError(what: string, { errMsg = "" }: WxError, other: ErrorCode): SoftApError {
  return softApError(codeOf(errMsg, other), `${what} failed`, { cause: errMsg });
}

function codeOf(errMsg: string, other: ErrorCode, meanings: Meanings = texts): ErrorCode {
  return meanings.find(([pattern]) => pattern.test(errMsg))?.[1] ?? other;
}

/** What `errMsg` says first of all after a request to a server. */
const requestTexts: Meanings = [
  [/domain list|invalid url/i, "USAGE"],
  [/name_?\s?not_?\s?resolved|unknown ?host|hostname|ENOTFOUND|EAI_/i, "HOST_NOT_FOUND"],
  [/refused/i, "CONNECTION_REFUSED"],
  [/ssl|tls|cert/i, "TLS_FAILED"],
  [/empty_response/i, "SOCKET_CLOSED"],
  [/server response|http 101|bad response/i, "REPLY_INVALID"],
];

/** The error of a request to a server, or of a web socket. */
export function requestError(what: string, { errMsg = "" }: WxError): SoftApError {
  const code = codeOf(errMsg, codeOf(errMsg, "UNREACHABLE"), requestTexts);
  return softApError(code, `${what} failed`, { cause: errMsg });
}
