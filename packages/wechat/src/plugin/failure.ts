import type { ErrorCode, SoftApError } from "@softap/protocol";

/** What a run was at when it ended. */
export type Stage = "start" | "join" | "udp" | "device" | "query" | "add";

/** Causes of a failure, by the vendor's names. */
export type WifiConfErrorCode =
  | "CONNECT_WIFI_FAIL"
  | "UDP_ERROR"
  | "UDP_SEND_MSG_FAIL"
  | "UDP_NOT_RESPONSE"
  | "PROTOCOL_FAIL"
  | "BUSINESS_DEVICE_ERROR"
  | "SOFTAP_MODULE_VERSION_ERROR"
  | "BUSINESS_QUERY_BIND_TOKEN_TIMEOUT"
  | "BUSINESS_QUERY_BIND_TOKEN_FAIL"
  | "BUSINESS_QUERY_PRODUCTID_NOT_FOUND"
  | "BUSINESS_ADD_DEVICE_FAIL"
  | "WIFI_CONF_FAIL"
  | "PROCESSING_PLEASE_WAIT";

/** A failure as `detail.error` carries it. */
export interface WifiConfError {
  readonly code: WifiConfErrorCode;
  /** One sentence for the person. */
  readonly uiMsg: string;
  readonly msg: string;
  /** Our own, finer code; `docs/errors.md` says what to do about each. */
  readonly softApCode: ErrorCode;
  /** Number of a failed Wi-Fi call of `wx`. */
  readonly errCode: number | undefined;
  readonly errMsg: string | undefined;
  /** With `BUSINESS_DEVICE_ERROR`: the device's datagram. */
  readonly message: { readonly code: string; readonly detail: unknown } | undefined;
  /** What the cloud or `wx` said. */
  readonly detail: unknown;
}

/** For the person, in Chinese as the vendor's plugin has it. */
const sentences: Readonly<Record<WifiConfErrorCode, string>> = {
  CONNECT_WIFI_FAIL: "手机未能连接设备热点，请靠近设备后重试",
  UDP_ERROR: "手机未能发送数据，请检查微信的网络权限后重试",
  UDP_SEND_MSG_FAIL: "手机未能发送数据，请确认手机已连接设备热点",
  UDP_NOT_RESPONSE: "设备没有应答，请确认指示灯闪烁且手机已连接设备热点",
  PROTOCOL_FAIL: "配网参数有误，请检查 WiFi 名称和密码后重试",
  BUSINESS_DEVICE_ERROR: "设备报告了错误，请检查 WiFi 密码和信号后重试",
  SOFTAP_MODULE_VERSION_ERROR: "设备的协议版本不受支持，请更新小程序后重试",
  BUSINESS_QUERY_BIND_TOKEN_TIMEOUT: "设备没有连接云端，请检查 WiFi 密码和路由器后重试",
  BUSINESS_QUERY_BIND_TOKEN_FAIL: "手机未能查询设备是否已连接云端，请检查手机网络后重试",
  BUSINESS_QUERY_PRODUCTID_NOT_FOUND: "手机未能得知设备身份，请重试",
  BUSINESS_ADD_DEVICE_FAIL: "设备已连接云端，但未能添加到您的账号",
  WIFI_CONF_FAIL: "配网未完成，请重试",
  PROCESSING_PLEASE_WAIT: "上一次配网未完成，请稍候",
};

/** What a failed verdict is called by the vendor, which depends on where it happened. */
export function vendorCode(error: SoftApError, stage: Stage, couldSend: boolean): WifiConfErrorCode {
  const { code } = error;
  if (code === "CANCELED") return "WIFI_CONF_FAIL";
  if (code === "PROVISIONING_ACTIVE") return "PROCESSING_PLEASE_WAIT";
  if (code === "PROTOCOL_VERSION_UNKNOWN") return "SOFTAP_MODULE_VERSION_ERROR";
  if (code === "DEVICE_SILENT") return couldSend ? "UDP_NOT_RESPONSE" : "UDP_SEND_MSG_FAIL";
  switch (stage) {
    case "start":
      return error.entry.kind === "cloud" ? "BUSINESS_QUERY_BIND_TOKEN_FAIL" : "PROTOCOL_FAIL";
    case "join":
      return "CONNECT_WIFI_FAIL";
    case "udp":
      return "UDP_ERROR";
    case "device":
      return "BUSINESS_DEVICE_ERROR";
    case "query":
      if (code === "VERDICT_UNKNOWN") return "BUSINESS_QUERY_BIND_TOKEN_TIMEOUT";
      return code === "REPLY_INVALID"
        ? "BUSINESS_QUERY_PRODUCTID_NOT_FOUND"
        : "BUSINESS_QUERY_BIND_TOKEN_FAIL";
    case "add":
      return "BUSINESS_ADD_DEVICE_FAIL";
  }
}

/** The failure in the vendor's form. @param datagram - What the device sent last. */
export function wifiConfError(code: WifiConfErrorCode, error: SoftApError, datagram: unknown): WifiConfError {
  const { wxCode } = error.context;
  const foreign = rootOf(error);
  return {
    code,
    uiMsg: sentences[code],
    msg: error.message,
    softApCode: error.code,
    errCode: typeof wxCode === "number" ? wxCode : undefined,
    errMsg: typeof foreign === "string" ? foreign : undefined,
    message: code === "BUSINESS_DEVICE_ERROR" ? { code, detail: datagram } : undefined,
    detail: typeof foreign === "object" && foreign !== null ? foreign : undefined,
  };
}

/** The first cause that is not an error of ours: what the SDK or `wx` said. */
function rootOf(error: SoftApError): unknown {
  let cause: unknown = error.cause;
  while (cause instanceof Error) cause = cause.cause;
  return cause;
}
