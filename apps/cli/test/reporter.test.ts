import { describe, expect, test } from "vitest";
import { describeCode } from "../src/exit.ts";
import { DeviceNarrator } from "../src/reporter/device-narrator.ts";
import { JsonReporter } from "../src/reporter/json.ts";
import { formatDuration } from "../src/reporter/lines.ts";
import { PlainReporter } from "../src/reporter/plain.ts";
import type { ReporterOptions } from "../src/reporter/reporter.ts";

/** A reporter's surroundings: written text and a clock that is moved by hand. */
class Screen implements ReporterOptions {
  readonly language: "en" | "zh";
  nowValueMs = 1000;
  text = "";
  errorText = "";

  constructor(language: "en" | "zh" = "en") {
    this.language = language;
  }

  readonly nowMs = (): number => this.nowValueMs;
  readonly write = (text: string): void => {
    this.text += text;
  };

  readonly writeError = (text: string): void => {
    this.errorText += text;
  };

  get lines(): unknown[] {
    return this.text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as unknown);
  }
}

const bound = {
  verdict: "bound",
  deviceId: "AB12CD34EF/lamp-1",
  elapsedMs: 1234.5,
  owner: "me@example.com",
  family: "Home",
  room: "Kitchen",
} as const;

describe("JsonReporter", () => {
  test("a step is a line when it begins and a line when it ends, with its times", () => {
    const screen = new Screen();
    const reporter = new JsonReporter(screen);
    screen.nowValueMs += 5;
    const step = reporter.step("phone", "sendCredentials");
    screen.nowValueMs += 20;
    step.progress("2 datagrams", { sends: 2 });
    step.done("shown to people only", { sends: 2 });
    step.done("again");
    step.failed(describeCode("TIMEOUT", "en"));
    expect(screen.lines).toEqual([
      { event: "step", actor: "phone", step: "sendCredentials", state: "begun", atMs: 5 },
      {
        event: "step",
        actor: "phone",
        step: "sendCredentials",
        state: "progress",
        atMs: 25,
        durationMs: 20,
        sends: 2,
      },
      {
        event: "step",
        actor: "phone",
        step: "sendCredentials",
        state: "done",
        atMs: 25,
        durationMs: 20,
        sends: 2,
      },
    ]);
  });

  test("a failed step carries the error's code and number", () => {
    const screen = new Screen();
    new JsonReporter(screen).step("device", "joinNetwork").failed(describeCode("WIFI_AUTH_FAILED", "en"));
    expect(screen.lines[1]).toMatchObject({ state: "failed", error: "WIFI_AUTH_FAILED", number: "SA2101" });
  });

  test("the last line has exactly the five agreed keys, in their order", async () => {
    const screen = new Screen();
    await new JsonReporter(screen).finished(bound);
    expect(screen.text).toBe(
      '{"event":"finished","verdict":"bound","deviceId":"AB12CD34EF/lamp-1","elapsedMs":1235,"error":null}\n',
    );
  });

  test("a failure tells what went wrong and what to do", async () => {
    const screen = new Screen();
    const failure = describeCode("DEVICE_SILENT", "zh");
    await new JsonReporter(screen).finished({
      verdict: "failed",
      deviceId: undefined,
      elapsedMs: 10_000,
      failure,
    });
    expect(screen.lines).toEqual([
      {
        event: "finished",
        verdict: "failed",
        deviceId: null,
        elapsedMs: 10_000,
        error: {
          code: "DEVICE_SILENT",
          number: "SA3110",
          text: "设备没有应答",
          action: "请确认手机已连接设备热点，且设备指示灯在闪烁",
        },
      },
    ]);
  });
});

describe("PlainReporter", () => {
  test("a step is one line when it ended", () => {
    const screen = new Screen();
    const reporter = new PlainReporter(screen);
    const step = reporter.step("cloud", "startCloud");
    step.progress("not shown");
    expect(screen.text).toBe("");
    screen.nowValueMs += 34;
    step.done("127.0.0.1:8080");
    reporter.step("device", "joinNetwork").failed(describeCode("WIFI_AUTH_FAILED", "en"));
    expect(screen.text).toBe(
      "ok   cloud   Start the cloud: 127.0.0.1:8080 (34 ms)\n" +
        "FAIL device  Join the network: The router refused the Wi-Fi passphrase (SA2101) (0 ms)\n",
    );
  });

  test("the end names device, owner, family and room", async () => {
    const screen = new Screen();
    await new PlainReporter(screen).finished(bound);
    expect(screen.text).toBe(`
Bound (1.2 s)
  Device   AB12CD34EF/lamp-1
  Owner    me@example.com
  Family   Home
  Room     Kitchen
`);
  });

  test("Chinese words keep their columns", async () => {
    const screen = new Screen("zh");
    const reporter = new PlainReporter(screen);
    reporter.step("phone", "bindToFamily").done();
    await reporter.finished({ ...bound, elapsedMs: 90 });
    expect(screen.text).toBe(`ok   手机    绑定设备到家庭 (0 ms)

绑定成功 (90 ms)
  设备     AB12CD34EF/lamp-1
  主人     me@example.com
  家庭     Home
  房间     Kitchen
`);
  });

  test("a failure is one sentence with its number and one with what to do", async () => {
    const screen = new Screen();
    const failure = describeCode("VERDICT_UNKNOWN", "en");
    await new PlainReporter(screen).finished({
      verdict: "unknown",
      deviceId: undefined,
      elapsedMs: 1,
      failure,
    });
    expect(screen.text).toBe("");
    expect(screen.errorText).toBe(
      "\nsoftap: It is not known yet whether the device was bound (SA6203)\n  → Look at the device list in a minute\n",
    );
  });
});

describe("DeviceNarrator", () => {
  test("each phase ends the step before it; a repeated phase is nothing new; a new attempt is", () => {
    const screen = new Screen();
    const narrator = new DeviceNarrator(new PlainReporter(screen));
    for (const phase of ["received", "joining", "joining", "failed"] as const) narrator.enter(phase, 1);
    expect(screen.text).toBe("");
    narrator.failed(describeCode("WIFI_AUTH_FAILED", "en"), 1);
    narrator.enter("joining", 1);
    for (const phase of [
      "received",
      "joining",
      "joined",
      "registering",
      "connecting",
      "reporting",
      "bound",
    ] as const)
      narrator.enter(phase, 2);
    narrator.close();
    expect(screen.text.split("\n").map((line) => line.slice(0, 35).trim())).toEqual([
      "FAIL device  Join the network: The",
      "ok   device  Join the network (0 ms",
      "ok   device  Register the device (0",
      "ok   device  Connect to the cloud (",
      "ok   device  Report the token (0 ms",
      "",
    ]);
  });
});

test.each([
  [0, "0 ms"],
  [999.4, "999 ms"],
  [1000, "1.0 s"],
  [61_240, "61.2 s"],
])("formatDuration(%d) is %s", (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
