import { type ErrorCode, isSoftApError, type SoftApError, softApError } from "@softap/protocol";
import { readNativeError } from "../native-error.ts";

/** What Android's and Apple's socket layers say, and our names for it; the first that fits counts. */
const codeOfText: readonly (readonly [RegExp, ErrorCode])[] = [
  [/EADDRINUSE|address already in use/i, "ADDRESS_IN_USE"],
  [/EADDRNOTAVAIL|assign requested address/i, "ADDRESS_UNAVAILABLE"],
  [/EACCES|EPERM|permission denied|operation not permitted/i, "PERMISSION_DENIED"],
  [/EMSGSIZE|message too long/i, "DATAGRAM_TOO_LONG"],
  [/unable to resolve host|unknown host|nodename nor servname|EAI_/i, "HOST_NOT_FOUND"],
  [/no client found|not bound|socket (is )?closed|EBADF/i, "SOCKET_CLOSED"],
  [/ENETUNREACH|EHOSTUNREACH|ENETDOWN|unreachable|no route to host|network is down/i, "UNREACHABLE"],
];

/**
 * An error of `react-native-udp` as one of ours; the original is its cause.
 *
 * @param error - Text, object or Error. One of ours comes back as it is.
 * @param what - What could not be done, for the message.
 * @param otherwise - Code of what the table does not know.
 */
export function udpError(error: unknown, what: string, otherwise: ErrorCode): SoftApError {
  if (isSoftApError(error)) return error;
  const { text } = readNativeError(error);
  const code = codeOfText.find(([pattern]) => pattern.test(text))?.[1] ?? otherwise;
  return softApError(code, what, { cause: error });
}
