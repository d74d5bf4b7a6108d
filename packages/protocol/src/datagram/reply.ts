/*
 * Device → phone. UTF-8 JSON, ours compact and followed by CRLF:
 *
 *   {"cmdType":2,"productId":"…","deviceName":"…","productRegion":"…","protoVersion":"2.0"[,"status":{…}]}
 *   {"cmdType":2,"deviceReply":"Current_Error"|"Previous_Error","log":"<text> (<id>, <sub id>)"[,"error":{…}]}
 *   {"cmdType":2,"deviceReply":"dataRecived"}                   v1: credentials received (spelled so)
 *   {"cmdType":2,"productId":…,"deviceName":…,"connId":…,"signature":…,"timestamp":…,"wifiState":…,"mqttState":…}   v1
 *   {"cmdType":7}                                               3.0: device is on the target network
 */
import { encodeUtf8 } from "../bytes.ts";
import { isErrorCode, ProtocolError } from "../errors/error.ts";
import { errorBasics } from "../errors/basics.ts";
import type { ErrorCode } from "../errors/codes.ts";
import { errorCodeOfVendor } from "../errors/vendor-meaning.ts";
import { formatVendorLog, parseVendorLog, type VendorError, vendorErrorOf } from "../errors/vendor-log.ts";
import { CommandType, protocolVersion } from "./command-type.ts";
import { decodeJsonObject, type JsonFields } from "./json.ts";

/** Where a device is on its way. `bound` means that the cloud accepted the token. */
export const phases = [
  "received",
  "joining",
  "joined",
  "registering",
  "connecting",
  "reporting",
  "bound",
  "failed",
] as const;
/** One of {@link phases}. */
export type Phase = (typeof phases)[number];

/** Our addition to the device info: where the device is. v2.0 phones ignore it. */
export interface DeviceStatus {
  readonly phase: Phase;
  /** Number of the current try in this session, from 1. */
  readonly attempt: number;
  /** Milliseconds that the device has been in this phase. */
  readonly ageMs?: number;
}

/** Who the device is. A peer of protocol v1 sends no `protoVersion`; what else it sends, {@link decodeV1Status} reads. */
export interface InfoReply {
  readonly type: "info";
  readonly productId?: string | undefined;
  readonly deviceName?: string | undefined;
  readonly productRegion?: string | undefined;
  /** `2.0`, `3.0`, or what else the device sent; `1.0` when it sent nothing. */
  readonly protoVersion: string;
  readonly status?: DeviceStatus | undefined;
}

/** Something went wrong, in this session (`isCurrent`) or in an earlier one. */
export interface ErrorReply {
  readonly type: "error";
  readonly isCurrent: boolean;
  /** The vendor's text with its two numbers. */
  readonly log: string;
  readonly vendor?: VendorError | undefined;
  /** Our code: as sent by a device of ours, else derived from the vendor's numbers. */
  readonly code: ErrorCode;
  /** Whether trying again can help; `input` means with another passphrase. */
  readonly retry: "yes" | "no" | "input";
  /** Number of the try that failed; only devices of ours send it. */
  readonly attempt?: number | undefined;
}

/** Protocol v1: credentials received. */
export interface V1ReceivedReply {
  readonly type: "v1Received";
}

/** Protocol v1: who the device is and whether it is connected. */
export interface V1Status {
  readonly productId: string;
  readonly deviceName: string;
  readonly connId: string;
  /** Lowercase hex HMAC-SHA1. */
  readonly signature: string;
  readonly timestampS: number;
  readonly isWifiConnected: boolean;
  readonly isMqttConnected: boolean;
}

/** Protocol 3.0: the device is on the target network. */
export interface JoinedNotification {
  readonly type: "joined";
}

/** Everything that a device may send. */
export type DeviceReply = InfoReply | ErrorReply | V1ReceivedReply | JoinedNotification;

/** Encodes device info the way every v2.0 phone reads it. */
export function encodeInfoReply(info: {
  readonly productId: string;
  readonly deviceName: string;
  readonly productRegion: string;
  readonly status?: DeviceStatus;
}): Uint8Array {
  const { productId, deviceName, productRegion, status } = info;
  return encodeLine({
    cmdType: CommandType.reply,
    productId,
    deviceName,
    productRegion,
    protoVersion: protocolVersion,
    ...(status === undefined ? {} : { status }),
  });
}

/** Encodes an error: the vendor's `log` text for old phones, `error` for ours. */
export function encodeErrorReply(error: {
  readonly isCurrent: boolean;
  readonly code: ErrorCode;
  /** Replaces the registry's sub id, for an errno or a code of the cloud. */
  readonly subId?: number;
  readonly attempt?: number;
}): Uint8Array {
  const { isCurrent, code, subId, attempt } = error;
  return encodeLine({
    cmdType: CommandType.reply,
    deviceReply: isCurrent ? "Current_Error" : "Previous_Error",
    log: formatVendorLog(vendorErrorOf(code, subId)),
    error: { code, retry: errorBasics[code].retry, ...(attempt === undefined ? {} : { attempt }) },
  });
}

/** Encodes the v1 acknowledgement of credentials. */
export function encodeV1ReceivedReply(): Uint8Array {
  return encodeLine({ cmdType: CommandType.reply, deviceReply: "dataRecived" });
}

/** Encodes the v1 answer to "who are you?". */
export function encodeV1StatusReply(reply: V1Status): Uint8Array {
  return encodeLine({
    cmdType: CommandType.reply,
    productId: reply.productId,
    deviceName: reply.deviceName,
    connId: reply.connId,
    signature: reply.signature,
    timestamp: reply.timestampS,
    wifiState: reply.isWifiConnected ? "connected" : "disconnected",
    mqttState: reply.isMqttConnected ? "connected" : "unconnected",
  });
}

/** Encodes the 3.0 notice that the device is on the target network. */
export function encodeJoinedNotification(): Uint8Array {
  return encodeLine({ cmdType: CommandType.joined });
}

/**
 * Decodes what a device sent: ours, the vendor's ESP demo and C SDK (pretty-printed), esp-qcloud, v1 and 3.0 devices.
 *
 * @returns The reply, or {@link ProtocolError} `DATAGRAM_NOT_JSON`, `REPLY_INVALID`. Never throws.
 */
export function decodeReply(bytes: Uint8Array): DeviceReply | ProtocolError {
  const fields = decodeJsonObject(bytes);
  if (fields instanceof ProtocolError) return fields;
  switch (fields.integer("cmdType")) {
    case CommandType.joined:
      return { type: "joined" };
    case CommandType.reply:
      return decodeReplyFields(fields);
    default:
      return new ProtocolError("REPLY_INVALID", "cmdType of the reply is not 2 or 7");
  }
}

/**
 * Decodes what a v1 device adds to who it is: whether it is connected, and its signature.
 *
 * @returns It, or `undefined` when something of it is missing. Never throws.
 */
export function decodeV1Status(bytes: Uint8Array): V1Status | undefined {
  const fields = decodeJsonObject(bytes);
  if (fields instanceof ProtocolError || fields.integer("cmdType") !== CommandType.reply) return undefined;
  if (fields.text("deviceReply") !== undefined) return undefined;
  const productId = fields.text("productId");
  const deviceName = fields.text("deviceName");
  const connId = fields.text("connId");
  const signature = fields.text("signature");
  const timestampS = fields.integer("timestamp");
  const isComplete = productId !== undefined && deviceName !== undefined && connId !== undefined;
  if (!isComplete || signature === undefined || timestampS === undefined) return undefined;
  return {
    productId,
    deviceName,
    connId,
    signature,
    timestampS,
    isWifiConnected: fields.text("wifiState") === "connected",
    isMqttConnected: fields.text("mqttState") === "connected",
  };
}

function decodeReplyFields(fields: JsonFields): DeviceReply | ProtocolError {
  const deviceReply = fields.text("deviceReply");
  if (deviceReply === "dataRecived") return { type: "v1Received" };
  if (deviceReply === "Current_Error" || deviceReply === "Previous_Error")
    return decodeError(fields, deviceReply === "Current_Error");
  if (deviceReply !== undefined)
    return new ProtocolError("REPLY_INVALID", "deviceReply is neither an error nor dataRecived");
  return decodeInfo(fields);
}

function decodeError(fields: JsonFields, isCurrent: boolean): ErrorReply {
  const log = fields.text("log") ?? "";
  const vendor = parseVendorLog(log);
  const error = fields.object("error");
  const sent = error?.text("code");
  const code = isErrorCode(sent) ? sent : vendor === undefined ? "DEVICE_ERROR" : errorCodeOfVendor(vendor);
  const retry = error?.text("retry");
  return {
    type: "error",
    isCurrent,
    log,
    vendor,
    code,
    retry: retry === "yes" || retry === "no" || retry === "input" ? retry : errorBasics[code].retry,
    attempt: error?.integer("attempt"),
  };
}

function decodeInfo(fields: JsonFields): InfoReply {
  return {
    type: "info",
    productId: fields.text("productId"),
    deviceName: fields.text("deviceName"),
    productRegion: fields.text("productRegion"),
    protoVersion: fields.text("protoVersion") ?? "1.0",
    status: decodeStatus(fields.object("status")),
  };
}

function decodeStatus(fields: JsonFields | undefined): DeviceStatus | undefined {
  const name = fields?.text("phase");
  const phase = phases.find((known) => known === name);
  const attempt = fields?.integer("attempt");
  if (phase === undefined || attempt === undefined || attempt < 1) return undefined;
  const ageMs = fields?.integer("ageMs");
  return { phase, attempt, ...(ageMs === undefined || ageMs < 0 ? {} : { ageMs }) };
}

function encodeLine(object: object): Uint8Array {
  return encodeUtf8(`${JSON.stringify(object)}\r\n`);
}
