import type { CancelSignal } from "./cancel.ts";

/** A request with a body that is in memory. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Longest accepted reply body, bytes. @defaultValue 1 048 576 */
  readonly maxReplyBytes?: number;
  readonly signal: CancelSignal;
}

/** A whole reply, whatever its status. */
export interface HttpReply {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Sends HTTP requests. */
export interface HttpClient {
  /** @throws {TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`, `REPLY_TOO_LONG` */
  request(request: HttpRequest): Promise<HttpReply>;
}
