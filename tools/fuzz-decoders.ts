/**
 * Random and mutated datagrams through every decoder of the wire, none of which may throw. The same seed gives the same datagrams.
 */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  decodeRegistration1,
  decodeRegistration2,
  decodeRegistrationReply1,
  decodeRegistrationReply2,
  decodeReply,
  decodeRequest,
  decodeServiceDown,
  decodeServiceUp,
  decodeUtf8,
  decodeV1Status,
  displayBytes,
  parseAppReply,
  parseBase64,
  parseMqttUsername,
  parseTopic,
  parseVendorLog,
  ProtocolError,
} from "@softap/protocol";

/** How a fuzzing run is set up. */
export interface FuzzOptions {
  /** Number of datagrams; each goes through every decoder. */
  readonly count: number;
  /** 32 bits; the same seed gives the same datagrams. */
  readonly seed: number;
  /** Called after every `progressEvery` datagrams. */
  readonly onProgress?: (done: number) => void;
  /** @defaultValue 50 000 */
  readonly progressEvery?: number;
}

/** How many datagrams a decoder took and how many it refused. */
export interface FuzzCount {
  decoded: number;
  refused: number;
}

/** Decoders by name; each gives a value, or `undefined` or a `ProtocolError` when it refuses. */
const decoders: Readonly<Record<string, (bytes: Uint8Array, text: string) => unknown>> = {
  decodeRequest,
  decodeReply,
  decodeServiceUp,
  decodeServiceDown,
  decodeRegistration1,
  decodeRegistrationReply1,
  decodeRegistration2,
  decodeRegistrationReply2,
  decodeUtf8,
  decodeV1Status,
  displayBytes,
  parseMqttUsername: (_bytes, text) => parseMqttUsername(text),
  parseTopic: (_bytes, text) => parseTopic(text),
  parseVendorLog: (_bytes, text) => parseVendorLog(text),
  parseBase64: (_bytes, text) => parseBase64(text),
  parseAppReply: (_bytes, text) => parseAppReply(parseJson(text)),
};

/**
 * Runs the decoders.
 *
 * @throws Error with the datagram in hex, the decoder's name and seed when a decoder throws or gives anything but a value, `undefined`
 * or a `ProtocolError`
 */
export function fuzzDecoders(options: FuzzOptions): Record<string, FuzzCount> {
  const { count, seed, onProgress, progressEvery = 50_000 } = options;
  const next = generator(seed);
  const stackTraceLimit = Error.stackTraceLimit;
  const corpus = readCorpus();
  const counts: Record<string, FuzzCount> = {};
  for (const name of Object.keys(decoders)) counts[name] = { decoded: 0, refused: 0 };
  // Writing down the stack of every refusal would take most of the time.
  Error.stackTraceLimit = 0;
  try {
    for (let done = 1; done <= count; done++) {
      const bytes = datagram(corpus, next);
      const text = Buffer.from(bytes).toString("latin1");
      for (const [name, decode] of Object.entries(decoders)) {
        const total = counts[name];
        if (total === undefined) continue;
        if (isRefused(decode, { name, bytes, text, seed })) total.refused += 1;
        else total.decoded += 1;
      }
      if (done % progressEvery === 0) onProgress?.(done);
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return counts;
}

function isRefused(
  decode: (bytes: Uint8Array, text: string) => unknown,
  input: { readonly name: string; readonly bytes: Uint8Array; readonly text: string; readonly seed: number },
): boolean {
  const { name, bytes, text, seed } = input;
  const where = `${name}, seed ${seed}, datagram ${Buffer.from(bytes).toString("hex")}`;
  let answer: unknown;
  try {
    answer = decode(bytes, text);
  } catch {
    Error.stackTraceLimit = 20;
    try {
      decode(bytes, text);
    } catch (error) {
      throw new Error(`A decoder threw: ${where}`, { cause: error });
    }
    throw new Error(`A decoder threw the first time only: ${where}`);
  }
  if (answer === null) throw new Error(`A decoder gave null: ${where}`);
  return answer === undefined || answer instanceof ProtocolError;
}

/** Known texts as bytes, and those of them that are JSON objects as their members. */
interface Corpus {
  readonly texts: readonly Uint8Array[];
  readonly objects: readonly (readonly Member[])[];
}
type Member = readonly [name: string, value: unknown];

/** Every text of the vectors, however deep. */
function readCorpus(): Corpus {
  const folder = fileURLToPath(new URL("../spec/vectors/", import.meta.url));
  const texts = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === "string") texts.add(value);
    else if (typeof value === "object" && value !== null)
      for (const member of Object.values(value)) collect(member);
  };
  for (const file of globSync("*.json", { cwd: folder }).toSorted()) {
    const content: unknown = JSON.parse(readFileSync(folder + file, "utf8"));
    collect(content);
  }
  const objects = [...texts].flatMap((text): readonly Member[][] => {
    const object = parseJson(text);
    return typeof object === "object" && object !== null ? [Object.entries(object)] : [];
  });
  return { texts: [...texts].map((text) => new TextEncoder().encode(text)), objects };
}

type Next = (below: number) => number;

/** Pieces that parsers trip over. */
const nasty = [
  "null",
  "true",
  "-0",
  "1e999",
  "9007199254740993",
  "\\ud800",
  "\\u0000",
  "\0",
  "\r\n",
  "\ufeff",
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '{"__proto__":',
  '"constructor":',
  '"cmdType":',
  "🏠",
  "\u202e",
  "(10, 202)",
  "NaN",
  "[[[[[[[[",
  ";",
  "/",
  "=",
].map((text) => new TextEncoder().encode(text));

/** Values that a field should not have. */
const odd: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1,
  2,
  3,
  7,
  1.5,
  1e300,
  "",
  "1",
  "x".repeat(33),
  "x".repeat(65),
  "\ud800",
  "\u0000",
  [],
  {},
  [[]],
  { code: 1 },
];

/** Random bytes, a known datagram with other members, or one with other bytes. */
function datagram(corpus: Corpus, next: Next): Uint8Array {
  const kind = next(8);
  if (kind === 0) return Uint8Array.from({ length: next(64) }, () => next(256));
  let bytes = kind < 5 ? restructure(corpus, next) : pick(corpus.texts, next);
  const changes = kind < 4 ? 0 : 1 + next(4);
  for (let change = 0; change < changes; change++) bytes = mutate(bytes, corpus, next);
  return bytes.subarray(0, 4096);
}

function restructure({ objects }: Corpus, next: Next): Uint8Array {
  let members = objects[next(objects.length)] ?? [];
  for (let changes = next(3); changes > 0; changes--) {
    const at = next(members.length + 1);
    const [name, value] = members[at] ?? ["", null];
    const other = next(2) === 0 ? odd[next(odd.length)] : value;
    const replaced: readonly Member[] = [[next(4) === 0 ? name.toUpperCase() : name, other]];
    members = [...members.slice(0, at), ...(next(4) === 0 ? [] : replaced), ...members.slice(at + next(2))];
  }
  // Written member by member, so that a name can stand twice.
  const inner = members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value ?? null)}`);
  const separator = next(4) === 0 ? ",\r\n\t" : ",";
  const end = ["", "\r\n", "\0", " x"][next(4)] ?? "";
  return new TextEncoder().encode(`{${inner.join(separator)}}${end}`);
}

function mutate(bytes: Uint8Array, corpus: Corpus, next: Next): Uint8Array {
  const at = next(bytes.length + 1);
  const end = at + next(Math.min(16, bytes.length - at) + 1);
  const head = bytes.subarray(0, at);
  switch (next(8)) {
    case 0: {
      const flipped = bytes.slice();
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << next(8));
      return flipped;
    }
    case 1: {
      const changed = bytes.slice();
      if (at < changed.length) changed[at] = next(256);
      return changed;
    }
    case 2:
      return head;
    case 3:
      return join(head, bytes.subarray(end));
    case 4:
      return join(head, bytes.subarray(at, end), bytes.subarray(at, end), bytes.subarray(end));
    case 5:
      return join(head, pick(nasty, next), bytes.subarray(end));
    case 6: {
      const other = pick(corpus.texts, next);
      return join(head, other.subarray(next(other.length + 1)));
    }
    default:
      return join(head, Uint8Array.of(0x30 + next(10)), bytes.subarray(at));
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function pick(list: readonly Uint8Array[], next: Next): Uint8Array {
  return list[next(list.length)] ?? new Uint8Array();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Marsaglia's xorshift with 32 bits of state. */
function generator(seed: number): Next {
  // The state must not be 0, which the shifts would keep for ever.
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
