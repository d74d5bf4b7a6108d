/*
 * Messages on $thing/up/service (device → cloud) and $thing/down/service (cloud → device). JSON:
 *
 *   up    {"method":"app_bind_token","clientToken":"…","params":{"token":"…"[,"pairTime":{…}][,"trace":"…"]}}
 *   down  {"method":"app_bind_token_reply","clientToken":"…","code":0,"status":"success"}
 *   down  {"method":"bind_device","clientToken":"…","timestamp":s}
 *   down  {"method":"unbind_device","DeviceId":"P/D","clientToken":"…","timestamp":s}
 *   up    {"method":"bind_device_query","clientToken":"…"[,"timestamp":ms]}
 *   down  {"method":"bind_device_query_reply","clientToken":"…","code":0}          0: bound
 *   up    {"method":"unbind_device_request","clientToken":"…","deviceName":"…","productId":"…"}
 *   down  {"method":"unbind_device_reply","clientToken":"…","code":0}
 */
import { encodeUtf8 } from "../bytes.ts";
import { decodeJsonObject } from "../datagram/json.ts";
import { isTrace } from "../datagram/request.ts";
import { ProtocolError } from "../errors/error.ts";
import { isFields } from "../fields.ts";
import { Secret } from "../secret.ts";
import type { DeviceAddress } from "./topics.ts";

/** Device → cloud. */
export type ServiceUpMessage =
  | {
      readonly method: "app_bind_token";
      readonly clientToken: string;
      readonly token: Secret;
      /** Milliseconds of each step, by name. */
      readonly pairTime?: Readonly<Record<string, number>>;
      readonly trace?: string;
    }
  | {
      readonly method: "bind_device_query";
      readonly clientToken: string;
      /** Unix milliseconds; left out while the device has no clock. */
      readonly timestampMs?: number;
    }
  | { readonly method: "unbind_device_request"; readonly clientToken: string };

/** Cloud → device. `code` 0 is success. */
export type ServiceDownMessage =
  | {
      readonly method: "app_bind_token_reply" | "bind_device_query_reply" | "unbind_device_reply";
      readonly clientToken: string;
      readonly code: number;
      readonly status: string;
    }
  | { readonly method: "bind_device" | "unbind_device"; readonly clientToken: string };

/** Encodes a message of the device. */
export function encodeServiceUp(message: ServiceUpMessage, device: DeviceAddress): Uint8Array {
  const { method, clientToken } = message;
  switch (message.method) {
    case "app_bind_token": {
      const { token, pairTime, trace } = message;
      const params = {
        token: token.reveal(),
        ...(pairTime === undefined ? {} : { pairTime }),
        ...(trace === undefined ? {} : { trace }),
      };
      return encodeJson({ method, clientToken, params });
    }
    case "bind_device_query": {
      const { timestampMs: timestamp } = message;
      return encodeJson({ method, clientToken, ...(timestamp === undefined ? {} : { timestamp }) });
    }
    case "unbind_device_request":
      return encodeJson({ method, clientToken, deviceName: device.deviceName, productId: device.productId });
  }
}

/**
 * Decodes what a device published on its service topic.
 *
 * @returns The message, or {@link ProtocolError} `DATAGRAM_NOT_JSON`, `FIELD_MISSING`, `COMMAND_UNKNOWN`. Never throws.
 */
export function decodeServiceUp(bytes: Uint8Array): ServiceUpMessage | ProtocolError {
  const fields = decodeJsonObject(bytes);
  if (fields instanceof ProtocolError) return fields;
  const clientToken = fields.text("clientToken") ?? "";
  const method = fields.text("method");
  switch (method) {
    case "app_bind_token": {
      const params = fields.object("params");
      const token = params?.text("token");
      if (token === undefined || token === "")
        return new ProtocolError("FIELD_MISSING", "params.token is missing");
      const trace = params?.text("trace");
      const pairTime = readNumbers(params?.get("pairTime"));
      return {
        method,
        clientToken,
        token: Secret.of(token),
        ...(pairTime === undefined ? {} : { pairTime }),
        ...(trace !== undefined && isTrace(trace) ? { trace } : {}),
      };
    }
    case "bind_device_query": {
      const timestampMs = fields.integer("timestamp");
      return { method, clientToken, ...(timestampMs === undefined ? {} : { timestampMs }) };
    }
    case "unbind_device_request":
      return { method, clientToken };
    default:
      return new ProtocolError("COMMAND_UNKNOWN", "method of the service message is not known");
  }
}

/** Encodes a message of the cloud. `timestampS` is unix seconds. */
export function encodeServiceDown(
  message: ServiceDownMessage,
  context: { device: DeviceAddress; timestampS: number },
): Uint8Array {
  const { method, clientToken } = message;
  switch (message.method) {
    case "bind_device":
      return encodeJson({ method, clientToken, timestamp: context.timestampS });
    case "unbind_device":
      return encodeJson({
        method,
        DeviceId: `${context.device.productId}/${context.device.deviceName}`,
        clientToken,
        timestamp: context.timestampS,
      });
    default:
      return encodeJson({ method, clientToken, code: message.code, status: message.status });
  }
}

/**
 * Decodes what the cloud sent on the service topic.
 *
 * @returns The message, or {@link ProtocolError} `DATAGRAM_NOT_JSON`, `FIELD_MISSING`, `COMMAND_UNKNOWN`. Never throws.
 */
export function decodeServiceDown(bytes: Uint8Array): ServiceDownMessage | ProtocolError {
  const fields = decodeJsonObject(bytes);
  if (fields instanceof ProtocolError) return fields;
  const clientToken = fields.text("clientToken") ?? "";
  const method = fields.text("method");
  switch (method) {
    case "bind_device":
    case "unbind_device":
      return { method, clientToken };
    case "app_bind_token_reply":
    case "bind_device_query_reply":
    case "unbind_device_reply": {
      const code = fields.integer("code");
      if (code === undefined) return new ProtocolError("FIELD_MISSING", "code of the reply is missing");
      return { method, clientToken, code, status: fields.text("status") ?? "" };
    }
    default:
      return new ProtocolError("COMMAND_UNKNOWN", "method of the service message is not known");
  }
}

/** The finite numbers of an object by name, at most 16; the vendor's `pairTime` also has a text among them. */
function readNumbers(value: unknown): Record<string, number> | undefined {
  if (!isFields(value)) return undefined;
  const numbers = Object.entries(value).filter((entry): entry is [string, number] =>
    Number.isFinite(entry[1]),
  );
  return numbers.length === 0 ? undefined : Object.fromEntries(numbers.slice(0, 16));
}

function encodeJson(object: object): Uint8Array {
  return encodeUtf8(JSON.stringify(object));
}
