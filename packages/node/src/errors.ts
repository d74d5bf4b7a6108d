import { type ErrorCode, isSoftApError, type SoftApError, softApError } from "@softap/protocol";

/** Node's and OpenSSL's names for what went wrong, and ours. */
const codeOfSystem: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>(
  Object.entries({
    EADDRINUSE: "ADDRESS_IN_USE",
    EADDRNOTAVAIL: "ADDRESS_UNAVAILABLE",
    EAFNOSUPPORT: "ADDRESS_UNAVAILABLE",
    EACCES: "PERMISSION_DENIED",
    EPERM: "PERMISSION_DENIED",
    EMSGSIZE: "DATAGRAM_TOO_LONG",
    ENETUNREACH: "UNREACHABLE",
    EHOSTUNREACH: "UNREACHABLE",
    ENETDOWN: "UNREACHABLE",
    EHOSTDOWN: "UNREACHABLE",
    ETIMEDOUT: "UNREACHABLE",
    ENOBUFS: "UNREACHABLE",
    ECONNREFUSED: "CONNECTION_REFUSED",
    ENOTFOUND: "HOST_NOT_FOUND",
    EAI_AGAIN: "HOST_NOT_FOUND",
    EAI_FAIL: "HOST_NOT_FOUND",
    EAI_NODATA: "HOST_NOT_FOUND",
    EAI_NONAME: "HOST_NOT_FOUND",
    ECONNRESET: "SOCKET_CLOSED",
    ECONNABORTED: "SOCKET_CLOSED",
    EPIPE: "SOCKET_CLOSED",
    ENOTCONN: "SOCKET_CLOSED",
    ERR_SOCKET_DGRAM_NOT_RUNNING: "SOCKET_CLOSED",
    ERR_SOCKET_CLOSED: "SOCKET_CLOSED",
    ERR_SOCKET_CLOSED_BEFORE_CONNECTION: "SOCKET_CLOSED",
    ERR_STREAM_DESTROYED: "SOCKET_CLOSED",
    ERR_STREAM_PREMATURE_CLOSE: "SOCKET_CLOSED",
    ERR_STREAM_WRITE_AFTER_END: "SOCKET_CLOSED",
    EPROTO: "TLS_FAILED",
    CERT_HAS_EXPIRED: "TLS_FAILED",
    CERT_NOT_YET_VALID: "TLS_FAILED",
    CERT_REVOKED: "TLS_FAILED",
    CERT_REJECTED: "TLS_FAILED",
    CERT_UNTRUSTED: "TLS_FAILED",
    CERT_SIGNATURE_FAILURE: "TLS_FAILED",
    DEPTH_ZERO_SELF_SIGNED_CERT: "TLS_FAILED",
    SELF_SIGNED_CERT_IN_CHAIN: "TLS_FAILED",
    UNABLE_TO_GET_ISSUER_CERT: "TLS_FAILED",
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "TLS_FAILED",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "TLS_FAILED",
    INVALID_CA: "TLS_FAILED",
    INVALID_PURPOSE: "TLS_FAILED",
    HOSTNAME_MISMATCH: "TLS_FAILED",
    ERR_SOCKET_BAD_PORT: "USAGE",
    ERR_INVALID_URL: "USAGE",
    ERR_INVALID_PROTOCOL: "USAGE",
    ERR_INVALID_ARG_TYPE: "USAGE",
    ERR_INVALID_ARG_VALUE: "USAGE",
    ERR_INVALID_CHAR: "USAGE",
    ERR_INVALID_HTTP_TOKEN: "USAGE",
    ERR_OUT_OF_RANGE: "USAGE",
  } as const satisfies Record<string, ErrorCode>),
);

/** Families of names too many to list. */
const codeOfFamily: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^ERR_(SSL|TLS|OSSL)_/, "TLS_FAILED"],
  [/^HPE_/, "REPLY_INVALID"],
];

function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * A network error of Node as one of ours; the original is its cause.
 *
 * @param error - What Node threw. One of ours comes back as it is.
 * @param what - What could not be done, for the message: `Cannot listen on port 8266`.
 * @param otherwise - Code of what the table does not know. @defaultValue `INTERNAL`
 */
export function networkError(error: unknown, what: string, otherwise: ErrorCode = "INTERNAL"): SoftApError {
  if (isSoftApError(error)) return error;
  const system = systemCodeOf(error);
  const code =
    system === undefined
      ? undefined
      : (codeOfSystem.get(system) ?? codeOfFamily.find(([family]) => family.test(system))?.[1]);
  const reason = system ?? (error instanceof Error ? error.name : "no reason given");
  return softApError(code ?? otherwise, `${what}: ${reason}`, {
    cause: error,
    ...(system === undefined ? {} : { context: { system } }),
  });
}

/** Whether Node says that a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return systemCodeOf(error) === "ENOENT";
}
