import { type DatagramSocket, type DatagramSockets, type Log, neverCanceled } from "@softap/ports";
import { asSoftApError } from "@softap/protocol";
import { answerDnsQuery } from "./message.ts";

/** What a {@link NameServer} needs. */
export interface NameServerOptions {
  readonly datagrams: DatagramSockets;
  readonly log: Log;
  readonly port: number;
  /** Local address; every one when left out. */
  readonly address?: string;
  /** Whether a peer is answered at all. */
  readonly isServed: (address: string) => boolean;
  /** IPv4 address for a name. */
  readonly addressOf: (name: string) => string;
}

/** Tells phones on the soft AP that every name is the device. */
export class NameServer {
  readonly #socket: DatagramSocket;

  private constructor(socket: DatagramSocket, options: NameServerOptions) {
    this.#socket = socket;
    socket.onDatagram = (query, from) => {
      const answer = options.isServed(from.address) ? answerDnsQuery(query, options.addressOf) : undefined;
      if (answer === undefined) return;
      socket.send(answer, from, { signal: neverCanceled }).catch((error: unknown) => {
        options.log.debug("name not answered", { code: asSoftApError(error).code });
      });
    };
  }

  /** @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED` */
  static async open(options: NameServerOptions): Promise<NameServer> {
    const { port, address } = options;
    const where = address === undefined ? { port } : { port, address };
    return new NameServer(await options.datagrams.open({ ...where, signal: neverCanceled }), options);
  }

  /** The UDP port. */
  get localPort(): number {
    return this.#socket.localPort;
  }

  /** Idempotent. */
  close(): void {
    this.#socket.close();
  }
}
