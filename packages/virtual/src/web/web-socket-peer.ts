import type { WebSocketLink } from "@softap/ports";
import type { Lane } from "../lane.ts";

/** One end of a virtual web socket; the server holds one, the client the other. */
export class VirtualWebSocketPeer implements WebSocketLink {
  onText: ((text: string) => void) | undefined = undefined;
  onClosed: (() => void) | undefined = undefined;
  /** For whoever counts open sockets. */
  onEnded: (() => void) | undefined = undefined;
  readonly #lane: Lane;
  #peer: VirtualWebSocketPeer | undefined;
  #isEnded = false;

  /** @param lane - What this end sends goes through it. */
  constructor(lane: Lane) {
    this.#lane = lane;
  }

  /** Tells this end who is at the other. */
  pairWith(peer: VirtualWebSocketPeer): void {
    this.#peer = peer;
  }

  /** @inheritdoc */
  send(text: string): void {
    if (!this.#isEnded) this.#lane.carry(() => this.#peer?.receive(text));
  }

  /** @inheritdoc */
  close(): void {
    if (this.#isEnded) return;
    this.#lane.carry(() => this.#peer?.lose());
    this.#end();
  }

  /** Takes a text that arrived. */
  receive(text: string): void {
    if (!this.#isEnded) this.onText?.(text);
  }

  /** The other end closed, or the connection broke. */
  lose(): void {
    if (this.#isEnded) return;
    const { onClosed } = this;
    this.#end();
    onClosed?.();
  }

  #end(): void {
    this.#isEnded = true;
    this.onText = undefined;
    this.onClosed = undefined;
    this.onEnded?.();
  }
}
