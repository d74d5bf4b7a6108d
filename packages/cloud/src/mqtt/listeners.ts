import { constants } from "node:crypto";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import {
  createSecureContext,
  createServer as createTlsServer,
  type TlsOptions,
  type TLSSocket,
} from "node:tls";
import { type Log } from "@softap/ports";
import { type Secret, softApError } from "@softap/protocol";
import { translateListenError } from "../listen-errors.ts";
import { parseClientId } from "../rules/device-id.ts";
import type { ClientCertificate } from "./authentication.ts";
import type { DeviceLookup } from "./device-facts.ts";
import { clientCertificate, isPskConnection } from "./tls-proof.ts";

/** What the vendor's devices offer first, then what is better, then what certificate devices use. */
const cipherSuites = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-PSK-AES128-CBC-SHA256",
  "PSK-AES128-GCM-SHA256",
  "PSK-AES256-GCM-SHA384",
  "PSK-AES128-CBC-SHA256",
  "PSK-AES256-CBC-SHA384",
  "PSK-AES128-CBC-SHA",
  "PSK-AES256-CBC-SHA",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES128-SHA256",
  "AES128-GCM-SHA256",
].join(":");

/** Certificate of the TLS port, PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly privateKey: Secret;
  /** Who signs the certificates of devices; without it only pinned ones are accepted. */
  readonly clientAuthority?: string;
}

/** A connection with what its TLS layer proved. */
export interface DeviceSocket {
  readonly socket: Socket;
  readonly pskIdentity: string | undefined;
  readonly certificate: ClientCertificate | undefined;
}

/** A listening port for devices. */
export interface DeviceListener {
  readonly port: number;
  readonly isListening: boolean;
  /** Stops accepting and breaks every connection. Resolves when the port is free. */
  close(): Promise<void>;
}

/** Where to listen, and what for. */
export interface ListenerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly maxConnections: number;
  /** Time for the TLS handshake, milliseconds. */
  readonly handshakeTimeoutMs: number;
  readonly onSocket: (socket: DeviceSocket) => void;
  readonly log: Log;
}

/** Listens for MQTT over plain TCP. @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED` */
export function listenTcp(options: ListenerOptions): Promise<DeviceListener> {
  const server = createTcpServer({ noDelay: true, keepAlive: true }, (socket) => {
    options.onSocket({ socket, pskIdentity: undefined, certificate: undefined });
  });
  return listen(server, "MQTT", options);
}

/** Listens for MQTT over TLS-PSK, and over TLS with certificates when there is one. @throws like {@link listenTcp}, and `CONFIG_INVALID` */
export async function listenTls(
  options: ListenerOptions & { lookup: DeviceLookup; certificate: ServerCertificate | undefined },
): Promise<DeviceListener> {
  const { lookup, certificate, log } = options;
  // Which key opened a connection: OpenSSL tells only during the handshake.
  const identities = new WeakMap<Socket, string>();
  const server = createTlsServer(
    {
      noDelay: true,
      keepAlive: true,
      minVersion: "TLSv1.2",
      ciphers: cipherSuites,
      honorCipherOrder: true,
      // A resumed session would carry no proof of which key it began with.
      secureOptions: constants.SSL_OP_NO_TICKET,
      handshakeTimeout: options.handshakeTimeoutMs,
      pskCallback: (socket: TLSSocket, identity: string) => {
        const device = parseClientId(identity);
        const key = device === undefined ? undefined : lookup(device)?.key;
        if (key === undefined) {
          log.debug("TLS-PSK identity is unknown", { address: socket.remoteAddress });
          return null;
        }
        identities.set(socket, identity);
        return key;
      },
      ...certificateOptions(certificate),
    },
    (socket) => {
      options.onSocket({
        socket,
        pskIdentity: isPskConnection(socket) ? identities.get(socket) : undefined,
        certificate: certificate === undefined ? undefined : clientCertificate(socket),
      });
    },
  );
  server.on("tlsClientError", (error, socket) => {
    log.debug("TLS handshake failed", { reason: error.message, address: socket.remoteAddress });
    socket.destroy();
  });
  return listen(server, "MQTT over TLS", options);
}

/** @throws {@link UsageError} `CONFIG_INVALID` when OpenSSL cannot read it */
function certificateOptions(certificate: ServerCertificate | undefined): TlsOptions {
  if (certificate === undefined) return {};
  const { certificate: cert, privateKey, clientAuthority: ca } = certificate;
  const secure = { cert, key: privateKey.reveal(), ...(ca === undefined ? {} : { ca }) };
  try {
    createSecureContext(secure);
  } catch (error) {
    throw softApError("CONFIG_INVALID", "The certificate, its key or the client authority cannot be used", {
      cause: error,
    });
  }
  return { ...secure, requestCert: true, rejectUnauthorized: false };
}

function listen(server: Server, purpose: string, options: ListenerOptions): Promise<DeviceListener> {
  const { host, port } = options;
  server.maxConnections = options.maxConnections;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(translateListenError(error, { purpose, host, port }));
    server.once("error", onError);
    const onListening = (): void => {
      server.off("error", onError);
      server.on("error", (error) => options.log.error("listener failed", { purpose, reason: error.message }));
      resolve({
        // A server that listens on a port has an address with one.
        port: (server.address() as AddressInfo).port,
        get isListening() {
          return server.listening;
        },
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    };
    try {
      server.listen(port, host, onListening);
    } catch (error) {
      reject(translateListenError(error, { purpose, host, port }));
    }
  });
}
