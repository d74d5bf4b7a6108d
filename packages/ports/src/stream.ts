import type { CancelSignal } from "./cancel.ts";
import type { Endpoint } from "./datagram.ts";

/** A TCP connection: bytes in order, in pieces of any size. */
export interface StreamConnection {
  readonly remote: Endpoint;
  /** Resolves when the stack took the bytes. @throws {TransportError} `SOCKET_CLOSED`, `UNREACHABLE` */
  write(bytes: Uint8Array, options: { signal: CancelSignal }): Promise<void>;
  /** At most one listener; set it in the same turn in which the connection was received. */
  onBytes: ((bytes: Uint8Array) => void) | undefined;
  /** Called once, when either side closed or the connection broke; not after our own `close()`. */
  onClosed: (() => void) | undefined;
  /** Idempotent. No callback runs after it returned. */
  close(): void;
}

/** A listening TCP port. */
export interface StreamListener {
  readonly localPort: number;
  /** Stops listening; connections already made go on. Idempotent. */
  close(): void;
}

/** Opens TCP connections and listeners. */
export interface Streams {
  /**
   * @param options.onConnection - Called for each connection, in the turn in which its first bytes cannot yet have been lost.
   * @throws {TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED`
   */
  listen(options: {
    port: number;
    address?: string;
    onConnection: (connection: StreamConnection) => void;
    signal: CancelSignal;
  }): Promise<StreamListener>;
  /** @throws {TransportError} `CONNECTION_REFUSED`, `UNREACHABLE`, `HOST_NOT_FOUND`; {CanceledError} */
  connect(options: { to: Endpoint; signal: CancelSignal }): Promise<StreamConnection>;
}
