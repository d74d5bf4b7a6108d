import {
  type Clock,
  type DatagramSocket,
  type DatagramSockets,
  type Log,
  neverCanceled,
  type TimerHandle,
} from "@softap/ports";
import { asSoftApError, decodeRequest, ProtocolError } from "@softap/protocol";
import type { DeviceLog } from "./device-log.ts";

/** What {@link LogServer} needs. */
export interface LogServerOptions {
  readonly clock: Clock;
  readonly datagrams: DatagramSockets;
  readonly address?: string;
  readonly port: number;
  readonly lifeMs: number;
  readonly deviceLog: DeviceLog;
  readonly log: Log;
  /** Called once when the time is up. */
  readonly onExpired: () => void;
}

/** Answers every log query on its UDP port until its time is up; anything else is ignored, as existing devices do. */
export class LogServer {
  readonly #socket: DatagramSocket;
  readonly #life: TimerHandle;

  private constructor(socket: DatagramSocket, options: LogServerOptions) {
    this.#socket = socket;
    this.#life = options.clock.after("logMode", options.lifeMs, options.onExpired);
    socket.onDatagram = (datagram, from) => {
      const request = decodeRequest(datagram);
      if (request instanceof ProtocolError || request.type !== "logQuery") return;
      for (const chunk of options.deviceLog.datagrams())
        socket.send(chunk, from, { signal: neverCanceled }).catch((error: unknown) => {
          options.log.debug("log not sent", { code: asSoftApError(error).code });
        });
    };
  }

  /** @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED` */
  static async open(options: LogServerOptions): Promise<LogServer> {
    const { address, port } = options;
    const where = address === undefined ? { port } : { port, address };
    const socket = await options.datagrams.open({ ...where, signal: neverCanceled });
    return new LogServer(socket, options);
  }

  /** The UDP port. */
  get localPort(): number {
    return this.#socket.localPort;
  }

  /** Idempotent. */
  close(): void {
    this.#life.cancel();
    this.#socket.close();
  }
}
