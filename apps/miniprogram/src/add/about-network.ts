import type { SoftApError } from "@softap/protocol";

/** Whether another name or passphrase of the network may cure it. */
export function isAboutNetwork({ entry }: SoftApError): boolean {
  return entry.kind === "wifi" || (entry.kind === "protocol" && entry.retry === "input");
}
