import { neverCanceled } from "@softap/ports";
import { Secret } from "@softap/protocol";
import { MemoryLog, MemoryStore, VirtualClock, VirtualLed } from "@softap/virtual";
import { describe, expect, test } from "vitest";

const signal = neverCanceled;

describe("MemoryLog", () => {
  test("lines carry time, level, text and fields, and no secret", async () => {
    const clock = new VirtualClock();
    const log = new MemoryLog(clock);
    log.info("station joined", { attempt: 2, passphrase: Secret.of("canary") });
    await clock.advance(5);
    for (const level of ["debug", "notice", "warn", "error"] as const) log[level]("said");
    expect(log.lines).toEqual([
      '0 info station joined {"attempt":2,"passphrase":"[redacted]"}',
      "5 debug said {}",
      "5 notice said {}",
      "5 warn said {}",
      "5 error said {}",
    ]);
    expect(String(log)).not.toContain("canary");
    expect(log.entries[0]?.fields["attempt"]).toBe(2);
  });
});

describe("VirtualLed", () => {
  test("records what was shown, and when", async () => {
    const clock = new VirtualClock();
    const led = new VirtualLed(clock);
    expect(led.pattern).toBeUndefined();
    led.show({ onMs: 100, offMs: 100 });
    await clock.advance(7);
    led.show({ onMs: 1, offMs: 0 });
    expect(led.pattern).toEqual({ onMs: 1, offMs: 0 });
    expect(led.shown.map(({ atMs }) => atMs)).toEqual([0, 7]);
  });
});

describe("MemoryStore", () => {
  test("snapshot() is what a power cut leaves", async () => {
    const store = new MemoryStore({ a: Uint8Array.of(1) });
    const snapshot = store.snapshot();
    await store.apply({ a: undefined, b: Uint8Array.of(2) }, { signal });
    expect([store.keys, snapshot.keys]).toEqual([["b"], ["a"]]);
  });
});
