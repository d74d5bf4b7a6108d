import { type ErrorCode, softApError } from "@softap/protocol";

/** System errors of opening a port → ours. */
const codes: Readonly<Record<string, ErrorCode>> = {
  EADDRINUSE: "ADDRESS_IN_USE",
  EADDRNOTAVAIL: "ADDRESS_UNAVAILABLE",
  EACCES: "PERMISSION_DENIED",
  EPERM: "PERMISSION_DENIED",
  ENOTFOUND: "HOST_NOT_FOUND",
  EAI_AGAIN: "HOST_NOT_FOUND",
  ERR_SOCKET_BAD_PORT: "CONFIG_INVALID",
};

/** A failure to listen as one of ours, naming the port. */
export function translateListenError(
  error: unknown,
  at: { purpose: string; host: string; port: number },
): Error {
  const system = error instanceof Error && "code" in error ? String(error.code) : "";
  return softApError(
    codes[system] ?? "INTERNAL",
    `Cannot listen on ${at.host}:${at.port} for ${at.purpose}`,
    {
      cause: error,
      context: { purpose: at.purpose, port: at.port },
    },
  );
}
