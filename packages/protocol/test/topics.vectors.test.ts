import { describe, expect, test } from "vitest";
import {
  type ParsedTopic,
  parseTopic,
  sysReplyTopic,
  sysRequestTopic,
  thingDownTopic,
  thingUpTopic,
} from "@softap/protocol";
import { readVectors } from "./vectors.ts";

const vectors = readVectors<{
  accepted: { readonly topic: string; readonly parsed: ParsedTopic }[];
  refused: string[];
}>("topics");

describe("parseTopic()", () => {
  test.each(vectors.accepted)("reads $topic", ({ topic, parsed }) => {
    expect(parseTopic(topic)).toEqual(parsed);
  });

  test.each(vectors.refused)("knows no topic %j", (topic) => {
    expect(parseTopic(topic)).toBeUndefined();
  });

  test("knows no proper prefix of a topic", () => {
    for (const { topic, parsed } of vectors.accepted) {
      const least =
        topic.length - (parsed.family === "custom" ? parsed.name.length : parsed.deviceName.length);
      // "$sys/operation/result/P" is a request of the device P of the product "result".
      for (let length = 0; length <= least; length++) {
        const prefix = parseTopic(topic.slice(0, length));
        expect(prefix === undefined || prefix.productId === "result").toBe(true);
      }
    }
  });
});

describe("topic writers", () => {
  test("write what parseTopic() reads", () => {
    for (const { topic, parsed } of vectors.accepted) {
      if (parsed.family === "thing")
        expect((parsed.direction === "up" ? thingUpTopic : thingDownTopic)(parsed.kind, parsed)).toBe(topic);
      if (parsed.family === "sys")
        expect((parsed.direction === "up" ? sysRequestTopic : sysReplyTopic)(parsed)).toBe(topic);
    }
    expect(vectors.accepted.filter(({ parsed }) => /thing|sys/.test(parsed.family))).toHaveLength(12);
  });
});
