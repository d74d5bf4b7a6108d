import { format, inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Secret, SoftApError } from "@softap/protocol";

const canary = "canary-7f3a";
const secret = Secret.of(canary);
const loose = secret as unknown as string;

describe("Secret", () => {
  test("reveals itself only when asked", () => {
    expect(secret.reveal()).toBe(canary);
    expect(secret.equals(Secret.of(canary))).toBe(true);
    expect(secret.equals(Secret.of("other"))).toBe(false);
  });

  const error = new SoftApError("INTERNAL", `With ${String(secret)}`, { cause: { secret } });
  test.each<[string, () => unknown]>([
    ["String()", () => String(secret)],
    // Typed as text, as a call without types would see it.
    ["a template", () => `<${loose}>`],
    ["concatenation", () => loose + "!"],
    ["toString()", () => secret.toString()],
    ["JSON", () => JSON.stringify({ secret, list: [secret] })],
    ["inspect()", () => inspect(secret, { showHidden: true, depth: 9 })],
    [
      "inspect() of an object around it",
      () => inspect({ deep: [{ secret }], map: new Map([[secret, secret]]) }, { depth: 9 }),
    ],
    ["console formats", () => format("%s %o %O %j %d", secret, secret, secret, secret, secret)],
    ["an error around it", () => inspect(error, { depth: 9 }) + error.stack],
    [
      "its members",
      () =>
        JSON.stringify([
          Object.entries(secret),
          Reflect.ownKeys(secret).map(String),
          Object.assign({}, secret),
        ]),
    ],
    ["a structured clone", () => inspect(structuredClone({ secret }), { depth: 9 })],
    ["a thrown copy", () => inspect(Object.assign(new Error("x"), { secret }))],
    ["a localized text", () => [secret].toLocaleString()],
    ["a joined list", () => [secret, secret].join(",")],
  ])("does not show in %s", (_name, show) => {
    expect(String(show())).not.toContain("canary");
  });

  test("shows that something was left out", () => {
    expect(String(secret)).toBe("[redacted]");
    expect(JSON.stringify(secret)).toBe('"[redacted]"');
    expect(inspect(secret)).toBe("[redacted]");
  });
});
