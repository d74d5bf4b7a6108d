import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "@softap/protocol";
import { portalLimits } from "@softap/device/portal";
import { decodeFields } from "../src/portal/http/fields.ts";
import { encodePageReply, redirect } from "../src/portal/http/reply.ts";
import { type PageRequest, RequestReader } from "../src/portal/http/request.ts";

const get = "GET /page?a=1&b=%E4%BD%A0 HTTP/1.1\r\nHost: 192.168.4.1\r\nAccept-Language: zh\r\n\r\n";
const form = "network=&ssid=Home&passphrase=abcd1234";
const post = `POST /join HTTP/1.1\r\nHost: 192.168.4.1:8080\r\nContent-Length: ${form.length}\r\n\r\n${form}`;

function read(text: string): PageRequest | number | undefined {
  return new RequestReader().push(encodeUtf8(text));
}

function requestOf(text: string): PageRequest {
  const request = read(text);
  if (typeof request !== "object") throw new Error(`no request: ${request}`);
  return request;
}

describe("RequestReader", () => {
  test("reads a request line, headers and a query", () => {
    const { method, path, host, query, headers, body } = requestOf(get);
    expect({ method, path, host, body: body.length }).toEqual({
      method: "GET",
      path: "/page",
      host: "192.168.4.1",
      body: 0,
    });
    expect([...query]).toEqual([
      ["a", "1"],
      ["b", "你"],
    ]);
    expect(headers.get("accept-language")).toBe("zh");
  });

  test("takes an absolute target's host before the header's, as RFC 9112 says", () => {
    const proxied = "GET http://Captive.Apple.com/hotspot-detect.html HTTP/1.1\r\nHost: other\r\n\r\n";
    expect(requestOf(proxied)).toMatchObject({ host: "captive.apple.com", path: "/hotspot-detect.html" });
    expect(requestOf("GET http://a.example HTTP/1.1\r\nHost: a\r\n\r\n")).toMatchObject({ path: "/" });
  });

  test("finds no request in any proper prefix", () => {
    for (const whole of [get, post])
      for (let length = 0; length < whole.length; length++)
        expect(read(whole.slice(0, length))).toBeUndefined();
  });

  test("reads the same however the bytes are cut", () => {
    const whole = requestOf(post);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 40 }), (cuts) => {
        const reader = new RequestReader();
        const bytes = encodeUtf8(post);
        let at = 0;
        let found: PageRequest | number | undefined;
        for (const cut of [...cuts, bytes.length]) {
          found ??= reader.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        expect(found).toEqual(whole);
      }),
    );
  });

  test("survives any bytes with a request, a status or patience", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "GET ",
        "POST ",
        "/",
        " HTTP/1.1\r\n",
        "Host: a\r\n",
        "Content-Length: 5\r\n",
        "\r\n",
        "%zz",
      ),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const found = read(pieces.join(""));
        if (typeof found === "number") expect(found).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 2_000 },
    );
  });

  const refused: readonly (readonly [why: string, text: string, status: number])[] = [
    ["a line that is no request", "hello\r\n\r\n", 400],
    ["two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
    ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
    ["a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400],
    ["a folded header", "GET / HTTP/1.1\r\nHost: a\r\n more\r\n\r\n", 400],
    ["a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400],
    ["a control character", "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n", 400],
    ["a lone line feed", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400],
    ["a broken escape", "GET /?a=%f HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["a target that is no path", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["another method", "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 405],
    ["another version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505],
    ["chunks", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 501],
    [
      "chunks beside a length",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      501,
    ],
    ["no length", "POST / HTTP/1.1\r\nHost: a\r\n\r\n", 411],
    ["a negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400],
    ["two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400],
    [
      "a body of one byte more",
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${portalLimits.maxBodyBytes + 1}\r\n\r\n`,
      413,
    ],
    [
      "a target of one byte more",
      `GET /${"x".repeat(portalLimits.maxTargetBytes)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      414,
    ],
    ["a head without an end", "x".repeat(portalLimits.maxHeadBytes + 1), 431],
    [
      "a huge header",
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(portalLimits.maxHeadBytes)}\r\n\r\n`,
      431,
    ],
    ["one header more", `GET / HTTP/1.1\r\n${"X: 1\r\n".repeat(portalLimits.maxHeaders + 1)}\r\n`, 431],
  ];
  test.each(refused)("refuses %s", (_why, text, status) => {
    expect(read(text)).toBe(status);
  });

  test("takes the longest target, head and body", () => {
    const target = `/${"x".repeat(portalLimits.maxTargetBytes - 1)}`;
    expect(requestOf(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).path).toBe(target);
    const start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    const filler = "x".repeat(portalLimits.maxHeadBytes - start.length - 4);
    expect(requestOf(`${start}${filler}\r\n\r\n`).headers.get("x")).toBe(filler);
    const body = "y".repeat(portalLimits.maxBodyBytes);
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect(requestOf(`${head}${body}`).body).toHaveLength(body.length);
  });
});

describe("decodeFields()", () => {
  test("reads what URLSearchParams writes", () => {
    const pairs = fc.dictionary(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
      fc.string({ unit: "grapheme" }),
      { maxKeys: 8 },
    );
    fc.assert(
      fc.property(pairs, (fields) => {
        const text = new URLSearchParams(Object.entries(fields)).toString();
        expect(Object.fromEntries(decodeFields(encodeUtf8(text)) ?? [])).toEqual({ ...fields });
      }),
    );
  });

  test("refuses broken escapes, text that is not UTF-8, and one field too many", () => {
    const found = (text: string): boolean => decodeFields(encodeUtf8(text)) !== undefined;
    expect(["a=%", "a=%4", "a=%zz", "a=%ff", "%=1"].map(found)).toEqual([false, false, false, false, false]);
    expect(found("a=1&".repeat(portalLimits.maxFields - 1))).toBe(true);
    expect(found("a=1&".repeat(portalLimits.maxFields))).toBe(false);
  });
});

describe("encodePageReply()", () => {
  test("counts the bytes of the body, not its characters, and leaves it out for HEAD", () => {
    const reply = { status: 200, body: "你好" } as const;
    const text = Buffer.from(encodePageReply(reply, false)).toString();
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain("content-length: 6\r\n");
    expect(text.endsWith("\r\n\r\n你好")).toBe(true);
    expect(Buffer.from(encodePageReply(reply, true)).toString().endsWith("content-length: 6\r\n\r\n")).toBe(
      true,
    );
  });

  test("gives 204 neither body nor length, and a redirect its place", () => {
    expect(Buffer.from(encodePageReply({ status: 204 }, false)).toString()).not.toContain("content-length");
    const moved = Buffer.from(encodePageReply(redirect(302, "http://192.168.4.1/"), false)).toString();
    expect(moved).toContain("location: http://192.168.4.1/\r\n");
  });
});
