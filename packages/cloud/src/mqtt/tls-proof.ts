import type { TLSSocket } from "node:tls";
import type { ClientCertificate } from "./authentication.ts";

/**
 * Whether the connection was opened with a pre-shared key, and not with the server's certificate after a key was offered in vain.
 * With tickets and session cache off, the only session that TLS 1.3 calls reused is that of a pre-shared key.
 */
export function isPskConnection(socket: TLSSocket): boolean {
  if (socket.getProtocol() === "TLSv1.3") return socket.isSessionReused();
  return socket.getCipher().name.includes("PSK");
}

/** The client's certificate, when it showed one. */
export function clientCertificate(socket: TLSSocket): ClientCertificate | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const commonName = /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? "";
  const fingerprint = certificate.fingerprint256.replaceAll(":", "").toLowerCase();
  return { commonName, fingerprint, isTrusted: socket.authorized };
}
