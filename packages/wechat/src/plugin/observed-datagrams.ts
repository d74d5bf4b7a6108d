import type { CancelSignal, DatagramSocket, DatagramSockets } from "@softap/ports";
import { decodeUtf8 } from "@softap/protocol";

/** Hears of the socket. */
export interface DatagramsObserver {
  opening(): void;
  opened(): void;
}

/** UDP that remembers what the vendor's reports carry: what the device sent last, and how much could be sent. */
export class ObservedDatagrams implements DatagramSockets {
  readonly #inner: DatagramSockets;
  readonly #observer: DatagramsObserver;
  /** The last JSON object received. */
  last: Readonly<Record<string, unknown>> = {};
  /** Datagrams that were taken. */
  sent = 0;

  constructor(inner: DatagramSockets, observer: DatagramsObserver) {
    this.#inner = inner;
    this.#observer = observer;
  }

  /** @inheritdoc */
  async open(options: { port: number; address?: string; signal: CancelSignal }): Promise<DatagramSocket> {
    this.#observer.opening();
    const socket = await this.#inner.open(options);
    this.#observer.opened();
    const observed: DatagramSocket = {
      localPort: socket.localPort,
      onDatagram: undefined,
      send: async (...sending) => {
        await socket.send(...sending);
        this.sent += 1;
      },
      close: () => socket.close(),
    };
    socket.onDatagram = (datagram, from) => {
      this.#remember(datagram);
      observed.onDatagram?.(datagram, from);
    };
    return observed;
  }

  #remember(datagram: Uint8Array): void {
    try {
      const value: unknown = JSON.parse(decodeUtf8(datagram) ?? "");
      if (typeof value === "object" && value !== null) this.last = { ...value };
    } catch {
      // Whoever decodes it says what is wrong with it.
    }
  }
}
