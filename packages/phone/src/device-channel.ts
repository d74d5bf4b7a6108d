import {
  type CancelSignal,
  type DatagramSocket,
  type DatagramSockets,
  type Endpoint,
  type Log,
  throwIfCanceled,
} from "@softap/ports";
import { asSoftApError } from "@softap/protocol";

/** What a {@link DeviceChannel} needs. */
export interface DeviceChannelOptions {
  readonly datagrams: DatagramSockets;
  readonly device: Endpoint;
  readonly log: Log;
}

/** Datagrams to and from one device. */
export class DeviceChannel {
  readonly #options: DeviceChannelOptions;
  #socket: DatagramSocket | undefined;

  constructor(options: DeviceChannelOptions) {
    this.#options = options;
  }

  /** Opens a socket on a port of the system's choice: a fixed one may be taken. @throws {@link TransportError} of the port */
  async open(onDatagram: (datagram: Uint8Array) => void, signal: CancelSignal): Promise<void> {
    const { datagrams, log } = this.#options;
    const socket = await datagrams.open({ port: 0, signal });
    if (signal.aborted) socket.close();
    throwIfCanceled(signal);
    this.#socket = socket;
    socket.onDatagram = (datagram, from) => {
      if (this.#isDevice(from)) onDatagram(datagram);
      else log.debug("datagram of somebody else ignored", { bytes: datagram.length });
    };
  }

  /** Sends; a datagram that does not leave is as good as one that is lost on its way. */
  async send(datagram: Uint8Array, signal: CancelSignal): Promise<void> {
    const { device, log } = this.#options;
    try {
      await this.#socket?.send(datagram, device, { signal });
    } catch (error) {
      if (!signal.aborted) log.debug("datagram not sent", { code: asSoftApError(error).code });
    }
  }

  /** Idempotent. */
  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  /** Others on the soft AP cannot speak for the device without forging its address. A host name tells no address. */
  #isDevice(from: Endpoint): boolean {
    const { address, port } = this.#options.device;
    return from.port === port && (from.address === address || !/^[\d.]+$/.test(address));
  }
}
