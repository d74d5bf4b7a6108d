/*
 * Phone → device, UDP or one line of TCP on port 8266. UTF-8 JSON:
 *
 *   {"cmdType":1,"ssid":"…","password":"…","token":"…"[,"region":"…"][,"bssid":"…"][,"trace":"8 hex"]}
 *   {"cmdType":0,"token":"…"[,"region":"…"][,"trace":"8 hex"]}
 *   {"cmdType":0,"timestamp":n}                                 v1: asks who the device is
 *   {"cmdType":3}                                               asks for the device log
 */
import { encodeUtf8, utf8Length } from "../bytes.ts";
import { ProtocolError } from "../errors/error.ts";
import { protocolLimits as limits } from "../limits.ts";
import { Secret } from "../secret.ts";
import { CommandType } from "./command-type.ts";
import { decodeJsonObject, type JsonFields } from "./json.ts";
import { passphraseProblem, ssidProblem, tokenProblem } from "./limits-check.ts";

/** Target network and bind token (`cmdType` 1). */
export interface NetworkRequest {
  readonly type: "network";
  /** 1–32 bytes; on the wire always UTF-8. */
  readonly ssid: Uint8Array;
  /** 8–63 bytes or 64 hex digits; `undefined` for an open network (an empty `password` on the wire). */
  readonly passphrase: Secret | undefined;
  /** 1–32 bytes. */
  readonly token: Secret;
  /** Cloud region that the token belongs to, such as `ap-guangzhou`; up to 64 bytes. */
  readonly region?: string | undefined;
  /** The router's MAC address, as Android and iOS apps send it; may be any text. */
  readonly bssid?: string | undefined;
  /** 8 hex digits that tie the logs of phone, device and cloud together. */
  readonly trace?: string | undefined;
}

/** Bind token for a device that has Wi-Fi already (`cmdType` 0). */
export interface TokenRequest {
  readonly type: "token";
  readonly token: Secret;
  readonly region?: string | undefined;
  readonly trace?: string | undefined;
}

/** "Who are you, and are you connected?" of protocol v1 (`cmdType` 0 with a timestamp). */
export interface V1StatusRequest {
  readonly type: "v1Status";
  readonly timestampS: number;
}

/** Asks for the device log (`cmdType` 3). */
export interface LogQuery {
  readonly type: "logQuery";
}

/** Everything that a phone may send. */
export type DeviceRequest = NetworkRequest | TokenRequest | V1StatusRequest | LogQuery;

/**
 * Decodes what a phone sent. Unknown keys are ignored, key names are matched without regard to case, and `cmdType` may
 * be a number or its text.
 *
 * @param bytes - 1–1 023 bytes.
 * @returns The request, or {@link ProtocolError} `DATAGRAM_TOO_LONG`, `DATAGRAM_NOT_JSON`, `COMMAND_UNKNOWN`, `FIELD_MISSING`,
 * `SSID_LENGTH`, `PASSPHRASE_LENGTH`, `TOKEN_LENGTH`, `REGION_LENGTH`. Never throws.
 */
export function decodeRequest(bytes: Uint8Array): DeviceRequest | ProtocolError {
  if (bytes.length > limits.maxRequestBytes)
    return new ProtocolError(
      "DATAGRAM_TOO_LONG",
      `Datagram has ${bytes.length} bytes, at most ${limits.maxRequestBytes} are allowed`,
    );
  const fields = decodeJsonObject(bytes);
  if (fields instanceof ProtocolError) return fields;
  if (fields.get("cmdType") === undefined)
    return new ProtocolError("DATAGRAM_NOT_JSON", "Datagram has no cmdType");
  switch (fields.integer("cmdType")) {
    case CommandType.network:
      return decodeNetwork(fields);
    case CommandType.token:
      return decodeToken(fields);
    case CommandType.logQuery:
      return { type: "logQuery" };
    default:
      return new ProtocolError("COMMAND_UNKNOWN", "cmdType is not 0, 1 or 3");
  }
}

function decodeNetwork(fields: JsonFields): NetworkRequest | ProtocolError {
  const ssidText = fields.text("ssid");
  const passphrase = fields.text("password");
  const token = fields.text("token");
  if (ssidText === undefined) return missing("ssid");
  if (passphrase === undefined) return missing("password");
  if (token === undefined) return missing("token");
  const ssid = encodeUtf8(ssidText);
  const problem = ssidProblem(ssid) ?? passphraseProblem(passphrase) ?? tokenProblem(token);
  if (problem !== undefined) return problem;
  const options = decodeOptions(fields);
  if (options instanceof ProtocolError) return options;
  const bssid = fields.text("bssid");
  return {
    type: "network",
    ssid,
    passphrase: passphrase === "" ? undefined : Secret.of(passphrase),
    token: Secret.of(token),
    ...options,
    ...(bssid === undefined || bssid === "" ? {} : { bssid }),
  };
}

function decodeToken(fields: JsonFields): TokenRequest | V1StatusRequest | ProtocolError {
  const token = fields.text("token");
  if (token === undefined) {
    const timestampS = fields.integer("timestamp");
    return timestampS === undefined ? missing("token") : { type: "v1Status", timestampS };
  }
  const problem = tokenProblem(token);
  if (problem !== undefined) return problem;
  const options = decodeOptions(fields);
  return options instanceof ProtocolError ? options : { type: "token", token: Secret.of(token), ...options };
}

function decodeOptions(fields: JsonFields): { region?: string; trace?: string } | ProtocolError {
  const region = fields.text("region");
  const trace = fields.text("trace");
  if (region !== undefined && utf8Length(region) > limits.maxRegionBytes)
    return new ProtocolError(
      "REGION_LENGTH",
      `region has ${utf8Length(region)} bytes, at most ${limits.maxRegionBytes} are allowed`,
    );
  return {
    ...(region === undefined || region === "" ? {} : { region }),
    ...(trace !== undefined && isTrace(trace) ? { trace } : {}),
  };
}

/** Whether a text is a trace id: 8 lowercase hex digits. */
export function isTrace(text: string): boolean {
  return /^[0-9a-f]{8}$/.test(text);
}

function missing(field: string): ProtocolError {
  return new ProtocolError("FIELD_MISSING", `${field} is missing or not a text`, { context: { field } });
}
