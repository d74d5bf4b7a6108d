import { type CancelSignal, type Endpoint, type StreamConnection, throwIfCanceled } from "@softap/ports";
import { softApError } from "@softap/protocol";
import type { ReliablePipe } from "./reliable-pipe.ts";

/** One end of a virtual TCP connection. */
export class VirtualStreamConnection implements StreamConnection {
  readonly remote: Endpoint;
  onClosed: (() => void) | undefined = undefined;
  /** For whoever counts open connections. */
  onEnded: (() => void) | undefined = undefined;
  readonly #pipe: ReliablePipe;
  #peer: VirtualStreamConnection | undefined;
  #onBytes: ((bytes: Uint8Array) => void) | undefined;
  /** What arrived before anybody listened. */
  #early: Uint8Array[] = [];
  #isEnded = false;

  constructor(remote: Endpoint, pipe: ReliablePipe) {
    this.remote = remote;
    this.#pipe = pipe;
    pipe.onBroken = () => this.#end(true);
  }

  /** Tells the connection who is at the other end. */
  pairWith(peer: VirtualStreamConnection): void {
    this.#peer = peer;
  }

  get onBytes(): ((bytes: Uint8Array) => void) | undefined {
    return this.#onBytes;
  }

  set onBytes(listener: ((bytes: Uint8Array) => void) | undefined) {
    this.#onBytes = listener;
    const early = this.#early;
    if (listener === undefined || early.length === 0) return;
    this.#early = [];
    for (const bytes of early) this.#onBytes?.(bytes);
  }

  async write(bytes: Uint8Array, options: { signal: CancelSignal }): Promise<void> {
    if (this.#isEnded) throw softApError("SOCKET_CLOSED", "The connection is closed");
    throwIfCanceled(options.signal);
    const piece = bytes.slice();
    this.#pipe.send(() => this.#peer?.receive(piece));
  }

  close(): void {
    if (this.#isEnded) return;
    this.#pipe.send(() => this.#peer?.receiveEnd());
    this.#end(false);
  }

  /** Ends both sides at once, as a reset does; the far one is told. */
  break(): void {
    this.#pipe.stop();
    this.#end(true);
    this.#peer?.close();
  }

  /** Takes bytes that arrived. */
  receive(bytes: Uint8Array): void {
    if (this.#isEnded) return;
    if (this.#onBytes === undefined) this.#early.push(bytes);
    else this.#onBytes(bytes);
  }

  /** Takes the other side's end. */
  receiveEnd(): void {
    this.#end(true);
  }

  #end(isTold: boolean): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { onClosed } = this;
    this.#onBytes = undefined;
    this.onClosed = undefined;
    this.#early = [];
    this.onEnded?.();
    if (isTold) onClosed?.();
  }
}

/** Both ends of a new connection. */
export function connectPair(options: {
  local: Endpoint;
  remote: Endpoint;
  forth: ReliablePipe;
  back: ReliablePipe;
}): { opened: VirtualStreamConnection; accepted: VirtualStreamConnection } {
  const opened = new VirtualStreamConnection(options.remote, options.forth);
  const accepted = new VirtualStreamConnection(options.local, options.back);
  opened.pairWith(accepted);
  accepted.pairWith(opened);
  return { opened, accepted };
}
