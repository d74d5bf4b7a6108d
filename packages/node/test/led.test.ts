import { SysfsLed } from "@softap/node";
import { type LogFields, silentLog } from "@softap/ports";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const name = "green:status";
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "softap-leds-"));
  await mkdir(join(root, name));
  await writeFile(join(root, name, "max_brightness"), "255\n");
});

afterEach(() => rm(root, { recursive: true }));

async function read(attribute: string): Promise<string> {
  return readFile(join(root, name, attribute), "utf8");
}

describe("SysfsLed", () => {
  test("lets the kernel blink", async () => {
    new SysfsLed({ name, root }).show({ onMs: 200, offMs: 800 });
    expect(await Promise.all(["trigger", "delay_on", "delay_off"].map(read))).toEqual([
      "timer",
      "200",
      "800",
    ]);
  });

  test("is steadily lit at full brightness, and steadily dark", async () => {
    const led = new SysfsLed({ name, root });
    led.show({ onMs: 1, offMs: 0 });
    expect([await read("trigger"), await read("brightness")]).toEqual(["none", "255"]);
    led.show({ onMs: 0, offMs: 1 });
    expect([await read("trigger"), await read("brightness")]).toEqual(["none", "0"]);
  });

  test("does not write a pattern that it shows already", async () => {
    const led = new SysfsLed({ name, root });
    led.show({ onMs: 200, offMs: 800 });
    await writeFile(join(root, name, "trigger"), "untouched");
    led.show({ onMs: 200, offMs: 800 });
    expect(await read("trigger")).toBe("untouched");
    led.show({ onMs: 100, offMs: 800 });
    expect(await read("trigger")).toBe("timer");
  });

  test("logs the first failure in a row and never throws", async () => {
    const lines: (LogFields | undefined)[] = [];
    const log = { ...silentLog, warn: (_text: string, fields?: LogFields) => void lines.push(fields) };
    const led = new SysfsLed({ name: "absent", root, log });
    led.show({ onMs: 200, offMs: 800 });
    led.show({ onMs: 200, offMs: 800 });
    expect(lines).toEqual([{ folder: join(root, "absent"), system: "ENOENT" }]);
    await mkdir(join(root, "absent"));
    led.show({ onMs: 200, offMs: 800 });
    expect(await readFile(join(root, "absent", "trigger"), "utf8")).toBe("timer");
  });

  test.each(["", ".", "..", "a/b", "../leds"])("refuses the name %j with USAGE", (unfit) => {
    expect(() => new SysfsLed({ name: unfit, root })).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
