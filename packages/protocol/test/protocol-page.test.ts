import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  decodeReply,
  decodeRequest,
  decodeServiceDown,
  decodeServiceUp,
  errorRegistry,
  parseAppReply,
  phases,
  ProtocolError,
  protocolLimits,
} from "@softap/protocol";
import { utf8 } from "./vectors.ts";

const page = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```jsonl\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
  block.trim().split("\n"),
);

describe("docs/protocol.md", () => {
  test("has examples of every kind", () => {
    expect(examples.length).toBeGreaterThanOrEqual(14);
  });

  test.each(examples)("has an example that decodes: %s", (text) => {
    const bytes = utf8(text);
    const decoded = [decodeRequest, decodeReply, decodeServiceUp, decodeServiceDown].filter(
      (decode) => !(decode(bytes) instanceof ProtocolError),
    );
    expect(decoded.length + (parseAppReply(JSON.parse(text)) === undefined ? 0 : 1)).toBe(1);
  });

  test("names error codes that exist", () => {
    const codes = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code = ""]) => code);
    expect(codes.length).toBeGreaterThan(8);
    for (const code of codes) expect(Object.keys(errorRegistry)).toContain(code);
  });

  test("names limits that exist, and every phase", () => {
    const limits = [...page.matchAll(/`(max[A-Z]\w+)`/g)].map(([, limit = ""]) => limit);
    expect(limits.length).toBeGreaterThan(2);
    for (const limit of limits) expect(protocolLimits).toHaveProperty(limit);
    for (const phase of phases) expect(page).toContain(`\`${phase}\``);
  });
});
