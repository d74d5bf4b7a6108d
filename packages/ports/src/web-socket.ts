import type { CancelSignal } from "./cancel.ts";

/** A text web socket. */
export interface WebSocketLink {
  send(text: string): void;
  onText: ((text: string) => void) | undefined;
  /** Called once when the socket closed without our doing. */
  onClosed: (() => void) | undefined;
  /** Idempotent. */
  close(): void;
}

/** Opens web sockets. */
export interface WebSockets {
  /** @throws {TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE` */
  connect(options: { url: string; signal: CancelSignal }): Promise<WebSocketLink>;
}
