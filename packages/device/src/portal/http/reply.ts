import { encodeUtf8 } from "@softap/protocol";
import { type HttpStatus, httpStatus } from "./status.ts";

/** What the portal answers to a browser. */
export interface PageReply {
  readonly status: HttpStatus;
  /** @defaultValue "text/plain; charset=utf-8" */
  readonly type?: string;
  readonly body?: string;
  /** Headers beside those that every reply has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Nothing of a reply is kept, guessed, framed or told to other sites. */
const everyReply: Readonly<Record<string, string>> = {
  connection: "close",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // With `no-referrer` browsers would send `Origin: null` with our own form.
  "referrer-policy": "same-origin",
};

/** Bytes of a reply; those of its body stay away for HEAD. */
export function encodePageReply(reply: PageReply, isHead: boolean): Uint8Array {
  const { status, type = "text/plain; charset=utf-8", body = "", headers = {} } = reply;
  const content = encodeUtf8(body);
  const all = {
    ...everyReply,
    ...(status === 204 ? {} : { "content-type": type, "content-length": String(content.length) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = encodeUtf8(`HTTP/1.1 ${status} ${httpStatus[status]}\r\n${lines.join("")}\r\n`);
  if (isHead || status === 204) return head;
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(head);
  bytes.set(content, head.length);
  return bytes;
}

/** A reply of a few words. */
export function plainReply(status: HttpStatus): PageReply {
  return {
    status,
    body: `${httpStatus[status]}\n`,
    ...(status === 405 ? { headers: { allow: "GET, HEAD, POST" } } : {}),
  };
}

/** Sends the browser elsewhere. */
export function redirect(status: 302 | 303, location: string): PageReply {
  return { status, headers: { location } };
}
