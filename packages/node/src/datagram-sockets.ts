import type { CancelSignal, DatagramSocket, DatagramSockets, Endpoint } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns";
import { isIP } from "node:net";
import { cancelable, type Settle } from "./cancelable.ts";
import { networkError } from "./errors.ts";
import { plainBytes } from "./plain-bytes.ts";

/** UDP over IPv4 by `node:dgram`. */
export class NodeDatagramSockets implements DatagramSockets {
  /** @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED`; {@link UsageError} `USAGE` for a port above 65 535 */
  open(options: { port: number; address?: string; signal: CancelSignal }): Promise<DatagramSocket> {
    const { port, address = "0.0.0.0", signal } = options;
    return cancelable(signal, ({ resolve, reject }) => {
      // `bind` takes the lowest 16 bits of anything.
      if (!Number.isInteger(port) || port < 0 || port > 65_535)
        throw softApError("USAGE", `UDP port ${port} is not within 0 to 65 535`);
      const socket = createSocket("udp4");
      const onError = (error: Error): void => {
        socket.close();
        reject(networkError(error, `Cannot open UDP port ${port} of ${address}`, "ADDRESS_UNAVAILABLE"));
      };
      socket.once("error", onError);
      socket.once("listening", () => {
        socket.off("error", onError);
        resolve(new NodeDatagramSocket(socket));
      });
      try {
        socket.bind({ port, address });
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)));
      }
      return () => {
        // The bind may still be looking the address up; its late outcome concerns nobody.
        socket.on("error", () => {});
        socket.close();
      };
    });
  }
}

class NodeDatagramSocket implements DatagramSocket {
  readonly #socket: Socket;
  readonly #pending = new Set<Settle<void>>();
  #isClosed = false;
  readonly localPort: number;
  onDatagram: ((datagram: Uint8Array, from: Endpoint) => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.localPort = socket.address().port;
    // An ICMP "port unreachable" of one peer surfaces here on some systems; it must not end the others' exchange.
    socket.on("error", () => {});
    socket.on("message", (datagram, from) => {
      if (!this.#isClosed)
        this.onDatagram?.(plainBytes(datagram), { address: from.address, port: from.port });
    });
  }

  async send(datagram: Uint8Array, to: Endpoint, options: { signal: CancelSignal }): Promise<void> {
    const address = await this.#resolve(to.address, options.signal);
    await this.#whileOpen(options.signal, ({ resolve, reject }) => {
      const done = (error: Error | null): void => {
        if (error === null) resolve();
        else
          reject(
            networkError(
              error,
              `Cannot send ${datagram.length} bytes to ${to.address}:${to.port}`,
              "UNREACHABLE",
            ),
          );
      };
      try {
        this.#socket.send(datagram, to.port, address, done);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onDatagram = undefined;
    this.#socket.close();
    for (const { reject } of this.#pending) reject(socketClosed());
  }

  /** Looks a host name up here, so that a cancelled send never leaves later on. */
  async #resolve(address: string, signal: CancelSignal): Promise<string> {
    if (isIP(address) !== 0) return address;
    let found = address;
    await this.#whileOpen(signal, ({ resolve, reject }) => {
      lookup(address, { family: 4 }, (error, result) => {
        if (error !== null) {
          reject(networkError(error, `Cannot find ${address}`, "HOST_NOT_FOUND"));
          return;
        }
        found = result;
        resolve();
      });
    });
    return found;
  }

  #whileOpen(signal: CancelSignal, start: (settle: Settle<void>) => void): Promise<void> {
    return cancelable<void>(signal, (settle) => {
      const leave = (): void => {
        this.#pending.delete(tracked);
      };
      const tracked: Settle<void> = {
        resolve: () => {
          leave();
          settle.resolve();
        },
        reject: (error) => {
          leave();
          settle.reject(error);
        },
      };
      if (this.#isClosed) tracked.reject(socketClosed());
      else {
        this.#pending.add(tracked);
        start(tracked);
      }
      return leave;
    });
  }
}

function socketClosed(): Error {
  return softApError("SOCKET_CLOSED", "The UDP socket is closed");
}
