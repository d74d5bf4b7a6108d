import type { CancelSignal, Endpoint, StreamConnection } from "@softap/ports";
import { softApError } from "@softap/protocol";
import type { Socket } from "node:net";
import { cancelable } from "./cancelable.ts";
import { networkError } from "./errors.ts";
import { nodeLimits } from "./limits.ts";
import { plainBytes } from "./plain-bytes.ts";

/** One TCP connection over an open `node:net` socket, which it owns from here on. */
export class NodeStreamConnection implements StreamConnection {
  readonly #socket: Socket;
  readonly #pending = new Set<(error: Error) => void>();
  #isClosed = false;
  readonly remote: Endpoint;
  onBytes: ((bytes: Uint8Array) => void) | undefined;
  onClosed: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.remote = { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
    // What went wrong is told to the pending writes and by "close".
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      if (!this.#isClosed) this.onBytes?.(plainBytes(bytes));
    });
    socket.once("close", () => {
      if (this.#isClosed) return;
      const onClosed = this.onClosed;
      this.#end();
      onClosed?.();
    });
  }

  /** Cancelling does not call back bytes that the stack already has. */
  write(bytes: Uint8Array, options: { signal: CancelSignal }): Promise<void> {
    return cancelable<void>(options.signal, ({ resolve, reject }) => {
      if (this.#isClosed || !this.#socket.writable) {
        reject(connectionClosed());
        return () => {};
      }
      const leave = (): void => {
        this.#pending.delete(reject);
      };
      this.#pending.add(reject);
      this.#socket.write(bytes, (error) => {
        leave();
        if (error === undefined || error === null) resolve();
        else
          reject(
            networkError(
              error,
              `Cannot write to ${this.remote.address}:${this.remote.port}`,
              "SOCKET_CLOSED",
            ),
          );
      });
      return leave;
    });
  }

  close(): void {
    if (this.#isClosed) return;
    const socket = this.#socket;
    if (this.#pending.size > 0 || socket.writableLength > 0) socket.destroy();
    else {
      // Closing at once with unread bytes would reset the connection and take away what the peer has not read yet.
      socket.end();
      const timer = setTimeout(() => socket.destroy(), nodeLimits.lingerMs).unref();
      socket.once("close", () => clearTimeout(timer));
      socket.unref();
    }
    this.#end();
  }

  #end(): void {
    this.#isClosed = true;
    this.onBytes = undefined;
    this.onClosed = undefined;
    for (const reject of this.#pending) reject(connectionClosed());
    this.#pending.clear();
  }
}

function connectionClosed(): Error {
  return softApError("SOCKET_CLOSED", "The TCP connection is closed");
}
