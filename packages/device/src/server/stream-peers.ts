import { type Clock, type Log, neverCanceled, type StreamConnection, type TimerHandle } from "@softap/ports";
import { asSoftApError, decodeRequest, protocolLimits, ProtocolError } from "@softap/protocol";
import { LineSplitter } from "./line-splitter.ts";

/** What {@link StreamPeers} needs. */
export interface StreamPeersOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly maxStreams: number;
  readonly streamIdleMs: number;
  /** Called for each line, with the id to which answers go. */
  readonly onLine: (line: Uint8Array, peer: string) => void;
  /** Called once before a connection is closed because of a line that is too long. */
  readonly onTooLong: (peer: string) => void;
}

interface Stream {
  readonly connection: StreamConnection;
  readonly lines: LineSplitter;
  idle: TimerHandle;
}

/** The phones that came by TCP: few at a time, one JSON object per line, closed when silent. */
export class StreamPeers {
  readonly #options: StreamPeersOptions;
  /** In the order of last use. */
  readonly #streams = new Map<string, Stream>();
  #lastNumber = 0;

  constructor(options: StreamPeersOptions) {
    this.#options = options;
  }

  /** Takes a new connection; one above the limit closes the one that was silent longest. */
  add(connection: StreamConnection): void {
    const peer = `tcp ${connection.remote.address} ${(this.#lastNumber += 1)}`;
    const lines = new LineSplitter(
      protocolLimits.maxRequestBytes,
      (bytes) => !(decodeRequest(bytes) instanceof ProtocolError),
    );
    this.#streams.set(peer, { connection, lines, idle: this.#startIdle(peer) });
    connection.onBytes = (bytes) => this.#take(peer, bytes);
    connection.onClosed = () => this.#drop(peer);
    for (const oldest of this.#streams.keys()) {
      if (this.#streams.size <= this.#options.maxStreams) break;
      this.#drop(oldest);
    }
  }

  /** Sends to a connection, when it is still there. */
  send(peer: string, bytes: Uint8Array): void {
    this.#streams
      .get(peer)
      ?.connection.write(bytes, { signal: neverCanceled })
      .catch((error: unknown) =>
        this.#options.log.debug("stream write failed", { code: asSoftApError(error).code }),
      );
  }

  /** Closes every connection. */
  close(): void {
    for (const peer of this.#streams.keys()) this.#drop(peer);
  }

  #take(peer: string, bytes: Uint8Array): void {
    const stream = this.#streams.get(peer);
    if (stream === undefined) return;
    stream.idle.cancel();
    stream.idle = this.#startIdle(peer);
    this.#streams.delete(peer);
    this.#streams.set(peer, stream);
    const lines = stream.lines.push(bytes);
    if (lines === "tooLong") {
      this.#options.onTooLong(peer);
      this.#drop(peer);
      return;
    }
    for (const line of lines) this.#options.onLine(line, peer);
  }

  #startIdle(peer: string): TimerHandle {
    return this.#options.clock.after("streamIdle", this.#options.streamIdleMs, () => this.#drop(peer));
  }

  #drop(peer: string): void {
    const stream = this.#streams.get(peer);
    if (stream === undefined) return;
    this.#streams.delete(peer);
    stream.idle.cancel();
    stream.connection.close();
  }
}
