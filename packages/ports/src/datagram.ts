import type { CancelSignal } from "./cancel.ts";

/** One end of an exchange: an IP address (or a host name, where sending) and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** UDP as portable code sees it. Order and delivery are not promised; datagrams are never split or merged. */
export interface DatagramSocket {
  readonly localPort: number;
  /**
   * Resolves when the stack took the datagram, not when it arrived.
   *
   * @throws {TransportError} `UNREACHABLE`, `SOCKET_CLOSED`, `DATAGRAM_TOO_LONG`
   */
  send(datagram: Uint8Array, to: Endpoint, options: { signal: CancelSignal }): Promise<void>;
  /** At most one listener; set it before the first await after opening, or early datagrams are lost. */
  onDatagram: ((datagram: Uint8Array, from: Endpoint) => void) | undefined;
  /** Idempotent. No callback runs after it returned. */
  close(): void;
}

/** Opens UDP sockets. */
export interface DatagramSockets {
  /**
   * @param options.port - 0 lets the system choose.
   * @param options.address - Local address; every one when left out.
   * @throws {TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED`
   */
  open(options: { port: number; address?: string; signal: CancelSignal }): Promise<DatagramSocket>;
}
