import { Secret } from "@softap/protocol";
import { expect, test } from "vitest";
import { createLog } from "../src/logging.ts";

async function logged(options: {
  isHuman: boolean;
  threshold?: "debug" | "info" | "notice" | "silent";
}): Promise<{ text: string }> {
  const written = { text: "" };
  const { isHuman, threshold = "info" } = options;
  const log = await createLog({
    source: "cloud",
    threshold,
    isHuman,
    write: (line) => {
      written.text += line;
    },
  });
  log.debug("below the threshold");
  log.info("device connected", { deviceId: "AB12CD34EF/lamp-1", secret: Secret.of("canary-one") });
  log.notice("cloud ready", { password: "canary-two", token: Secret.of("canary-three") });
  return written;
}

test("createLog() writes JSON lines with level, source, time and fields", async () => {
  const { text } = await logged({ isHuman: false });
  const [first, second, ...rest] = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rest).toEqual([]);
  expect(first).toMatchObject({
    level: "info",
    source: "cloud",
    text: "device connected",
    deviceId: "AB12CD34EF/lamp-1",
    secret: "[redacted]",
  });
  expect(first?.["time"]).toMatch(/^\d{4}-\d\d-\d\dT/);
  expect(second).toMatchObject({ level: "notice", password: "[redacted]", token: "[redacted]" });
});

test("createLog() writes short lines for a person", async () => {
  const { text } = await logged({ isHuman: true });
  expect(text.split("\n")[0]).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} info {3}cloud {2}device connected {2}deviceId=AB12CD34EF\/lamp-1 {2}secret=\[redacted\]$/,
  );
});

test.each([true, false])(
  "no secret gets into a line, human %s, whether it is typed or only named as one",
  async (isHuman) => {
    const { text } = await logged({ isHuman, threshold: "debug" });
    expect(text).toContain("below the threshold");
    expect(text).not.toContain("canary");
  },
);

test("createLog() is silent when told so", async () => {
  expect((await logged({ isHuman: false, threshold: "silent" })).text).toBe("");
});
