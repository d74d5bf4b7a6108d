import { describe, expect, test } from "vitest";
import { readDeviceLog } from "@softap/phone";
import { CancelSource, type DatagramSocket, type Endpoint, neverCanceled } from "@softap/ports";
import { decodeUtf8, encodeErrorReply, encodeUtf8 } from "@softap/protocol";
import { World } from "./world.ts";

async function deviceOn(
  world: World,
  port: number,
  onQuery: (reply: (text: string | Uint8Array) => void, number: number) => void,
): Promise<{ socket: DatagramSocket; queries: string[] }> {
  const socket = await world.device.datagrams.open({ port, signal: neverCanceled });
  const queries: string[] = [];
  socket.onDatagram = (datagram, from: Endpoint) => {
    queries.push(decodeUtf8(datagram) ?? "");
    onQuery((text) => {
      const bytes = typeof text === "string" ? encodeUtf8(text) : text;
      socket.send(bytes, from, { signal: neverCanceled }).catch(() => {});
    }, queries.length);
  };
  return { socket, queries };
}

function ports(world: World): Parameters<typeof readDeviceLog>[0]["ports"] {
  return { clock: world.clock, datagrams: world.phone.datagrams, log: world.log };
}

describe("readDeviceLog()", () => {
  test("asks with exactly the bytes that the vendor's log mode compares, on 9876 or 8266", async () => {
    for (const [via, port] of [
      ["logMode", 9876],
      ["provisioning", 8266],
    ] as const) {
      const world = new World();
      const { queries } = await deviceOn(world, port, (reply) => reply("12|a: one\r\n"));
      const text = await world.clock.complete(readDeviceLog({ via, ports: ports(world) }), 20_000);
      expect(text).toBe("12|a: one\n");
      expect(new Set(queries)).toEqual(new Set(['{"cmdType":3}']));
      expect(world.phone.openCount).toBe(0);
      expect(world.clock.pendingCount).toBe(0);
    }
  });

  test("puts chunks together that come twice, in another order, and in part only at the second asking", async () => {
    const world = new World();
    const one = "1|a: first\r\n5|a: fünf\r\n";
    const two = "7|b: seventh\r\nwithout a time\r\n9|b: ninth\r\n\0";
    await deviceOn(world, 9876, (reply, number) => {
      reply(two);
      if (number > 1) reply(one);
      reply(two);
    });
    const text = await world.clock.complete(readDeviceLog({ via: "logMode", ports: ports(world) }), 20_000);
    expect(text).toBe("1|a: first\n5|a: fünf\n7|b: seventh\nwithout a time\n9|b: ninth\n");
  });

  test("takes the one answer of an old device, sent twice, and an empty log", async () => {
    const world = new World();
    const { socket } = await deviceOn(world, 9876, (reply) => {
      reply("3|x(7): y\r\n");
      world.clock.after("device repeats", 500, () => {
        reply("3|x(7): y\r\n");
        socket.close();
      });
    });
    expect(await world.clock.complete(readDeviceLog({ via: "logMode", ports: ports(world) }), 20_000)).toBe(
      "3|x(7): y\n",
    );
    await deviceOn(world, 9876, (reply) => reply(""));
    expect(await world.clock.complete(readDeviceLog({ via: "logMode", ports: ports(world) }), 20_000)).toBe(
      "",
    );
  });

  test("reads through 30 % loss each way", async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const world = new World({ seed, loss: 0.3 });
      await deviceOn(world, 9876, (reply) => reply("1|a: b\r\n"));
      const reading = readDeviceLog({ via: "logMode", ports: ports(world) });
      expect({ seed, text: await world.clock.complete(reading, 20_000) }).toEqual({ seed, text: "1|a: b\n" });
    }
  });

  test("shows bytes that are not UTF-8, and skips what a provisioning device says besides", async () => {
    const world = new World();
    await deviceOn(world, 8266, (reply) => {
      reply(encodeErrorReply({ isCurrent: false, code: "WIFI_AUTH_FAILED" }));
      reply(Uint8Array.of(0x31, 0x7c, 0xff, 0x0d, 0x0a));
    });
    const reading = readDeviceLog({ via: "provisioning", ports: ports(world) });
    expect(await world.clock.complete(reading, 20_000)).toBe("1|\\xff\n");
  });

  test("fails with the device's own error, or with DEVICE_SILENT at the deadline", async () => {
    const world = new World();
    const { socket } = await deviceOn(world, 8266, (reply) =>
      reply(encodeErrorReply({ isCurrent: true, code: "COMMAND_UNKNOWN" })),
    );
    const refused = readDeviceLog({ via: "provisioning", ports: ports(world) });
    await expect(world.clock.complete(refused, 20_000)).rejects.toMatchObject({ code: "COMMAND_UNKNOWN" });
    socket.close();
    const before = world.clock.monotonicMs();
    const silent = readDeviceLog({ via: "provisioning", ports: ports(world) });
    await expect(world.clock.complete(silent, 20_000)).rejects.toMatchObject({ code: "DEVICE_SILENT" });
    expect(world.clock.monotonicMs() - before).toBe(15_000);
    expect(world.phone.openCount).toBe(0);
  });

  test("ends at the deadline also when a device never stops talking", async () => {
    const world = new World();
    let number = 0;
    await deviceOn(world, 9876, (reply) => {
      const more = (): void => {
        reply(`${++number}|a: b\r\n`);
        world.clock.after("device talks", 100, more);
      };
      if (number === 0) more();
    });
    const reading = readDeviceLog({ via: "logMode", ports: ports(world) });
    const text = await world.clock.complete(reading, 15_100);
    expect(text.split("\n").length).toBeGreaterThan(100);
  });

  test("is canceled without a socket or a timer left", async () => {
    const world = new World();
    const source = new CancelSource();
    const reading = readDeviceLog({ via: "logMode", ports: ports(world), signal: source.signal });
    await world.clock.advance(1_000);
    source.cancel();
    await expect(world.clock.complete(reading, 1_000)).rejects.toMatchObject({ code: "CANCELED" });
    expect(world.phone.openCount).toBe(0);
    expect(world.clock.pendingCount).toBe(0);
  });
});
