import { describe, expect, test } from "vitest";
import {
  provision,
  type ProvisioningStep,
  supportBundle,
  type SupportBundleOptions,
  type Verdict,
} from "@softap/phone";
import { Secret, softApError } from "@softap/protocol";
import { OurDevice, World, wrongPassphrase } from "./world.ts";

const bytes = (text: string): number => Buffer.byteLength(text);

const failed: Verdict = {
  verdict: "failed",
  code: "WIFI_AUTH_FAILED",
  error: softApError("WIFI_AUTH_FAILED", "The device reported an error", { context: { attempt: 1 } }),
  retry: "input",
  elapsedMs: 4_000,
  attempts: 1,
  trace: "1a2b3c4d",
  previousErrors: [{ code: "WIFI_NOT_FOUND", log: "WIFI connect error! (10, 201)" }],
  deviceId: "OSPB5ASRWT/dev_01",
};
const steps: readonly ProvisioningStep[] = [
  { atMs: 0, number: 1, name: "createToken" },
  { atMs: 100, number: 4, name: "sendCredentials", attempt: 1, sends: 1, trace: "1a2b3c4d" },
  {
    atMs: 120,
    number: 5,
    name: "deviceAnswered",
    attempt: 1,
    sends: 1,
    protoVersion: "2.0",
    productId: "OSPB5ASRWT",
    deviceName: "dev_01",
  },
  { atMs: 3_000, number: 6, name: "deviceFailed", attempt: 1, code: "WIFI_AUTH_FAILED", retry: "input" },
  { atMs: 4_000, number: 10, name: "verdict", verdict: "failed", code: "WIFI_AUTH_FAILED" },
];
const deviceLog = [
  "9000|provisioning: step number=1 name=softApStarted attempt=0 atMs=0\n",
  "60015|provisioning: step number=3 name=credentialsReceived attempt=1 atMs=51015\n",
  "62800|provisioning: step number=11 name=attemptFailed attempt=1 atMs=53800 code=WIFI_AUTH_FAILED\n",
].join("");

function bundle(more: Partial<SupportBundleOptions> = {}): ReturnType<typeof supportBundle> {
  return supportBundle({ verdict: failed, steps, deviceLog, secrets: [], ...more });
}

describe("supportBundle()", () => {
  test("merges phone and device on the phone's clock under one trace", () => {
    const { trace, fileName, text } = bundle({ about: { app: "1.2.0" } });
    expect({ trace, fileName }).toEqual({ trace: "1a2b3c4d", fileName: "softap-1a2b3c4d" });
    expect(text.split("\n")).toEqual([
      "trace     1a2b3c4d",
      "verdict   failed WIFI_AUTH_FAILED",
      "device    OSPB5ASRWT/dev_01",
      "attempts  1, 4000 ms",
      "about     app: 1.2.0",
      "error     WIFI_AUTH_FAILED: The device reported an error (SA2101) attempt=1",
      "previous  WIFI_NOT_FOUND WIFI connect error! (10, 201)",
      "left out  0 steps, 0 lines of the device",
      "",
      "  -50895 ms  device  provisioning: step number=1 name=softApStarted attempt=0 atMs=0",
      "       0 ms  phone   1 createToken",
      "     100 ms  phone   4 sendCredentials attempt=1 sends=1 trace=1a2b3c4d",
      "     120 ms  phone   5 deviceAnswered attempt=1 sends=1 protoVersion=2.0 productId=OSPB5ASRWT deviceName=dev_01",
      "     120 ms  device  provisioning: step number=3 name=credentialsReceived attempt=1 atMs=51015",
      "    2905 ms  device  provisioning: step number=11 name=attemptFailed attempt=1 atMs=53800 code=WIFI_AUTH_FAILED",
      "    3000 ms  phone   6 deviceFailed attempt=1 code=WIFI_AUTH_FAILED retry=input",
      "    4000 ms  phone   10 verdict verdict=failed code=WIFI_AUTH_FAILED",
      "",
    ]);
  });

  test("says the same as JSON", () => {
    const { text, json } = bundle();
    const parsed: unknown = JSON.parse(json);
    expect(parsed).toMatchObject({
      format: "softap-support-1",
      trace: "1a2b3c4d",
      verdict: "failed",
      code: "WIFI_AUTH_FAILED",
      isAligned: true,
      leftOut: { phone: 0, device: 0 },
    });
    const { timeline } = parsed as { timeline: { atMs: number; from: string; text: string }[] };
    expect(timeline).toHaveLength(8);
    for (const entry of timeline)
      expect(text).toContain(`${entry.atMs} ms  ${entry.from.padEnd(6)}  ${entry.text}`);
  });

  test("ties the clocks by the trace too, and leaves a foreign device its own clock", () => {
    const traced = bundle({ deviceLog: "500|x: begin\n700|app: trace 1a2b3c4d\n900|x: end\n" });
    expect(traced.text).toContain("     -80 ms  device  x: begin");
    expect(traced.text).toContain("     320 ms  device  x: end");
    const foreign = bundle({ deviceLog: "500|wifi: start\nno time here\n" });
    expect(foreign.text).toContain("clock     the device's times are its own, since its start");
    expect(foreign.text.trimEnd().split("\n").slice(-2)).toEqual([
      "     500 ms  device  wifi: start",
      "     500 ms  device  no time here",
    ]);
  });

  test("goes without steps and without a device's log", () => {
    const { text, json } = bundle({ steps: [], deviceLog: "" });
    expect(text).toContain("left out  0 steps, 0 lines of the device");
    expect(JSON.parse(json)).toMatchObject({ timeline: [] });
  });

  test("tells every cause of an error, also of one that is its own cause", () => {
    const error = softApError("VERDICT_UNKNOWN", "Not known", { cause: new TypeError("fetch failed") });
    const { text } = bundle({
      verdict: { ...failed, verdict: "unknown", code: "VERDICT_UNKNOWN", error, lastStep: undefined },
    });
    expect(text).toContain(
      "error     VERDICT_UNKNOWN: Not known (SA6203)\nerror     TypeError: fetch failed\n",
    );
    const circle = new Error("round");
    circle.cause = circle;
    const looped = softApError("VERDICT_UNKNOWN", "Not known", { cause: circle });
    const again = bundle({ verdict: { ...failed, error: looped } });
    expect(again.text.match(/^error/gm)).toHaveLength(8);
  });

  test("stays within its size, and drops the oldest lines of the device before any step", () => {
    const manyLines = Array.from({ length: 5_000 }, (_, at) => `${at}|a: "line" ${at} ü\u0007\n`).join("");
    const manySteps: ProvisioningStep[] = Array.from({ length: 40 }, (_, at) => ({
      atMs: at,
      number: 4,
      name: "sendCredentials",
      attempt: 1,
      sends: at + 1,
      trace: "1a2b3c4d",
    }));
    for (const maxBytes of [16_384, 20_001, 65_536]) {
      const { text, json } = bundle({ steps: manySteps, deviceLog: manyLines, maxBytes });
      expect(bytes(text)).toBeLessThanOrEqual(maxBytes);
      expect(bytes(json)).toBeLessThanOrEqual(maxBytes);
      expect(bytes(json)).toBeGreaterThan(maxBytes * 0.95);
      const { leftOut, timeline } = JSON.parse(json) as { leftOut: unknown; timeline: { from: string }[] };
      const device = timeline.filter(({ from }) => from === "device").length;
      expect(leftOut).toEqual({ phone: 0, device: 5_000 - device });
      expect(text).toContain('line" 4999');
      expect(text).not.toContain("\u0007");
    }
  });

  test("stays within its size when everything is as long as it can be", () => {
    const long = '\u0001ü界"\\'.repeat(2_000);
    const verdict = {
      ...failed,
      deviceId: long,
      error: softApError("WIFI_AUTH_FAILED", long, { cause: new Error(long) }),
      previousErrors: Array.from({ length: 50 }, () => ({ code: "WIFI_LOST", log: long }) as const),
    };
    const about = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${at}${long}`, long]));
    const { text, json } = bundle({ verdict, about, maxBytes: 65_536 });
    expect(bytes(text)).toBeLessThanOrEqual(65_536);
    expect(bytes(json)).toBeLessThanOrEqual(65_536);
    expect(JSON.parse(json)).toMatchObject({ leftOut: { phone: 0 } });
  });

  test("refuses a size that is too small, and more secrets than it searches for", () => {
    for (const maxBytes of [16_383, Number.NaN, 0])
      expect(() => bundle({ maxBytes })).toThrow(expect.objectContaining({ code: "USAGE" }));
    const secrets = Array.from({ length: 33 }, (_, at) => Secret.of(`secret-${at}`));
    expect(() => bundle({ secrets })).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

describe("supportBundle() and secrets", () => {
  const passphrase = 'canary pass;"\\ü-7';
  const token = "canaryToken6";

  const spellings = (secret: string): readonly string[] => [
    secret,
    JSON.stringify(secret),
    JSON.stringify(JSON.stringify({ password: secret })),
    encodeURIComponent(secret),
    Buffer.from(secret).toString("hex"),
    Buffer.from(secret).toString("hex").toUpperCase(),
    (Buffer.from(secret).toString("hex").match(/../g) ?? []).join(" "),
    Buffer.from(secret).toString("base64"),
  ];

  test.each(spellings(passphrase).concat(spellings(token)))("takes %j out wherever it stands", (spelled) => {
    const told = `WIFI connect with ${spelled} failed`;
    const { text, json } = bundle({
      deviceLog: `1|wifi: ${told}\n2|x: ${spelled}${spelled}\n`,
      secrets: [Secret.of(passphrase), Secret.of(token)],
      about: { note: told, [told]: "x" },
      verdict: {
        ...failed,
        error: softApError("INTERNAL", told, { cause: new Error(told), context: { told } }),
        previousErrors: [{ code: "WIFI_LOST", log: told }],
      },
    });
    for (const output of [text, json]) {
      expect(output).not.toContain(spelled);
      expect(output).not.toContain(passphrase);
      expect(output).toContain("[redacted]");
    }
  });

  test.each([
    "password: hunter2hunter2",
    'wifi config {"ssid":"canary-net","password":"hunter2hunter2"}',
    "ssid=[canary-net],pwd=[hunter2hunter2]",
    "SSID:'canary-net' PSK='hunter2hunter2'",
    "wifi_passwd = hunter2hunter2, ssid = canary-net",
    "device_secret=hunter2hunter2",
    "AppKey: hunter2hunter2&ssid=canary-net",
    'token:"hunter2hunter2',
    JSON.stringify(JSON.stringify({ ssid: "canary-net", password: "hunter2 hunter2" })),
    "key hunter2hunter2hunter2hunter2hunter2",
    "c2VjcmV0aHVudGVyMmh1bnRlcjI= is it",
  ])("takes out what it was never told of: %s", (line) => {
    const { text, json } = bundle({ deviceLog: `1|foreign: ${line}\n` });
    for (const output of [text, json]) expect(output).not.toMatch(/hunter2|canary-net|c2VjcmV0/);
    expect(text).toContain("foreign: ");
  });

  test("takes out names of networks, half of a MAC address, and e-mail addresses, but leaves the device's id", () => {
    const deviceId = `OSPB5ASRWT/${"dev0".repeat(12)}`;
    const { text } = bundle({
      deviceLog: `1|a: joined Anna's Flat at aa:bb:cc:dd:ee:ff for anna@example.com as ${deviceId}\n`,
      networks: ["Anna's Flat"],
      verdict: { ...failed, deviceId },
    });
    expect(text).toContain(`a: joined [network] at aa:bb:cc:xx:xx:xx for [e-mail] as ${deviceId}`);
  });

  test("tells nothing of a real run with canaries in hand", async () => {
    const world = new World();
    await new OurDevice(world, { joinMs: 500 }).device.start();
    const options = world.options({ network: { ssid: "canary-home", passphrase: wrongPassphrase } });
    const run = provision(options);
    const verdict = await world.clock.complete(run.result, 60_000);
    const told: ProvisioningStep[] = [];
    for await (const step of run) told.push(step);
    expect(verdict).toMatchObject({ verdict: "failed", code: "WIFI_AUTH_FAILED" });
    const log = world.log.lines.map((line, at) => `${at}|phone: ${JSON.stringify(line)}\n`).join("");
    const { text, json } = supportBundle({
      verdict,
      steps: told,
      deviceLog: `${log}7|demo: ssid:canary-home pwd:${wrongPassphrase.reveal()}\n`,
      secrets: [wrongPassphrase],
      networks: ["canary-home"],
    });
    expect(text + json).not.toContain("canary");
    expect(text).toContain(verdict.trace);
    expect(text).toContain("10 verdict verdict=failed code=WIFI_AUTH_FAILED");
  });
});
