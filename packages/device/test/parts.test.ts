import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MqttLink, silentLog } from "@softap/ports";
import { encodeUtf8, Secret, softApError } from "@softap/protocol";
import { deviceLimits, type DeviceOptions, ledPatterns } from "@softap/device";
import { SeededRandom, VirtualClock } from "@softap/virtual";
import { backoffMs } from "../src/backoff.ts";
import { ServiceChannel } from "../src/binding/service-channel.ts";
import { matchesTopic } from "../src/binding/subscriptions.ts";
import { ErrorBudget } from "../src/server/error-budget.ts";
import { LineSplitter } from "../src/server/line-splitter.ts";
import { StepFeed } from "../src/step.ts";
import { World } from "./world.ts";

describe("backoffMs()", () => {
  test("doubles up to its maximum and never leaves the upper half", () => {
    const range = { firstMs: 1_000, maxMs: 60_000 };
    const tries = fc.integer({ min: 1, max: 100 });
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(tries, chance, (n, luck) => {
        const fullMs = Math.min(60_000, 1_000 * 2 ** (n - 1));
        const ms = backoffMs(n, luck, range);
        expect(ms).toBeGreaterThanOrEqual(fullMs / 2);
        expect(ms).toBeLessThanOrEqual(fullMs);
      }),
    );
  });
});

describe("LineSplitter", () => {
  const isWhole = (bytes: Uint8Array): boolean => Buffer.from(bytes).toString().startsWith("{");

  test("gives the same lines however the bytes are cut", () => {
    const lines = ["{a}", "second", "x".repeat(20)];
    const bytes = encodeUtf8(`\r\n${lines.join("\r\n")}\n\n`);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 }), (cuts) => {
        const splitter = new LineSplitter(20, () => false);
        const found: string[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          const pushed = splitter.push(bytes.subarray(at, at + cut));
          if (pushed === "tooLong") throw new Error("too long");
          found.push(...pushed.map((line) => Buffer.from(line).toString()));
          at += cut;
        }
        expect(found).toEqual(lines);
      }),
    );
  });

  test("takes a whole object without a line end at once", () => {
    const splitter = new LineSplitter(20, isWhole);
    expect(splitter.push(encodeUtf8("{a}"))).toHaveLength(1);
    expect(splitter.push(encodeUtf8("\r\n"))).toHaveLength(0);
  });

  test("refuses one byte more than allowed, with and without a line end", () => {
    expect(new LineSplitter(20, isWhole).push(encodeUtf8(`${"x".repeat(20)}\n`))).toHaveLength(1);
    expect(new LineSplitter(20, isWhole).push(encodeUtf8(`${"x".repeat(21)}\n`))).toBe("tooLong");
    expect(new LineSplitter(20, isWhole).push(encodeUtf8("x".repeat(23)))).toBe("tooLong");
  });
});

describe("ErrorBudget", () => {
  test("gives a burst and then one per interval, per address", () => {
    const clock = new VirtualClock();
    const budget = new ErrorBudget(clock, { errorBurst: 3, errorEveryMs: 100, maxPeers: 2 });
    const taken = Array.from({ length: 5 }, () => budget.take("a"));
    expect(taken).toEqual([true, true, true, false, false]);
    expect(budget.take("b")).toBe(true);
    clock.advanceSync(100);
    expect([budget.take("a"), budget.take("a")]).toEqual([true, false]);
  });

  test("forgets the address that was silent longest when there are too many", () => {
    const clock = new VirtualClock();
    const budget = new ErrorBudget(clock, { errorBurst: 1, errorEveryMs: 1_000_000, maxPeers: 2 });
    expect(["a", "b", "a", "c", "b", "a"].map((address) => budget.take(address))).toEqual([
      true,
      true,
      false,
      true,
      true,
      true,
    ]);
  });
});

describe("ServiceChannel", () => {
  // A rejection that nobody takes would end the device: this file would fail by it.
  test.each([
    ["cannot be sent", () => Promise.reject(softApError("SOCKET_CLOSED", "Gone")), "SOCKET_CLOSED"],
    ["does not get away", () => new Promise<void>(() => {}), "TIMEOUT"],
    ["is not answered", async () => {}, "TIMEOUT"],
  ] as const)("says so when the request to unbind %s", async (_what, publish, code) => {
    const clock = new VirtualClock();
    const channel = new ServiceChannel({
      identity: { productId: "L4WG9V9M2M", deviceName: "lamp-1" },
      clock,
      random: new SeededRandom(1),
      log: silentLog,
      onTokenAnswered: () => {},
      onBound: () => {},
    });
    const link: MqttLink = {
      subscribe: async () => {},
      publish,
      onMessage: undefined,
      onClosed: undefined,
      close: async () => {},
    };
    const asking = clock.complete(channel.requestUnbind(link, 500), 1_000);
    await expect(asking).rejects.toMatchObject({ code });
    await clock.settle();
    expect(clock.pending).toEqual([]);
  });
});

describe("matchesTopic()", () => {
  test.each([
    ["a/b", "a/b", true],
    ["a/b", "a/c", false],
    ["a/+", "a/b", true],
    ["a/+", "a", false],
    ["a/+", "a/b/c", false],
    ["a/#", "a/b/c", true],
    ["a/#", "a", true],
    ["#", "a/b", true],
    ["#", "$thing/down", false],
    ["+/down", "$thing/down", false],
    ["$thing/#", "$thing/down", true],
  ])("%s and %s: %s", (filter, topic, isMatch) => {
    expect(matchesTopic(filter, topic)).toBe(isMatch);
  });
});

describe("StepFeed", () => {
  test("drops the oldest steps for a reader that comes too late, and ends", async () => {
    const feed = new StepFeed(3);
    for (let attempt = 1; attempt <= 5; attempt++)
      feed.add({ number: 3, name: "credentialsReceived", attempt, atMs: 0 });
    feed.end();
    feed.add({ number: 3, name: "credentialsReceived", attempt: 6, atMs: 0 });
    const attempts: number[] = [];
    for await (const step of feed.read()) attempts.push(step.attempt);
    expect(attempts).toEqual([3, 4, 5]);
  });
});

describe("deviceLimits()", () => {
  test("has a default for every limit and refuses what is out of range", () => {
    expect(deviceLimits().sessionMs).toBe(300_000);
    expect(deviceLimits({ lingerMs: 0 }).lingerMs).toBe(0);
    expect(() => deviceLimits({ maxJoinTries: 0 })).toThrow(/maxJoinTries is 0, 1 to 10 is allowed/);
    expect(() => deviceLimits({ sessionMs: Number.NaN })).toThrow(/SA6403/);
  });
});

describe("ledPatterns", () => {
  test("are all different", () => {
    const shown = Object.values(ledPatterns).map(({ onMs, offMs }) => `${onMs}/${offMs}`);
    expect(new Set(shown).size).toBe(shown.length);
  });
});

describe("new Device()", () => {
  const bad: readonly (readonly [string, Partial<DeviceOptions>])[] = [
    ["a product id that is too long", { identity: { productId: "L4WG9V9M2MX", deviceName: "a" } }],
    ["a device name with a semicolon", { identity: { productId: "L4WG9V9M2M", deviceName: "a;b" } }],
    ["no secret and no way to get one", { credentials: { kind: "psk" } }],
    [
      "a product secret but nowhere to register",
      { credentials: { kind: "psk", productSecret: Secret.of("0123456789abcdef") } },
    ],
    ["a soft AP name of 33 bytes", { softAp: { ssid: "x".repeat(33) } }],
    ["a soft AP passphrase of 7 characters", { softAp: { ssid: "x", passphrase: Secret.of("1234567") } }],
    ["a soft AP passphrase that is empty", { softAp: { ssid: "x", passphrase: Secret.of("") } }],
    ["channel 14", { softAp: { ssid: "x", channel: 14 } }],
    ["a negative wait", { supervisor: { openAfterMs: -1 } }],
  ];

  test.each(bad)("refuses %s", (_name, device) => {
    expect(() => new World({ device })).toThrow(/SA6403/);
  });

  test("names its soft AP after itself, in at most 32 bytes", async () => {
    const { softAp: _default, ...device } = {
      softAp: undefined,
      identity: { productId: "L4WG9V9M2M", deviceName: "d".repeat(48) },
    };
    const world = new World({ device: { ...device, softAp: undefined as never } });
    await world.clock.complete(world.device.start(), 1_000);
    expect(Buffer.from(world.radio.softAp.ssid ?? []).toString()).toBe(`softap-${"d".repeat(25)}`);
    await world.end();
  });
});
