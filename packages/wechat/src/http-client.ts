import type { HttpClient, HttpReply, HttpRequest } from "@softap/ports";
import { ProtocolError, softApError } from "@softap/protocol";
import { wechatLimits } from "./limits.ts";
import { callWx } from "./wx-call.ts";
import { requestError } from "./wx-errors.ts";
import type { Wx } from "./wx.ts";

/** HTTP by `wx.request`. The host must stand in the mini program's list of request domains. */
export class WechatHttpClient implements HttpClient {
  readonly #wx: Pick<Wx, "request">;

  constructor(wx: Pick<Wx, "request">) {
    this.#wx = wx;
  }

  /**
   * Sends one request and reads its whole reply. `wx` follows redirects by itself.
   *
   * @throws {@link TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`, `REPLY_TOO_LONG`;
   * {@link UsageError} `USAGE` for PATCH, which `wx` does not have, and for a host that is not in the list; {@link CanceledError}
   */
  async request(request: HttpRequest): Promise<HttpReply> {
    const { method, url, headers = {}, body, signal, maxReplyBytes = wechatLimits.maxReplyBytes } = request;
    if (method === "PATCH") throw softApError("USAGE", "WeChat cannot send PATCH requests");
    if (!/^https?:\/\/./.test(url))
      throw softApError("USAGE", "The URL does not begin with http:// or https://");
    let task: { abort(): void } | undefined;
    const { statusCode, data } = await callWx<{ readonly statusCode: number; readonly data: unknown }>({
      signal,
      translate: (error) => requestError("The request", error),
      abort: () => task?.abort(),
      start: (callbacks) => {
        task = this.#wx.request({
          url,
          method,
          header: { ...headers },
          ...(body === undefined ? {} : { data: Uint8Array.from(body).buffer }),
          // Anything but "json": the body is to come as it is.
          dataType: "other",
          responseType: "arraybuffer",
          ...callbacks,
        });
      },
    });
    if (!(data instanceof ArrayBuffer)) throw new ProtocolError("REPLY_INVALID", "The reply has no bytes");
    if (data.byteLength > maxReplyBytes)
      throw softApError("REPLY_TOO_LONG", `The reply has more than ${maxReplyBytes} bytes`, {
        context: { maxReplyBytes },
      });
    return { status: statusCode, body: new Uint8Array(data) };
  }
}
