import { nodeClock, NodeHttpClient } from "@softap/node";
import { neverCanceled, withTimeout } from "@softap/ports";
import {
  decodeUtf8,
  encodeUtf8,
  type Fields,
  isErrorCode,
  isFields,
  type Secret,
  softApError,
} from "@softap/protocol";

/** Longest wait for one answer of the admin API, milliseconds. */
const requestTimeoutMs = 10_000;

/** What the admin API takes beside the path. */
export interface AdminRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Parts of the path behind `/api/admin`; each is encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** What it is about, for messages: `product AB12CD34EF`. */
  readonly subject: string;
}

/** Talks to the admin API of a cloud. */
export class AdminClient {
  readonly #baseUrl: string;
  readonly #token: Secret;
  readonly #http = new NodeHttpClient();

  constructor(baseUrl: string, token: Secret) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  /**
   * Sends one request.
   *
   * @returns The object of the answer; empty when the answer has none.
   * @throws {SoftApError} the cloud's own code; {TransportError} of the HTTP port; `TIMEOUT`; `REPLY_INVALID` when
   * something else than a softap cloud answers
   */
  async send(request: AdminRequest): Promise<Fields> {
    const { method, path, query = {}, body, subject } = request;
    const search = new URLSearchParams(query).toString();
    const place = path.map((part) => encodeURIComponent(part)).join("/");
    const url = `${this.#baseUrl}/api/admin/${place}${search === "" ? "" : `?${search}`}`;
    const { status, body: reply } = await withTimeout(
      nodeClock,
      { phase: `The answer of ${this.#baseUrl}`, limitMs: requestTimeoutMs, signal: neverCanceled },
      (signal) =>
        this.#http.request({
          method,
          url,
          headers: {
            authorization: `Bearer ${this.#token.reveal()}`,
            ...(body === undefined ? {} : { "content-type": "application/json" }),
          },
          ...(body === undefined ? {} : { body: encodeUtf8(JSON.stringify(body)) }),
          signal,
        }),
    );
    const text = decodeUtf8(reply) ?? "";
    const answer = text === "" ? {} : parseFields(text);
    if (status < 300 && answer !== undefined) return answer;
    const error = answer?.["error"];
    const { code, message } = isFields(error) ? error : {};
    if (!isErrorCode(code))
      throw softApError("REPLY_INVALID", `What answers at ${this.#baseUrl} is not a softap cloud`);
    const reason = typeof message === "string" ? message.replace(/ \(SA\d{4}\)$/, "") : subject;
    throw softApError(code, `The cloud refused the request for the ${subject}`, {
      context: { subject: reason },
    });
  }
}

function parseFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
