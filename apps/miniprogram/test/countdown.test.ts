import { expect, test } from "vitest";
import { phoneLimits } from "@softap/phone";
import { VirtualClock } from "@softap/virtual";
import { Countdown } from "../src/add/countdown.ts";

test("Countdown says every second how long what is going on may take, and is silent while a person is waited for", async () => {
  const clock = new VirtualClock();
  const told: string[] = [];
  const countdown = new Countdown(clock, (text) => told.push(text));
  countdown.start();
  countdown.follow({ atMs: 0, number: 3, name: "joinSoftAp" });
  expect(told.at(-1)).toBe("1:00");
  await clock.advance(2_000);
  expect(told.slice(-2)).toEqual(["0:59", "0:58"]);
  const attempt = 1;
  countdown.follow({ atMs: 2_000, number: 4, name: "sendCredentials", attempt, sends: 1, trace: "00000000" });
  expect(told.at(-1)).toBe("0:10");
  countdown.follow({
    atMs: 2_000,
    number: 6,
    name: "deviceFailed",
    attempt,
    code: "WIFI_AUTH_FAILED",
    retry: "input",
  });
  expect(told.at(-1)).toBe("");
  const before = told.length;
  await clock.advance(phoneLimits.silentAfterMs);
  expect(told).toHaveLength(before);
  countdown.follow({
    atMs: 12_000,
    number: 4,
    name: "sendCredentials",
    attempt: 2,
    sends: 1,
    trace: "00000000",
  });
  await clock.advance(phoneLimits.silentAfterMs);
  expect(told.slice(-2)).toEqual(["0:01", ""]);
  countdown.stop();
});
