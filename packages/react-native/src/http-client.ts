import {
  type CancelSignal,
  type HttpClient,
  type HttpReply,
  type HttpRequest,
  throwIfCanceled,
} from "@softap/ports";
import { decodeUtf8, encodeUtf8, softApError } from "@softap/protocol";
import { cancelable } from "./cancelable.ts";
import { reactNativeLimits } from "./limits.ts";

/** What {@link ReactNativeHttpClient} uses of `globalThis`. */
export interface NativeFetch {
  fetch(
    url: string,
    options: {
      method: string;
      headers: Record<string, string>;
      body?: string;
      redirect: "manual";
      signal: never;
    },
  ): Promise<NativeResponse>;
  readonly AbortController: new () => { readonly signal: unknown; abort(): void };
}

/** What `fetch` resolves with. */
export interface NativeResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/**
 * HTTP by `fetch`. Bodies are UTF-8 texts, as all of the app API's are: React Native carries bytes only by detours that not
 * every version has. `fetch` tells no reason when it fails, so that all of them are `UNREACHABLE`.
 */
export class ReactNativeHttpClient implements HttpClient {
  readonly #native: NativeFetch;

  constructor(native: NativeFetch) {
    this.#native = native;
  }

  /**
   * Sends one request and reads its whole reply.
   *
   * Cancelling after the request left does not undo what the server does with it.
   *
   * @throws {@link TransportError} `UNREACHABLE`, `REPLY_TOO_LONG`; {@link UsageError} `USAGE` for a URL that is not http(s) or
   * a body that is not UTF-8; {@link CanceledError}
   */
  async request(request: HttpRequest): Promise<HttpReply> {
    const { url, signal, maxReplyBytes = reactNativeLimits.maxReplyBytes } = request;
    throwIfCanceled(signal);
    if (!/^https?:\/\/[^/?#\s]/i.test(url))
      throw softApError("USAGE", "The URL does not begin with http:// or https:// and a host");
    const controller = new this.#native.AbortController();
    const response = await this.#wait(signal, controller, () => this.#fetch(request, controller.signal));
    const announced = Number(response.headers.get("content-length") ?? 0);
    if (announced > maxReplyBytes) controller.abort();
    if (announced > maxReplyBytes) throw replyTooLong(maxReplyBytes);
    const body = encodeUtf8(await this.#wait(signal, controller, () => response.text()));
    if (body.length > maxReplyBytes) throw replyTooLong(maxReplyBytes);
    return { status: response.status, body };
  }

  #fetch(request: HttpRequest, signal: unknown): Promise<NativeResponse> {
    const { method, url, headers = {} } = request;
    const body = request.body && decodeUtf8(request.body);
    if (request.body !== undefined && body === undefined)
      throw softApError("USAGE", "The body of the request is not UTF-8");
    return this.#native.fetch(url, {
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: "manual",
      // Both come from the same globals; only they know the type of it.
      signal: signal as never,
    });
  }

  async #wait<T>(signal: CancelSignal, controller: { abort(): void }, start: () => Promise<T>): Promise<T> {
    const onAbort = (): void => controller.abort();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await cancelable<T>(signal, ({ resolve, reject }) => {
        start().then(resolve, (error: unknown) =>
          reject(softApError("UNREACHABLE", "The request failed", { cause: error })),
        );
      });
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }
}

function replyTooLong(maxReplyBytes: number): Error {
  return softApError("REPLY_TOO_LONG", `The reply has more than ${maxReplyBytes} bytes`, {
    context: { maxReplyBytes },
  });
}
