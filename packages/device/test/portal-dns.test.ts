import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerDnsQuery } from "../src/portal/dns/message.ts";

const types = { A: 1, NS: 2, PTR: 12, AAAA: 28, HTTPS: 65, ANY: 255 } as const;

function query(
  name: string,
  type: number,
  changes: { flags?: number; kind?: number; extra?: number[] } = {},
): Uint8Array {
  const { flags = 0x0100, kind = 1, extra = [] } = changes;
  const labels = name === "" ? [] : name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Uint8Array.of(
    0xab,
    0xcd,
    flags >> 8,
    flags & 255,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    extra.length > 0 ? 1 : 0,
    ...labels,
    0,
    0,
    type,
    0,
    kind,
    ...extra,
  );
}

function ask(
  bytes: Uint8Array,
): { code: number; answers: number; flags: number; address?: string } | undefined {
  const answer = answerDnsQuery(bytes, () => "192.168.4.1");
  if (answer === undefined) return undefined;
  const view = Buffer.from(answer);
  expect(view.readUInt16BE(0)).toBe(0xabcd);
  const answers = view.readUInt16BE(6);
  return {
    code: view.readUInt16BE(2) & 15,
    flags: view.readUInt16BE(2),
    answers,
    ...(answers === 1 ? { address: [...view.subarray(-4)].join(".") } : {}),
  };
}

describe("answerDnsQuery()", () => {
  test("gives every name the device's address", () => {
    for (const name of ["connectivitycheck.gstatic.com", "a", "x".repeat(63), "CAPTIVE.apple.COM", ""])
      expect(ask(query(name, types.A))).toEqual({
        code: 0,
        answers: 1,
        flags: 0x8180,
        address: "192.168.4.1",
      });
    expect(ask(query("a.example", types.ANY))?.answers).toBe(1);
  });

  test("writes the record as RFC 1035 has it", () => {
    const asked = query("a.b", types.A);
    const answer = answerDnsQuery(asked, () => "10.0.0.7");
    const record = [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 0, 0, 7];
    expect([...(answer ?? [])].slice(asked.length)).toEqual(record);
    expect([...(answer ?? [])].slice(12, asked.length)).toEqual(Array.from(asked.slice(12)));
  });

  test("has no other record, and says so without an error", () => {
    for (const type of [types.NS, types.PTR, types.AAAA, types.HTTPS])
      expect(ask(query("a.example", type))).toMatchObject({ code: 0, answers: 0 });
    expect(ask(query("a.example", types.A, { kind: 3 }))).toMatchObject({ code: 0, answers: 0 });
  });

  test("answers a query with EDNS, without the option", () => {
    const answer = answerDnsQuery(
      query("a.example", types.A, { extra: [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0] }),
      () => "1.2.3.4",
    );
    expect(Buffer.from(answer ?? []).readUInt16BE(10)).toBe(0);
  });

  test("denies the name by which Firefox decides to ask somebody else", () => {
    expect(ask(query("use-application-dns.net", types.A))).toMatchObject({ code: 3, answers: 0 });
  });

  test("refuses other operations and broken questions, and ignores what is no query", () => {
    expect(ask(query("a.example", types.A, { flags: 0x2800 }))?.code).toBe(4);
    const whole = query("a.example", types.A);
    for (let length = 0; length < 12; length++) expect(ask(whole.slice(0, length))).toBeUndefined();
    for (let length = 12; length < whole.length; length++)
      expect(ask(whole.slice(0, length))).toMatchObject({ code: 1, answers: 0 });
    expect(ask(query("a", types.A, { flags: 0x8000 }))).toBeUndefined();
    const pointer = Uint8Array.of(...query("", types.A).slice(0, 12), 0xc0, 12, 0, 1, 0, 1);
    expect(ask(pointer)?.code).toBe(1);
    const long = query(Array.from({ length: 5 }, () => "x".repeat(60)).join("."), types.A);
    expect(ask(long)?.code).toBe(1);
    expect(ask(query("a", types.A, { extra: Array.from({ length: 600 }, () => 0) }))).toBeUndefined();
  });

  test("never answers with more than a record beyond the question, whatever comes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const answer = answerDnsQuery(bytes, () => "192.168.4.1");
        expect(answer === undefined || answer.length <= bytes.length + 16).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
