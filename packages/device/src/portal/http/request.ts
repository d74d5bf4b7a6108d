/*
 * Browser → device, HTTP/1.1 (RFC 9112), one request on each connection:
 *
 *   method SP target SP "HTTP/1.1" CRLF      target: "/path?query", or "http://host/path?query"
 *   *( name ":" value CRLF )                 no folded lines
 *   CRLF
 *   [ body ]                                 Content-Length bytes; no other framing
 */
import { encodeUtf8 } from "@softap/protocol";
import { portalLimits as limits } from "../limits.ts";
import { decodeFields } from "./fields.ts";
import type { HttpStatus } from "./status.ts";

/** A whole request of a browser. */
export interface PageRequest {
  readonly method: "GET" | "HEAD" | "POST";
  /** Host as the browser wrote it, lowercase, with the port where it named one; empty when it named none. */
  readonly host: string;
  /** As written, without the query. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** By lowercase name; lines of the same name joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

type Head = Omit<PageRequest, "body"> & { readonly bodyLength: number };

/** Only one value makes sense for these. */
const singleHeaders: ReadonlySet<string> = new Set(["host", "content-length", "origin", "content-type"]);

/** Reads one request from bytes in pieces of any size. Never throws. */
export class RequestReader {
  #bytes = new Uint8Array(1_024);
  #length = 0;
  /** Up to where the end of the head was looked for. */
  #searched = 0;
  #head: Head | undefined;
  #headLength = 0;

  /** @returns The request once it is whole, or the status to refuse it with; what follows behind either is ignored. */
  push(bytes: Uint8Array): PageRequest | HttpStatus | undefined {
    const room = limits.maxHeadBytes + limits.maxBodyBytes - this.#length;
    this.#append(bytes.subarray(0, room));
    if (this.#head === undefined) {
      const end = this.#endOfHead();
      if (end === undefined) return this.#length > limits.maxHeadBytes ? 431 : undefined;
      if (end > limits.maxHeadBytes) return 431;
      const head = parseHead(latin1(this.#bytes.subarray(0, end - 4)));
      if (typeof head === "number") return head;
      this.#head = head;
      this.#headLength = end;
    }
    const { bodyLength, ...head } = this.#head;
    if (this.#length - this.#headLength < bodyLength) return undefined;
    return { ...head, body: this.#bytes.slice(this.#headLength, this.#headLength + bodyLength) };
  }

  #append(bytes: Uint8Array): void {
    let size = this.#bytes.length;
    while (size < this.#length + bytes.length) size *= 2;
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(size);
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Index behind the empty line. */
  #endOfHead(): number | undefined {
    const bytes = this.#bytes;
    for (let at = Math.max(this.#searched, 3); at < this.#length; at++)
      if (bytes[at] === 10 && bytes[at - 1] === 13 && bytes[at - 2] === 10 && bytes[at - 3] === 13)
        return at + 1;
    this.#searched = this.#length;
    return undefined;
  }
}

function parseHead(text: string): Head | HttpStatus {
  const [first = "", ...lines] = text.split("\r\n");
  const requestLine = /^([!#$%&'*+.^_`|~\w-]+) (\S+) HTTP\/(\d)\.(\d)$/.exec(first);
  if (requestLine === null) return first.length > limits.maxTargetBytes ? 414 : 400;
  const [, method = "", target = "", major, minor] = requestLine;
  if (major !== "1") return 505;
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return 405;
  if (target.length > limits.maxTargetBytes) return 414;
  const headers = parseHeaders(lines);
  if (typeof headers === "number") return headers;
  const named = headers.get("host");
  if (named === undefined && minor !== "0") return 400;
  const place = parseTarget(target, named ?? "");
  if (place === undefined) return 400;
  const bodyLength = bodyLengthOf(method, headers);
  if (typeof bodyLength !== "object") return bodyLength;
  return { method, ...place, headers, bodyLength: bodyLength.bytes };
}

function parseHeaders(lines: readonly string[]): ReadonlyMap<string, string> | HttpStatus {
  if (lines.length > limits.maxHeaders) return 431;
  const headers = new Map<string, string>();
  for (const line of lines) {
    // Control characters but the tab are refused: they have no business in a header, only in attacks.
    const found = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/.exec(line);
    if (found === null) return 400;
    const [, name = "", value = ""] = found;
    const key = name.toLowerCase();
    const before = headers.get(key);
    if (before !== undefined && singleHeaders.has(key)) return 400;
    const trimmed = value.trimEnd();
    headers.set(key, before === undefined ? trimmed : `${before}, ${trimmed}`);
  }
  return headers;
}

function parseTarget(
  target: string,
  named: string,
): Pick<PageRequest, "host" | "path" | "query"> | undefined {
  const absolute = /^http:\/\/([^/?#]+)(.*)$/i.exec(target);
  const [, authority = named, rest = target] = absolute ?? [];
  const whole = absolute !== null && !rest.startsWith("/") ? `/${rest}` : rest;
  const place = /^(\/[\x21-\x7e]*?)(?:\?([\x21-\x7e]*))?$/.exec(whole);
  if (place === null || !/^[\w.:[\]-]*$/.test(authority)) return undefined;
  const [, path = "/", queryText = ""] = place;
  const query = decodeFields(encodeUtf8(queryText));
  return query === undefined ? undefined : { host: authority.toLowerCase(), path, query };
}

function bodyLengthOf(method: string, headers: ReadonlyMap<string, string>): { bytes: number } | HttpStatus {
  if (headers.has("transfer-encoding")) return 501;
  const text = headers.get("content-length");
  if (text === undefined) return method === "POST" ? 411 : { bytes: 0 };
  if (!/^\d+$/.test(text)) return 400;
  return Number(text) > limits.maxBodyBytes ? 413 : { bytes: Number(text) };
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
