import { describe, expect, test } from "vitest";
import { CloudError, type ErrorCode, softApError, WifiError } from "@softap/protocol";
import { type Stage, vendorCode, wifiConfError } from "../src/plugin/failure.ts";

const cases: readonly (readonly [ErrorCode, Stage, boolean, string])[] = [
  ["PASSPHRASE_LENGTH", "start", false, "PROTOCOL_FAIL"],
  ["RATE_LIMITED", "start", false, "BUSINESS_QUERY_BIND_TOKEN_FAIL"],
  ["WIFI_AUTH_FAILED", "join", false, "CONNECT_WIFI_FAIL"],
  ["TIMEOUT", "join", false, "CONNECT_WIFI_FAIL"],
  ["PERMISSION_DENIED", "join", false, "CONNECT_WIFI_FAIL"],
  ["ADDRESS_IN_USE", "udp", false, "UDP_ERROR"],
  ["DEVICE_SILENT", "device", true, "UDP_NOT_RESPONSE"],
  ["DEVICE_SILENT", "device", false, "UDP_SEND_MSG_FAIL"],
  ["WIFI_AUTH_FAILED", "device", true, "BUSINESS_DEVICE_ERROR"],
  ["PROTOCOL_VERSION_UNKNOWN", "query", true, "SOFTAP_MODULE_VERSION_ERROR"],
  ["VERDICT_UNKNOWN", "query", true, "BUSINESS_QUERY_BIND_TOKEN_TIMEOUT"],
  ["BIND_TOKEN_EXPIRED", "query", true, "BUSINESS_QUERY_BIND_TOKEN_FAIL"],
  ["REPLY_INVALID", "query", true, "BUSINESS_QUERY_PRODUCTID_NOT_FOUND"],
  ["APP_FAMILY_UNKNOWN", "add", true, "BUSINESS_ADD_DEVICE_FAIL"],
  ["VERDICT_UNKNOWN", "add", true, "BUSINESS_ADD_DEVICE_FAIL"],
  ["CANCELED", "query", true, "WIFI_CONF_FAIL"],
  ["PROVISIONING_ACTIVE", "start", false, "PROCESSING_PLEASE_WAIT"],
];

describe("vendorCode()", () => {
  test.each(cases)("%s while at %s, sent %s, is %s", (code, stage, couldSend, expected) => {
    expect(vendorCode(softApError(code, "x"), stage, couldSend)).toBe(expected);
  });
});

describe("wifiConfError()", () => {
  test("carries the number of a failed Wi-Fi call and what wx said", () => {
    const cause = "connectWifi:fail user denied";
    const error = new WifiError("WIFI_REFUSED", "Joining failed", { cause, context: { wxCode: 12007 } });
    expect(wifiConfError("CONNECT_WIFI_FAIL", error, undefined)).toMatchObject({
      code: "CONNECT_WIFI_FAIL",
      softApCode: "WIFI_REFUSED",
      errCode: 12007,
      errMsg: cause,
      uiMsg: expect.stringMatching(/\S/) as string,
    });
  });

  test("carries the cloud's refusal through errors of ours, and the device's datagram", () => {
    const cause = { code: "InvalidParameterValue.TokenNotExist", msg: "no" };
    const inner = new CloudError("BIND_TOKEN_UNKNOWN", "The cloud refused", { cause });
    const outer = softApError("VERDICT_UNKNOWN", "Not known", { cause: inner });
    expect(wifiConfError("BUSINESS_ADD_DEVICE_FAIL", outer, {}).detail).toBe(cause);
    const datagram = { cmdType: 2, deviceReply: "Current_Error" };
    expect(wifiConfError("BUSINESS_DEVICE_ERROR", inner, datagram).message).toEqual({
      code: "BUSINESS_DEVICE_ERROR",
      detail: datagram,
    });
  });
});
