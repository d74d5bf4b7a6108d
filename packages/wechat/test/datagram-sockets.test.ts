import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NodeDatagramSockets } from "@softap/node";
import { CancelSource, type Endpoint, neverCanceled } from "@softap/ports";
import { encodeUtf8, type SoftApError } from "@softap/protocol";
import { VirtualRadio } from "@softap/virtual";
import { WechatDatagramSockets } from "@softap/wechat";
import { bareWx } from "./stand-in/bare.ts";

const signal = neverCanceled;
const ssid = encodeUtf8("softap");
let world: ReturnType<typeof bareWx>;

beforeEach(async () => {
  world = bareWx();
  await new VirtualRadio({ air: world.air }).softAp.start({ ssid, passphrase: undefined }, { signal });
});
afterEach(() => world.wx.close());

describe("WechatDatagramSockets", () => {
  test("send() and onDatagram carry bytes both ways on the soft AP, a part of a longer buffer as just that part", async () => {
    await world.wifi.joinSoftAp({ ssid, passphrase: undefined }, { signal });
    const peer = await new NodeDatagramSockets().open({ port: 0, address: "127.0.0.1", signal });
    peer.onDatagram = (datagram, from) => void peer.send(datagram, from, { signal });
    const socket = await new WechatDatagramSockets(world.wx).open({ port: 0, signal });
    const heard: [Uint8Array, Endpoint][] = [];
    socket.onDatagram = (...datagram) => heard.push(datagram);
    const to = { address: "127.0.0.1", port: peer.localPort };
    await socket.send(Uint8Array.of(9, 0, 255, 9).subarray(1, 3), to, { signal });
    await vi.waitFor(() => expect(heard).toEqual([[Uint8Array.of(0, 255), to]]));
    socket.close();
    peer.close();
  });

  test("what fails behind a send() is told to the listener, and ends nothing", async () => {
    const errors: SoftApError[] = [];
    const sockets = new WechatDatagramSockets(world.wx, (error) => errors.push(error));
    const socket = await sockets.open({ port: 0, signal });
    await socket.send(Uint8Array.of(1), { address: "192.0.2.1", port: 8266 }, { signal });
    await vi.waitFor(() => expect(errors.map(({ code }) => code)).toEqual(["UNREACHABLE"]));
    socket.close();
    socket.close();
    const late = socket.send(Uint8Array.of(1), { address: "192.0.2.1", port: 8266 }, { signal });
    await expect(late).rejects.toMatchObject({ code: "SOCKET_CLOSED" });
  });

  test("open() takes a free port where none is asked for, and refuses a taken one", async () => {
    const sockets = new WechatDatagramSockets(world.wx);
    const [first, second] = [
      await sockets.open({ port: 0, signal }),
      await sockets.open({ port: 8266, signal }),
    ];
    expect(first.localPort).not.toBe(8266);
    await expect(sockets.open({ port: 8266, signal })).rejects.toMatchObject({ code: "ADDRESS_IN_USE" });
    second.close();
    (await sockets.open({ port: 8266, signal })).close();
    first.close();
    expect(world.wx.udp.open.size).toBe(0);
  });

  test("open() says what a developer has to do where there is no UDP", async () => {
    const failure = new WechatDatagramSockets({}).open({ port: 0, signal });
    await expect(failure).rejects.toThrow(/use Preview/);
    const bound = new WechatDatagramSockets(world.wx).open({ port: 0, address: "192.168.4.2", signal });
    await expect(bound).rejects.toMatchObject({ code: "USAGE" });
  });

  test("open() that is cancelled in the same turn opens nothing", async () => {
    const source = new CancelSource();
    const opening = new WechatDatagramSockets(world.wx).open({ port: 0, signal: source.signal });
    source.cancel();
    await expect(opening).rejects.toMatchObject({ code: "CANCELED" });
    expect(world.wx.udp.open.size).toBe(0);
  });
});
