import {
  type CancelSignal,
  type DatagramSocket,
  type DatagramSockets,
  type Endpoint,
  throwIfCanceled,
} from "@softap/ports";
import { softApError, type SoftApError } from "@softap/protocol";
import { wxErrorOf } from "./wx-call.ts";
import { networkError } from "./wx-errors.ts";
import type { Wx, WxUdpSocket } from "./wx.ts";

/** Opening takes a turn, as everywhere: a signal that fires right behind the call still counts. */
const turn: Promise<void> = Promise.resolve();

/** UDP by `wx.createUDPSocket`. */
export class WechatDatagramSockets implements DatagramSockets {
  readonly #wx: Pick<Wx, "createUDPSocket">;
  readonly #onError: ((error: SoftApError) => void) | undefined;

  /** @param onError - Hears what goes wrong later than the call that caused it, as `wx` tells most failures. */
  constructor(wx: Pick<Wx, "createUDPSocket">, onError?: (error: SoftApError) => void) {
    this.#wx = wx;
    this.#onError = onError;
  }

  /** @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED`; {@link UsageError} `USAGE` where there is no UDP, or for a local address, which `wx` cannot choose */
  async open(options: { port: number; address?: string; signal: CancelSignal }): Promise<DatagramSocket> {
    const { port, address = "0.0.0.0", signal } = options;
    await turn;
    throwIfCanceled(signal);
    if (address !== "0.0.0.0") throw softApError("USAGE", "WeChat cannot bind UDP to one local address");
    if (this.#wx.createUDPSocket === undefined)
      throw softApError("USAGE", "There is no UDP here; in the developer tools, use Preview on a phone");
    let socket: WxUdpSocket | undefined;
    try {
      socket = this.#wx.createUDPSocket();
      // A fixed port may be taken by another page or app; without one the system finds a free one.
      const bound = port === 0 ? socket.bind() : socket.bind(port);
      if (!(bound > 0)) throw softApError("ADDRESS_IN_USE", `UDP port ${port} cannot be had`);
      return new WechatDatagramSocket(socket, bound, this.#onError);
    } catch (error) {
      socket?.close();
      throw networkError("Opening a UDP port", wxErrorOf(error), "ADDRESS_IN_USE");
    }
  }
}

class WechatDatagramSocket implements DatagramSocket {
  readonly localPort: number;
  onDatagram: ((datagram: Uint8Array, from: Endpoint) => void) | undefined = undefined;
  readonly #socket: WxUdpSocket;
  #isClosed = false;

  constructor(socket: WxUdpSocket, localPort: number, onError: ((error: SoftApError) => void) | undefined) {
    this.#socket = socket;
    this.localPort = localPort;
    // Without a listener an error of the socket ends the page's script.
    socket.onError((error) => {
      if (!this.#isClosed) onError?.(networkError("Sending a datagram", error, "UNREACHABLE"));
    });
    socket.onMessage(({ message, remoteInfo }) =>
      this.onDatagram?.(new Uint8Array(message), { address: remoteInfo.address, port: remoteInfo.port }),
    );
  }

  /** Resolves when `wx` took the datagram; a failure behind that is told to the listener of {@link WechatDatagramSockets}. */
  async send(datagram: Uint8Array, to: Endpoint, options: { signal: CancelSignal }): Promise<void> {
    throwIfCanceled(options.signal);
    if (this.#isClosed) throw softApError("SOCKET_CLOSED", "The UDP socket is closed");
    // A copy: the bytes may be a part of a longer buffer, which `wx` would send whole.
    const { buffer: message } = Uint8Array.from(datagram);
    try {
      this.#socket.send({ address: to.address, port: to.port, message });
    } catch (error) {
      throw networkError("Sending a datagram", wxErrorOf(error), "UNREACHABLE");
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onDatagram = undefined;
    this.#socket.close();
  }
}
