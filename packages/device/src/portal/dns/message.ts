/*
 * Phone → device, UDP port 53 (RFC 1035):
 *
 *   0      2      4      6      8      10     12
 *   | id   | flags| qd=1 | an=0 | ns   | ar   | name: length, label, … , 0 | type (2) | class (2) | …
 *
 * Device → phone: the same up to the class, then for an address
 *
 *   | C0 0C | type (2) | class (2) | TTL (4) | 0 4 | IPv4 address |
 */
import { portalLimits as limits } from "../limits.ts";

const headerBytes = 12;
const typeA = 1;
const typeAny = 255;
const classInternet = 1;
const maxNameBytes = 255;
const maxLabelBytes = 63;
/** QR, RD and RA: an answer, as from a resolver that asks others. */
const answerFlags = 0x8080;
const recursionDesired = 0x0100;
const opcodeMask = 0x7800;

const noError = 0;
const formatError = 1;
const noSuchName = 3;
const notImplemented = 4;

/** Asked by Firefox; where it has no answer, Firefox asks us and not a resolver that it cannot reach. */
const resolverCanary = "use-application-dns.net";

/**
 * Answers a DNS query: every name is the device, and has no other record.
 *
 * @param query - As received.
 * @param addressOf - IPv4 address for a name, lowercase.
 * @returns The answer, or `undefined` for what is no query at all
 */
export function answerDnsQuery(
  query: Uint8Array,
  addressOf: (name: string) => string,
): Uint8Array | undefined {
  if (query.length < headerBytes || query.length > limits.maxDnsQueryBytes) return undefined;
  const flags = wordAt(query, 2);
  const isAnswer = (flags & 0x8000) !== 0;
  if (isAnswer) return undefined;
  if ((flags & opcodeMask) !== 0) return reply(query, headerBytes, notImplemented);
  const question = wordAt(query, 4) === 1 ? readQuestion(query) : undefined;
  if (question === undefined) return reply(query, headerBytes, formatError);
  const { name, type, isInternet, end } = question;
  if (name === resolverCanary) return reply(query, end, noSuchName);
  const wantsAddress = isInternet && (type === typeA || type === typeAny);
  return reply(query, end, noError, wantsAddress ? addressOf(name) : undefined);
}

interface Question {
  readonly name: string;
  readonly type: number;
  readonly isInternet: boolean;
  /** Index behind the question. */
  readonly end: number;
}

function readQuestion(query: Uint8Array): Question | undefined {
  const labels: string[] = [];
  let at = headerBytes;
  for (;;) {
    const length = query[at];
    // Longer lengths are pointers, and in a lone question there is nothing to point at.
    if (length === undefined || length > maxLabelBytes) return undefined;
    if (length === 0) break;
    labels.push(String.fromCharCode(...query.subarray(at + 1, at + 1 + length)).toLowerCase());
    at += 1 + length;
    if (at - headerBytes >= maxNameBytes) return undefined;
  }
  const end = at + 5;
  if (end > query.length) return undefined;
  const type = wordAt(query, at + 1);
  return { name: labels.join("."), type, isInternet: wordAt(query, at + 3) === classInternet, end };
}

function reply(query: Uint8Array, end: number, code: number, address?: string): Uint8Array {
  const flags = answerFlags | (wordAt(query, 2) & (opcodeMask | recursionDesired)) | code;
  const hasQuestion = end > headerBytes;
  const record = address === undefined ? [] : addressRecord(address);
  return Uint8Array.of(
    ...query.subarray(0, 2),
    ...word(flags),
    ...word(hasQuestion ? 1 : 0),
    ...word(record.length > 0 ? 1 : 0),
    ...word(0),
    ...word(0),
    ...query.subarray(headerBytes, end),
    ...record,
  );
}

function addressRecord(address: string): readonly number[] {
  const parts = address.split(".").map(Number);
  const ttl = [0, 0, ...word(limits.dnsTtlS)];
  return [
    ...word(0xc000 | headerBytes),
    ...word(typeA),
    ...word(classInternet),
    ...ttl,
    ...word(4),
    ...parts,
  ];
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function word(value: number): readonly [number, number] {
  return [value >> 8, value & 0xff];
}
