import { describe, expect, test } from "vitest";
import { neverCanceled } from "@softap/ports";
import { encodeUtf8, protocolLimits } from "@softap/protocol";
import { FakePhone } from "./fake-phone.ts";
import { World } from "./world.ts";

const token = "t".repeat(32);

describe("the server", () => {
  test.each([
    ["no JSON", "hello", "DATAGRAM_NOT_JSON", "APP command error! (2, 201)"],
    ["no command", "{}", "DATAGRAM_NOT_JSON", "APP command error! (2, 201)"],
    ["an unknown command", '{"cmdType":9}', "COMMAND_UNKNOWN", "APP command error! (2, 201)"],
    [
      "no ssid",
      `{"cmdType":1,"password":"abcd1234","token":"${token}"}`,
      "FIELD_MISSING",
      "APP command error! (2, 204)",
    ],
    [
      "a number for a name",
      `{"cmdType":1,"ssid":7,"password":"","token":"${token}"}`,
      "FIELD_MISSING",
      "APP command error! (2, 204)",
    ],
    [
      "a short passphrase",
      `{"cmdType":1,"ssid":"a","password":"short","token":"${token}"}`,
      "PASSPHRASE_LENGTH",
      "APP command error! (2, 204)",
    ],
    [
      "a long token",
      `{"cmdType":1,"ssid":"a","password":"","token":"${token}x"}`,
      "TOKEN_LENGTH",
      "APP command error! (2, 204)",
    ],
    [
      "too many bytes",
      `{"cmdType":1,"x":"${"x".repeat(1_100)}"}`,
      "DATAGRAM_TOO_LONG",
      "APP command error! (2, 201)",
    ],
    [
      "another region",
      `{"cmdType":1,"ssid":"Home-WiFi","password":"abcd1234","token":"${token}","region":"na-ashburn"}`,
      "REGION_MISMATCH",
      "Product Region fault error! (26, -1002)",
    ],
  ])("answers %s with its error and goes on", async (_name, text, code, log) => {
    const world = new World();
    const phone = await world.open();
    await phone.send(text);
    await world.clock.advance(50);
    expect(phone.errors).toHaveLength(1);
    expect(phone.errors[0]).toMatchObject({ isCurrent: true, code, log });
    expect(world.radio.station.status.state).toBe("idle");
    await phone.sendNetwork({ region: "AP-Guangzhou" });
    await world.until(() => world.device.isProvisioningSuccessful());
    await world.end();
  });

  test("does not let a flood of junk stand in the way of a phone", async () => {
    const world = new World();
    const phone = await world.open();
    const floodHost = world.network.host("stranger");
    const [softAp] = world.air.softAps;
    softAp?.admit({ host: floodHost, onDropped: () => undefined }, undefined);
    const flood = await FakePhone.open(floodHost, () => world.clock.monotonicMs());
    for (let second = 0; second < 5; second++) {
      for (let junk = 0; junk < 200; junk++) await flood.send("junk");
      await world.clock.advance(1_000);
    }
    expect(flood.errors.length).toBeGreaterThanOrEqual(8);
    expect(flood.errors.length).toBeLessThanOrEqual(30);
    await phone.send("{}");
    await phone.sendNetwork({});
    await world.clock.advance(50);
    expect(phone.errors).toHaveLength(1);
    expect(phone.infos).toHaveLength(1);
    await world.until(() => world.device.isProvisioningSuccessful());
    await world.end();
  });

  test("refuses attempts above the limit of a session", async () => {
    const world = new World({ device: { limits: { maxAttempts: 3 } } });
    const phone = await world.open();
    for (let attempt = 1; attempt <= 3; attempt++) {
      await phone.sendNetwork({ passphrase: `wrong-one-${attempt}` });
      await world.until(() => phone.errors.length === attempt);
    }
    await phone.sendNetwork({});
    await world.clock.advance(100);
    expect(phone.errors.at(-1)).toMatchObject({ code: "RATE_LIMITED" });
    await world.end();
  });

  test("answers the v1 question with a signature", async () => {
    const world = new World();
    const phone = await world.open();
    await phone.send('{"cmdType":0,"timestamp":1600000000}');
    await world.until(() => phone.heard.length > 0);
    expect(phone.heard[0]?.v1Status).toMatchObject({
      productId: "L4WG9V9M2M",
      isWifiConnected: false,
      isMqttConnected: false,
    });
    await world.end();
  });

  test("takes few TCP connections, closes the one silent longest for a new one, and silent ones after a minute", async () => {
    const world = new World();
    await world.open();
    const closed: number[] = [];
    const connect = async (number: number): Promise<void> => {
      const stream = await world.clock.complete(
        world.phoneHost.streams.connect({
          to: { address: "192.168.4.1", port: 8266 },
          signal: neverCanceled,
        }),
        1_000,
      );
      stream.onClosed = () => closed.push(number);
    };
    for (let number = 1; number <= 9; number++) await connect(number);
    await world.clock.advance(100);
    expect(closed).toEqual([1]);
    await world.clock.advance(61_000);
    expect(closed).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await world.end();
  });

  test("closes a TCP connection whose line has no end", async () => {
    const world = new World();
    await world.open();
    const stream = await world.clock.complete(
      world.phoneHost.streams.connect({ to: { address: "192.168.4.1", port: 8266 }, signal: neverCanceled }),
      1_000,
    );
    let text = "";
    let isClosed = false;
    stream.onBytes = (bytes) => (text += Buffer.from(bytes).toString());
    stream.onClosed = () => (isClosed = true);
    await stream.write(encodeUtf8("x".repeat(protocolLimits.maxRequestBytes + 3)), { signal: neverCanceled });
    await world.until(() => isClosed, 1_000);
    expect(text).toContain("DATAGRAM_TOO_LONG");
    await world.end();
  });

  test("names the port that is taken, and leaves nothing open", async () => {
    const world = new World();
    const taken = await world.deviceHost.datagrams.open({ port: 8266, signal: neverCanceled });
    await expect(world.clock.complete(world.device.start(), 1_000)).rejects.toMatchObject({
      code: "ADDRESS_IN_USE",
    });
    taken.close();
    expect(world.radio.softAp.isUp).toBe(false);
    await world.clock.complete(world.device.start(), 1_000);
    expect(world.device.localPort).toBe(8266);
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });
});

describe("remembered errors", () => {
  test("are told once, after a restart, as Previous_Error before the reply", async () => {
    const world = new World();
    const phone = await world.open();
    await phone.sendNetwork({ passphrase: "wrong-one" });
    await world.until(() => phone.errors.length === 1);
    await world.restart();
    await world.clock.complete(world.device.start(), 5_000);
    const next = await world.phone();
    await next.send("junk does not take them");
    await next.sendNetwork({});
    await world.clock.advance(50);
    const kinds = next.heard.map(({ reply }) =>
      reply.type === "error" ? `${reply.isCurrent ? "current" : "previous"} ${reply.code}` : reply.type,
    );
    expect(kinds).toEqual(["current DATAGRAM_NOT_JSON", "previous WIFI_AUTH_FAILED", "info"]);
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(await world.stored("softap.errors")).toBeUndefined();
    await world.end();
  });

  test("are 16 at most, the newest", async () => {
    const world = new World({ device: { limits: { maxAttempts: 100 } } });
    const phone = await world.open();
    for (let attempt = 1; attempt <= 20; attempt++) {
      await phone.sendNetwork({ passphrase: `wrong-${attempt}-x` });
      await world.until(() => phone.errors.length === attempt);
    }
    await world.clock.settle();
    const stored: unknown = JSON.parse((await world.stored("softap.errors")) ?? "[]");
    expect(stored).toHaveLength(16);
    expect(stored).toMatchObject([{ attempt: 5 }, ...Array.from({ length: 15 }, () => ({}))]);
    await world.end();
  });
});
