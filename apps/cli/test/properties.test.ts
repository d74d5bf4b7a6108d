import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeviceMqtt, MessageHandler, Subscription } from "@softap/device";
import { decodeUtf8, encodeUtf8, softApError } from "@softap/protocol";
import { MemoryLog } from "@softap/virtual";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { Properties } from "../src/device/properties.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const address = { productId: "AB12CD34EF", deviceName: "lamp-1" };

/** A session that takes everything, unless the test says otherwise. */
class FakeDeviceMqtt implements DeviceMqtt {
  isConnected = true;
  /** Messages that were published. */
  readonly sent: unknown[] = [];
  readonly publish = vi.fn<DeviceMqtt["publish"]>(async (_topic, payload) => {
    this.sent.push(JSON.parse(decodeUtf8(payload) ?? ""));
  });
  readonly #handlers = new Map<string, MessageHandler>();

  async subscribe(filter: string, handler: MessageHandler): Promise<Subscription> {
    this.#handlers.set(filter, handler);
    return { close: () => void this.#handlers.delete(filter) };
  }

  /** Hands the device what its cloud sent. */
  receive(text: string): void {
    const topic = "$thing/down/property/AB12CD34EF/lamp-1";
    this.#handlers.get(topic)?.(encodeUtf8(text), topic);
  }

  control(clientToken: string, params: object): void {
    this.receive(JSON.stringify({ method: "control", clientToken, params }));
  }
}

let folder: string;
let file: string;
let mqtt: FakeDeviceMqtt;
let log: MemoryLog;

beforeEach(() => {
  folder = join(temporaryFolder(), "data");
  file = join(folder, "lamp.json");
  mqtt = new FakeDeviceMqtt();
  log = new MemoryLog();
  mkdirSync(folder);
  writeFileSync(file, '{ "power": false, "brightness": 30 }');
});

async function open(session: FakeDeviceMqtt = mqtt): Promise<Properties> {
  const properties = await Properties.open({ file, device: { mqtt: session }, address, log });
  onTestFinished(() => properties.close());
  return properties;
}

function report(number: number, params: object): object {
  return { method: "report", clientToken: `report-${number}`, params };
}

function content(): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

describe("Properties tells the cloud", () => {
  test("everything when the device is bound, and again when it connects", async () => {
    const properties = await open();
    properties.tell({ type: "connected" }, false);
    properties.tell({ type: "bound", isConfirmed: false }, false);
    properties.tell({ type: "bound", isConfirmed: true }, true);
    properties.tell({ type: "disconnected" }, true);
    properties.tell({ type: "connected" }, true);
    await properties.close();
    const all = { power: false, brightness: 30 };
    expect(mqtt.sent).toEqual([report(1, all), report(2, all)]);
    const topic = "$thing/up/property/AB12CD34EF/lamp-1";
    expect(mqtt.publish).toHaveBeenLastCalledWith(topic, expect.anything(), { qos: 1 });
  });

  test("nothing while there is no session, and nothing of an empty file", async () => {
    const properties = await open();
    mqtt.isConnected = false;
    properties.tell({ type: "connected" }, true);
    await properties.close();
    writeFileSync(file, "{}");
    mqtt.isConnected = true;
    const empty = await open();
    empty.tell({ type: "connected" }, true);
    await empty.close();
    expect(mqtt.publish).not.toHaveBeenCalled();
    expect(log.entries).toEqual([]);
  });

  test("what a program changed in the file, and only that", async () => {
    await open();
    writeFileSync(file, '{ "power": true, "brightness": 30, "scene": ["a"] }');
    await vi.waitFor(() => expect(mqtt.sent).toEqual([report(1, { power: true, scene: ["a"] })]));
  });

  test("what a program changed by putting another file in its place", async () => {
    await open();
    rmSync(file);
    writeFileSync(file, '{ "power": false, "brightness": 80 }');
    await vi.waitFor(() => expect(mqtt.sent).toEqual([report(1, { brightness: 80 })]));
  });

  test("the next change although one could not be sent", async () => {
    const properties = await open();
    mqtt.publish.mockRejectedValueOnce(softApError("MQTT_LOST", "The session is gone"));
    properties.tell({ type: "connected" }, true);
    properties.tell({ type: "connected" }, true);
    await properties.close();
    expect(mqtt.sent).toEqual([report(2, { power: false, brightness: 30 })]);
    expect(log.entries).toMatchObject([{ level: "warn", fields: { code: "MQTT_LOST" } }]);
  });
});

describe("Properties takes what the app sets", () => {
  test("into the file, answers and reports", async () => {
    await open();
    mqtt.control("c-1", { power: true });
    await vi.waitFor(() =>
      expect(mqtt.sent).toEqual([
        { method: "control_reply", clientToken: "c-1", code: 0 },
        report(1, { power: true }),
      ]),
    );
    expect(content()).toEqual({ power: true, brightness: 30 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("beside what a program changed in the moment before", async () => {
    const properties = await open();
    writeFileSync(file, '{ "power": false, "brightness": 80 }');
    mqtt.control("c-1", { power: true });
    await properties.close();
    expect(content()).toEqual({ power: true, brightness: 80 });
    expect(mqtt.sent).toEqual([
      report(1, { brightness: 80 }),
      { method: "control_reply", clientToken: "c-1", code: 0 },
      report(2, { power: true }),
    ]);
  });

  test("and says so when it could not be written", async () => {
    const properties = await open();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
    mqtt.control("c-1", { power: true });
    mqtt.control("c-2", {});
    properties.tell({ type: "connected" }, true);
    await properties.close();
    const refused = { method: "control_reply", code: 1, status: "STORE_WRITE_FAILED" };
    expect(mqtt.sent).toEqual([
      { ...refused, clientToken: "c-1" },
      { ...refused, clientToken: "c-2" },
      report(1, { power: false, brightness: 30 }),
    ]);
    expect(log.entries.map(({ fields }) => fields["code"])).toEqual([
      "STORE_WRITE_FAILED",
      "STORE_WRITE_FAILED",
    ]);
  });

  test.each([
    "",
    "{",
    "7",
    "null",
    "[]",
    '{"method":"report_reply","code":0}',
    '{"method":"control"}',
    '{"method":"control","params":[1]}',
  ])("but not a message that sets nothing: %j", async (text) => {
    const properties = await open();
    mqtt.receive(text);
    await properties.close();
    expect(mqtt.publish).not.toHaveBeenCalled();
    expect(content()).toEqual({ power: false, brightness: 30 });
    expect(log.entries).toEqual([]);
  });
});

describe("Properties and its file", () => {
  test("a half written file counts as the last good one", async () => {
    const properties = await open();
    writeFileSync(file, '{ "power": tr');
    mqtt.control("c-1", { brightness: 80 });
    await properties.close();
    expect(content()).toEqual({ power: false, brightness: 80 });
    expect(mqtt.sent).toEqual([
      { method: "control_reply", clientToken: "c-1", code: 0 },
      report(1, { brightness: 80 }),
    ]);
    expect(log.entries).toEqual([]);
  });

  test.each(["", "{", "[]", "null", "7"])("a file that holds %j is refused at the start", async (text) => {
    writeFileSync(file, text);
    await expect(open()).rejects.toMatchObject({ code: "CONFIG_INVALID", context: { file } });
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test("a missing file is made, with its folder", async () => {
    rmSync(folder, { recursive: true });
    await open();
    expect(content()).toEqual({});
  });

  test("a file that cannot be made is refused", async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
    await expect(open()).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
  });

  test("close() ends what has begun and takes nothing more", async () => {
    const properties = await open();
    mqtt.control("c-1", { power: true });
    await properties.close();
    expect(mqtt.sent).toHaveLength(2);
    mqtt.control("c-2", { power: false });
    const laterMqtt = new FakeDeviceMqtt();
    await open(laterMqtt);
    writeFileSync(file, '{ "power": true, "brightness": 80 }');
    await vi.waitFor(() => expect(laterMqtt.sent).toEqual([report(1, { brightness: 80 })]));
    expect(mqtt.sent).toHaveLength(2);
  });

  test("a refused subscription leaves nothing behind", async () => {
    vi.spyOn(mqtt, "subscribe").mockRejectedValueOnce(softApError("MQTT_SUBSCRIBE_REFUSED", "Refused"));
    await expect(open()).rejects.toMatchObject({ code: "MQTT_SUBSCRIBE_REFUSED" });
    const laterMqtt = new FakeDeviceMqtt();
    await open(laterMqtt);
    writeFileSync(file, '{ "power": true }');
    await vi.waitFor(() => expect(laterMqtt.sent).toEqual([report(1, { power: true })]));
    expect(mqtt.publish).not.toHaveBeenCalled();
  });
});
