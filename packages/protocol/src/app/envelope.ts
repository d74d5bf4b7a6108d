import type { ErrorCode } from "../errors/codes.ts";
import { isErrorCode } from "../errors/error.ts";
import { type ErrorEntry, errorRegistry } from "../errors/registry.ts";
import { type Fields, isFields } from "../fields.ts";
import { errorCodeOfApp } from "./app-code.ts";

/** Code of every failure: the only number that the vendor's apps know, and the one on which they log in again. */
export const appFailureCode = -1000;

/**
 * A successful reply in both envelopes: `code`/`msg`/`data` as the vendor's SDKs read it, `Response` as the documentation shows it.
 *
 * @param data - Fields of the reply without `RequestId`.
 */
export function formatAppReply(data: Fields, requestId: string): object {
  const whole = { ...data, RequestId: requestId };
  return { code: 0, msg: "", data: whole, Response: whole };
}

/** A failure in both envelopes. `SoftAp` carries our own code beside the vendor's. */
export function formatAppFailure(code: ErrorCode, message: string, requestId: string): object {
  const error = {
    Code: (errorRegistry[code] as ErrorEntry).app ?? "InternalError",
    Message: message,
    SoftAp: code,
  };
  const whole = { Error: error, RequestId: requestId };
  return { code: appFailureCode, msg: message, data: whole, Response: whole };
}

/** A reply as a client sees it. */
export type AppReply =
  | { readonly type: "ok"; readonly data: Fields }
  | {
      readonly type: "failed";
      readonly code: ErrorCode;
      /** The cloud's own code text, such as `InvalidParameterValue.TokenIsExpire`. */
      readonly appCode: string;
      readonly message: string;
    };

/** Reads a reply in either envelope, also of the vendor's cloud. @returns It, or `undefined` when it is neither. */
export function parseAppReply(value: unknown): AppReply | undefined {
  if (!isFields(value)) return undefined;
  const { code: status, msg, data: inner, Response: response } = value;
  const data = [inner, response].find(isFields);
  const error = [data, response]
    .filter(isFields)
    .map((reply) => reply["Error"])
    .find(isFields);
  if (error !== undefined || (status !== undefined && status !== 0)) {
    const { Code, Message, SoftAp: sent } = error ?? {};
    const appCode = text(Code) ?? text(status) ?? "InternalError";
    const message = text(Message) ?? text(msg) ?? "";
    const code = isErrorCode(sent) ? sent : errorCodeOfApp(appCode, message);
    return { type: "failed", code, appCode, message };
  }
  return data === undefined ? undefined : { type: "ok", data };
}

function text(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : undefined;
}
