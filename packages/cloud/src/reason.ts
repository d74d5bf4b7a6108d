import { asSoftApError } from "@softap/protocol";

/** What an error says to the operator's log: its code, its message and its cause's, never a stack. */
export function reasonOf(error: unknown): string {
  const { code, message, cause } = asSoftApError(error);
  return cause instanceof Error ? `${code}: ${message}: ${cause.message}` : `${code}: ${message}`;
}
