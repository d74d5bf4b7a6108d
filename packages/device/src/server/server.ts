import {
  type Clock,
  type DatagramSocket,
  type DatagramSockets,
  type Endpoint,
  type Log,
  neverCanceled,
  type StreamListener,
  type Streams,
  type TimerHandle,
} from "@softap/ports";
import { asSoftApError, isSoftApError, ProtocolError } from "@softap/protocol";
import type { DeviceLimits } from "../limits.ts";
import { ErrorBudget } from "./error-budget.ts";
import { StreamPeers } from "./stream-peers.ts";

/** Where the server listens. */
export interface ServerAddress {
  /** Local address; every one when left out. */
  readonly address?: string;
  /** UDP and TCP; 0 lets the system choose one for both. */
  readonly port: number;
}

/** What a {@link ProvisioningServer} needs. */
export interface ServerOptions extends ServerAddress {
  readonly ports: { readonly clock: Clock; readonly datagrams: DatagramSockets; readonly streams: Streams };
  readonly limits: DeviceLimits;
  readonly log: Log;
  /** Called for each datagram or line; `peer` is where an answer goes. */
  readonly onMessage: (bytes: Uint8Array, peer: string) => void;
  /** Called for a TCP line that is too long; the connection closes afterwards. */
  readonly onTooLong: (peer: string, error: ProtocolError) => void;
}

/** How often a port chosen by the system for UDP may turn out to be taken for TCP. */
const maxPortChoices = 16;

/** The device's ear and mouth on port 8266: UDP datagrams and TCP lines, answered to where they came from. */
export class ProvisioningServer {
  readonly #options: ServerOptions;
  readonly #budget: ErrorBudget;
  readonly #streams: StreamPeers;
  readonly #copies = new Map<string, TimerHandle>();
  #socket: DatagramSocket | undefined;
  #listener: StreamListener | undefined;

  private constructor(options: ServerOptions) {
    this.#options = options;
    const { limits, log, ports } = options;
    this.#budget = new ErrorBudget(ports.clock, limits);
    this.#streams = new StreamPeers({
      clock: ports.clock,
      log,
      maxStreams: limits.maxStreams,
      streamIdleMs: limits.streamIdleMs,
      onLine: options.onMessage,
      onTooLong: (peer) =>
        options.onTooLong(peer, new ProtocolError("DATAGRAM_TOO_LONG", "A line is longer than allowed")),
    });
  }

  /**
   * Opens both sockets.
   *
   * @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED`; nothing is left open then
   */
  static async open(options: ServerOptions): Promise<ProvisioningServer> {
    for (let choice = 1; ; choice++) {
      const server = new ProvisioningServer(options);
      try {
        await server.#listen();
        return server;
      } catch (error) {
        server.close();
        const mayChooseAgain = options.port === 0 && choice < maxPortChoices;
        if (!mayChooseAgain || !isSoftApError(error, "ADDRESS_IN_USE")) throw error;
      }
    }
  }

  /** The port of both sockets. */
  get localPort(): number {
    return this.#socket?.localPort ?? 0;
  }

  /** Sends once. What cannot be sent is lost, as on the air. */
  send(peer: string, bytes: Uint8Array): void {
    const to = endpointOf(peer);
    if (to === undefined) {
      this.#streams.send(peer, bytes);
      return;
    }
    this.#socket?.send(bytes, to, { signal: neverCanceled }).catch((error: unknown) => {
      this.#options.log.debug("datagram not sent", { code: asSoftApError(error).code });
    });
  }

  /** Sends at once and, over UDP, a few copies later unless the peer is heard again. `encode` runs for each: news may have come. */
  sendWithCopies(peer: string, encode: () => Uint8Array): void {
    this.#stopCopies(peer);
    this.send(peer, encode());
    if (endpointOf(peer) === undefined) return;
    const { replyCopies, maxPeers } = this.#options.limits;
    this.#copyLater(peer, encode, replyCopies);
    for (const oldest of this.#copies.keys()) {
      if (this.#copies.size <= maxPeers) break;
      this.#stopCopies(oldest);
    }
  }

  /** Sends an error reply unless the peer has caused too many. */
  sendError(peer: string, bytes: Uint8Array): void {
    const [, address = ""] = peer.split(" ");
    if (this.#budget.take(address)) this.send(peer, bytes);
  }

  /** Closes sockets and connections. Idempotent. */
  close(): void {
    for (const peer of this.#copies.keys()) this.#stopCopies(peer);
    this.#socket?.close();
    this.#socket = undefined;
    this.#listener?.close();
    this.#listener = undefined;
    this.#streams.close();
  }

  async #listen(): Promise<void> {
    const { ports, port, address } = this.#options;
    const where = { ...(address === undefined ? {} : { address }), signal: neverCanceled };
    const socket = await ports.datagrams.open({ ...where, port });
    this.#socket = socket;
    socket.onDatagram = (datagram, from) => this.#heard(datagram, from);
    this.#listener = await ports.streams.listen({
      ...where,
      port: socket.localPort,
      onConnection: (connection) => this.#streams.add(connection),
    });
  }

  #heard(datagram: Uint8Array, from: Endpoint): void {
    const peer = `udp ${from.address} ${from.port}`;
    this.#stopCopies(peer);
    this.#options.onMessage(datagram, peer);
  }

  #copyLater(peer: string, encode: () => Uint8Array, left: number): void {
    this.#copies.delete(peer);
    if (left === 0) return;
    const { ports, limits } = this.#options;
    const timer = ports.clock.after("replyCopy", limits.replyCopyMs, () => {
      this.send(peer, encode());
      this.#copyLater(peer, encode, left - 1);
    });
    this.#copies.set(peer, timer);
  }

  #stopCopies(peer: string): void {
    this.#copies.get(peer)?.cancel();
    this.#copies.delete(peer);
  }
}

/** The endpoint in a UDP peer's id; `undefined` for a TCP peer. */
function endpointOf(peer: string): Endpoint | undefined {
  const [kind, address = "", port] = peer.split(" ");
  return kind === "udp" ? { address, port: Number(port) } : undefined;
}
