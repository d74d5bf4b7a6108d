import type { CancelSignal, MqttConnectOptions, MqttSecurity } from "@softap/ports";
import { parseBase64, softApError } from "@softap/protocol";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, createSecureContext } from "node:tls";
import { cancelable } from "../cancelable.ts";
import { networkError } from "../errors.ts";

/** TLS 1.3 first, then modern suites, and the two that the vendor's devices and servers speak. */
const pskCiphers = [
  "TLS_AES_128_GCM_SHA256",
  "ECDHE-PSK-CHACHA20-POLY1305",
  "PSK-AES128-GCM-SHA256",
  "PSK-AES256-GCM-SHA384",
  "PSK-CHACHA20-POLY1305",
  "PSK-AES128-CBC-SHA256",
  "PSK-AES128-CBC-SHA",
  "PSK-AES256-CBC-SHA",
].join(":");

/**
 * Opens the connection under an MQTT session, up to and including the TLS handshake.
 *
 * @throws {@link TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`;
 * {@link UsageError} `CONFIG_INVALID` when a key or certificate cannot be read; {@link CanceledError}
 */
export function openSocket(options: MqttConnectOptions): Promise<Socket> {
  const { host, port, security, signal } = options;
  const what = `Cannot connect to ${host}:${port}`;
  return security.kind === "password"
    ? settleSocket({ what, signal, ready: "connect" }, () => connectTcp({ host, port, noDelay: true }))
    : settleSocket({ what, signal, ready: "secureConnect" }, () =>
        connectTls({
          ...tlsOptions(security),
          host,
          port,
          ...(isIP(host) === 0 ? { servername: host } : {}),
          minVersion: "TLSv1.2",
        }).setNoDelay(true),
      );
}

function tlsOptions(security: Exclude<MqttSecurity, { kind: "password" }>): ConnectionOptions {
  switch (security.kind) {
    case "psk": {
      const psk = parseBase64(security.key.reveal());
      if (psk === undefined || psk.length === 0)
        throw softApError("CONFIG_INVALID", "The TLS-PSK key is not base64");
      return {
        ciphers: pskCiphers,
        pskCallback: () => ({ identity: security.identity, psk }),
        // The key is the whole proof. Under TLS 1.3 a server could show a certificate instead: nobody checked it.
        ca: [],
        checkServerIdentity: (_host, certificate) =>
          Object.keys(certificate).length === 0 ? undefined : new Error("The server did not use the key"),
      };
    }
    case "certificate":
      try {
        return {
          secureContext: createSecureContext({
            cert: security.certificate,
            key: security.privateKey.reveal(),
            ca: security.authority,
            minVersion: "TLSv1.2",
          }),
        };
      } catch {
        // Without the cause: OpenSSL's text may quote what it could not read.
        throw softApError(
          "CONFIG_INVALID",
          "The certificate, its private key or its authority is not valid PEM",
        );
      }
  }
}

function settleSocket(
  options: {
    readonly what: string;
    readonly signal: CancelSignal;
    readonly ready: "connect" | "secureConnect";
  },
  open: () => Socket,
): Promise<Socket> {
  const { what, signal, ready } = options;
  return cancelable<Socket>(signal, ({ resolve, reject }) => {
    let isHandshaking = false;
    const fail = (error: unknown): void =>
      reject(
        isHandshaking
          ? softApError("TLS_FAILED", `${what}: the TLS handshake failed`, { cause: error })
          : networkError(error, what, "UNREACHABLE"),
      );
    let socket: Socket;
    try {
      socket = open();
    } catch (error) {
      fail(error);
      return () => {};
    }
    const onError = (error: Error): void => {
      socket.destroy();
      fail(error);
    };
    socket.on("error", onError);
    socket.once("connect", () => (isHandshaking = ready === "secureConnect"));
    socket.once(ready, () => {
      // From here on the owner of the socket learns of its end by "close".
      socket.off("error", onError).on("error", () => {});
      resolve(socket);
    });
    return () => socket.destroy();
  });
}
