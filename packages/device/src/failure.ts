import {
  asSoftApError,
  codeOfBindReply,
  codeOfRegistration,
  errorBasics,
  type ErrorCode,
  vendorErrorOf,
} from "@softap/protocol";

/** Why something did not work: small enough to be kept, sent and compared. */
export interface Failure {
  readonly code: ErrorCode;
  /** Replaces the sub id of the registry towards v2.0 phones. */
  readonly subId?: number;
  /** What lies behind a collective code: which hop towards the cloud failed. */
  readonly cause?: ErrorCode;
  /** Whether the same try can work later. */
  readonly canRetry: boolean;
}

/** The failure with the registry's word on retrying. */
export function failure(code: ErrorCode, details: Partial<Omit<Failure, "code">> = {}): Failure {
  return { code, canRetry: errorBasics[code].retry === "yes", ...details };
}

/** What a radio or a store threw. */
export function failureOf(error: unknown): Failure {
  return failure(asSoftApError(error).code);
}

/** Codes of the way to the cloud that a person can only read as "not reachable". */
const unreachable: ReadonlySet<ErrorCode> = new Set([
  "HOST_NOT_FOUND",
  "CONNECTION_REFUSED",
  "UNREACHABLE",
  "SOCKET_CLOSED",
  "TIMEOUT",
]);

/** MQTT 3.1.1 return code "server unavailable": the only refusal that passes by itself. */
const serverUnavailable = 3;

/** What an MQTT or HTTP port threw; the hop that failed stays as `cause`. */
export function cloudFailureOf(error: unknown): Failure {
  const { code, context } = asSoftApError(error);
  if (unreachable.has(code))
    return failure("CLOUD_UNREACHABLE", {
      cause: code,
      ...(code === "TIMEOUT" ? {} : { subId: vendorErrorOf(code).subId }),
    });
  const returnCode = context["returnCode"];
  if (code === "MQTT_REFUSED" && typeof returnCode === "number")
    // Return codes 1–5 are −113 … −117 in the vendor's SDK.
    return failure(code, { subId: -112 - returnCode, canRetry: returnCode === serverUnavailable });
  return failure(code);
}

/** What the cloud answered to a bind request: a number of ours or any other. */
export function bindFailureOf(replyCode: number): Failure {
  return { ...failure(codeOfBindReply[replyCode] ?? "BIND_REFUSED"), subId: replyCode };
}

/** What the cloud answered to a registration. */
export function registrationFailureOf(replyCode: number): Failure {
  return { ...failure(codeOfRegistration[replyCode] ?? "REGISTRATION_REPLY_INVALID"), subId: replyCode };
}
