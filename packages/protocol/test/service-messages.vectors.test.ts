import { describe, expect, test } from "vitest";
import {
  decodeServiceDown,
  decodeServiceUp,
  type DeviceAddress,
  encodeServiceDown,
  encodeServiceUp,
  Secret,
  type ServiceDownMessage,
  type ServiceUpMessage,
} from "@softap/protocol";
import { decoderLaws } from "./decoder-laws.ts";
import { plain } from "./plain.ts";
import { bytesOf, readVectors, utf8 } from "./vectors.ts";

interface Message<T> {
  readonly name: string;
  readonly text: string;
  readonly decoded: T;
  readonly encodes?: boolean;
}
type PlainUp =
  | (Omit<Extract<ServiceUpMessage, { token: Secret }>, "token"> & { readonly token: string })
  | Exclude<ServiceUpMessage, { token: Secret }>;
const vectors = readVectors<{
  device: DeviceAddress;
  timestampS: number;
  up: Message<PlainUp>[];
  down: Message<ServiceDownMessage>[];
  refusedUp: { readonly text: string; readonly code: string }[];
  refusedDown: { readonly text: string; readonly code: string }[];
}>("service-messages");

describe("decodeServiceUp()", () => {
  test.each(vectors.up)("reads: $name", (vector) => {
    expect(plain(decodeServiceUp(bytesOf(vector)))).toEqual(vector.decoded);
  });

  test.each(vectors.refusedUp)("refuses $text with $code", ({ text, code }) => {
    expect(decodeServiceUp(utf8(text))).toMatchObject({ name: "ProtocolError", code });
  });

  test("keeps at most 16 finite numbers of pairTime", () => {
    const many = Array.from({ length: 40 }, (_, at) => `"n${at}":${at}`).join(",");
    const text = `{"method":"app_bind_token","params":{"token":"t","pairTime":{"huge":1e999,"text":"1",${many}}}}`;
    const message = decodeServiceUp(utf8(text));
    const pairTime = message instanceof Error || message.method !== "app_bind_token" ? {} : message.pairTime;
    expect(Object.keys(pairTime ?? {})).toEqual(Array.from({ length: 16 }, (_, at) => `n${at}`));
  });

  decoderLaws(
    "decodeServiceUp",
    decodeServiceUp,
    vectors.up.map(({ text }) => text),
  );
});

describe("encodeServiceUp()", () => {
  test.each(vectors.up.filter(({ encodes }) => encodes === true))("writes: $name", ({ text, decoded }) => {
    const message: ServiceUpMessage =
      decoded.method === "app_bind_token" ? { ...decoded, token: Secret.of(decoded.token) } : decoded;
    expect(new TextDecoder().decode(encodeServiceUp(message, vectors.device))).toBe(text);
  });
});

describe("decodeServiceDown()", () => {
  test.each(vectors.down)("reads: $name", (vector) => {
    expect(decodeServiceDown(bytesOf(vector))).toEqual(vector.decoded);
  });

  test.each(vectors.refusedDown)("refuses $text with $code", ({ text, code }) => {
    expect(decodeServiceDown(utf8(text))).toMatchObject({ name: "ProtocolError", code });
  });

  decoderLaws(
    "decodeServiceDown",
    decodeServiceDown,
    vectors.down.map(({ text }) => text),
  );
});

describe("encodeServiceDown()", () => {
  test.each(vectors.down.filter(({ encodes }) => encodes === true))("writes: $name", ({ text, decoded }) => {
    expect(new TextDecoder().decode(encodeServiceDown(decoded, vectors))).toBe(text);
  });
});
