import { type DatagramSocket, type Endpoint, neverCanceled, type Random } from "@softap/ports";
import {
  type NativeUdp,
  type NativeUdpSocket,
  ReactNativeClock,
  ReactNativeDatagramSockets,
} from "@softap/react-native";
import { MemoryLog, SeededRandom, VirtualClock } from "@softap/virtual";
import { describe, expect, test } from "vitest";
import { virtualTimers } from "./stand-in/virtual-globals.ts";

const signal = neverCanceled;

/** A native module that says what a test wants it to say. */
class FakeUdp implements NativeUdp {
  /** What the next bind comes to, first in first out; nothing is success. */
  readonly bindErrors: unknown[] = [];
  /** What every send comes to. */
  sendError: unknown = undefined;
  readonly ports: number[] = [];
  readonly sockets: FakeUdpSocket[] = [];

  createSocket(): NativeUdpSocket {
    const socket = new FakeUdpSocket(this);
    this.sockets.push(socket);
    return socket;
  }
}

class FakeUdpSocket implements NativeUdpSocket {
  isClosed = false;
  readonly #udp: FakeUdp;
  readonly #listeners: [string, (...values: never[]) => void][] = [];

  constructor(udp: FakeUdp) {
    this.#udp = udp;
  }

  on(event: string, listener: (...values: never[]) => void): void {
    this.#listeners.push([event, listener]);
  }

  bind(port: number): void {
    this.#udp.ports.push(port);
    const [error] = this.#udp.bindErrors.splice(0, 1);
    if (error === undefined) this.emit("listening");
    else this.emit("error", error as never);
  }

  send(...[, , , , , callback]: Parameters<NativeUdpSocket["send"]>): void {
    callback(this.#udp.sendError);
  }

  close(callback: () => void): void {
    this.isClosed = true;
    callback();
  }

  emit(event: string, ...values: never[]): void {
    for (const [name, listener] of this.#listeners) if (name === event) listener(...values);
  }
}

function world(random: Random = new SeededRandom(1)) {
  const udp = new FakeUdp();
  const virtual = new VirtualClock();
  const log = new MemoryLog(virtual);
  const clock = new ReactNativeClock(virtualTimers(virtual));
  return { udp, log, virtual, sockets: new ReactNativeDatagramSockets({ udp, clock, random, log }) };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "no error",
    (error: unknown) => error,
  );
}

const to: Endpoint = { address: "192.168.4.1", port: 8266 };

describe("open()", () => {
  test("chooses a dynamic port itself, for Android tells of none", async () => {
    const { udp, sockets } = world();
    const socket = await sockets.open({ port: 0, signal });
    expect(socket.localPort).toBeGreaterThanOrEqual(49_152);
    expect(udp.ports).toEqual([socket.localPort]);
  });

  test("tries other ports when the chosen ones are taken, and gives up at eight", async () => {
    const { udp, sockets } = world();
    const inUse = "bind failed: EADDRINUSE (Address already in use)";
    udp.bindErrors.push(inUse, inUse);
    const socket = await sockets.open({ port: 0, signal });
    expect(udp.ports).toHaveLength(3);
    expect(udp.ports.at(-1)).toBe(socket.localPort);
    udp.bindErrors.push(...Array.from({ length: 8 }, () => inUse));
    expect(await failureOf(sockets.open({ port: 0, signal }))).toMatchObject({ code: "ADDRESS_IN_USE" });
    expect(udp.ports).toHaveLength(11);
    expect(udp.sockets.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
  });

  test("does not choose a port that it has given away already", async () => {
    // Always the same chance: the second socket cannot have what the first one has.
    const { sockets } = world({ bytes: (length) => new Uint8Array(length) });
    await sockets.open({ port: 0, signal });
    expect(await failureOf(sockets.open({ port: 0, signal }))).toMatchObject({ code: "ADDRESS_IN_USE" });
  });

  for (const [said, code] of [
    ["bind failed: EADDRINUSE (Address already in use)", "ADDRESS_IN_USE"],
    [new Error("Address already in use"), "ADDRESS_IN_USE"],
    [{ message: "bind failed: EADDRNOTAVAIL (Cannot assign requested address)" }, "ADDRESS_UNAVAILABLE"],
    ["Can't assign requested address", "ADDRESS_UNAVAILABLE"],
    ["bind failed: EACCES (Permission denied)", "PERMISSION_DENIED"],
    ["Error in bind() function", "ADDRESS_UNAVAILABLE"],
    [null, "ADDRESS_UNAVAILABLE"],
    [42, "ADDRESS_UNAVAILABLE"],
  ] as const)
    test(`tells ${JSON.stringify(said)} as ${code} and closes the socket`, async () => {
      const { udp, sockets } = world();
      udp.bindErrors.push(said);
      expect(await failureOf(sockets.open({ port: 5_000, signal }))).toMatchObject({ code });
      expect(udp.sockets.map(({ isClosed }) => isClosed)).toEqual([true]);
      expect(sockets.openCount).toBe(0);
    });
});

describe("send()", () => {
  for (const [said, code] of [
    [{ message: "sendto failed: ENETUNREACH (Network is unreachable)" }, "UNREACHABLE"],
    ["No route to host", "UNREACHABLE"],
    [{ code: "sendError", message: "sendto failed: EPERM (Operation not permitted)" }, "PERMISSION_DENIED"],
    ["Message too long", "DATAGRAM_TOO_LONG"],
    [{ message: 'Unable to resolve host "lamp.local"' }, "HOST_NOT_FOUND"],
    [{ message: "no client found with id 3" }, "SOCKET_CLOSED"],
    [{ message: "Socket is not bound." }, "SOCKET_CLOSED"],
    [{}, "UNREACHABLE"],
    ["", "UNREACHABLE"],
  ] as const)
    test(`tells ${JSON.stringify(said)} as ${code}`, async () => {
      const { udp, sockets } = world();
      const socket = await sockets.open({ port: 0, signal });
      udp.sendError = said;
      expect(await failureOf(socket.send(Uint8Array.of(1), to, { signal }))).toMatchObject({ code });
    });

  test("null is success, as the bridge spells it", async () => {
    const { udp, sockets } = world();
    const socket = await sockets.open({ port: 0, signal });
    udp.sendError = null;
    expect(await failureOf(socket.send(Uint8Array.of(1), to, { signal }))).toBe("no error");
  });
});

describe("a socket", () => {
  test("names senders by IPv4 where Apple writes them as IPv6, and hands over plain bytes", async () => {
    const { udp, sockets } = world();
    const socket = await sockets.open({ port: 0, signal });
    const heard: unknown[] = [];
    socket.onDatagram = (datagram, from) => heard.push(datagram.constructor, [...datagram], from.address);
    udp.sockets[0]?.emit(
      "message",
      Buffer.from([7]) as never,
      { address: "::ffff:192.168.4.1", port: 1 } as never,
    );
    expect(heard).toEqual([Uint8Array, [7], "192.168.4.1"]);
  });

  test("outlives an error event, which would end the app if nobody listened", async () => {
    const { udp, sockets } = world();
    const socket = await sockets.open({ port: 0, signal });
    udp.sockets[0]?.emit("error", "something native" as never);
    expect(await failureOf(socket.send(Uint8Array.of(1), to, { signal }))).toBe("no error");
  });
});

describe("renew()", () => {
  async function opened(): Promise<ReturnType<typeof world> & { readonly socket: DatagramSocket }> {
    const made = world();
    return { ...made, socket: await made.sockets.open({ port: 0, signal }) };
  }

  test("opens a socket anew on its port, and what is sent meanwhile leaves through the new one", async () => {
    const { udp, sockets, socket } = await opened();
    const port = socket.localPort;
    const renewing = sockets.renew();
    const sending = failureOf(socket.send(Uint8Array.of(1), to, { signal }));
    await renewing;
    expect(await sending).toBe("no error");
    expect(udp.ports).toEqual([port, port]);
    expect(udp.sockets.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    const heard: number[] = [];
    socket.onDatagram = ({ length }) => heard.push(length);
    udp.sockets[0]?.emit("message", Buffer.from([1]) as never, to as never);
    udp.sockets[1]?.emit("message", Buffer.from([1, 2]) as never, to as never);
    expect(heard).toEqual([2]);
  });

  test("takes another port when the old one is gone", async () => {
    const { udp, sockets, socket } = await opened();
    const port = socket.localPort;
    udp.bindErrors.push("Address already in use");
    await sockets.renew();
    expect(socket.localPort).not.toBe(port);
    expect(udp.ports.at(-1)).toBe(socket.localPort);
  });

  test("that fails leaves a socket that says UNREACHABLE until a later one succeeds", async () => {
    const { udp, sockets, socket, log } = await opened();
    udp.bindErrors.push("something native");
    await sockets.renew();
    expect(await failureOf(socket.send(Uint8Array.of(1), to, { signal }))).toMatchObject({
      code: "UNREACHABLE",
    });
    expect(log.entries.map(({ level, text }) => [level, text])).toEqual([
      ["warn", "udp socket not opened again"],
    ]);
    await sockets.renew();
    expect(await failureOf(socket.send(Uint8Array.of(1), to, { signal }))).toBe("no error");
  });

  test("leaves no native socket when close() comes in between, however often it is called", async () => {
    const { udp, sockets, socket, virtual } = await opened();
    const renewing = Promise.all([sockets.renew(), sockets.renew()]);
    socket.close();
    await renewing;
    await sockets.renew();
    expect(udp.sockets.every(({ isClosed }) => isClosed)).toBe(true);
    expect(await failureOf(socket.send(Uint8Array.of(1), to, { signal }))).toMatchObject({
      code: "SOCKET_CLOSED",
    });
    expect(virtual.pendingCount).toBe(0);
  });
});
