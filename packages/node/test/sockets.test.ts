import { NodeDatagramSockets, NodeStreams } from "@softap/node";
import { CancelSource, type Endpoint, neverCanceled } from "@softap/ports";
import { connect, createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { closeServer, isRefused, listenOnLoopback, portOf, trackSockets } from "./loopback.ts";

const signal = neverCanceled;
const address = "127.0.0.1";
const datagrams = new NodeDatagramSockets();
const streams = new NodeStreams();
const undo: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

describe("NodeDatagramSockets", () => {
  test("send() finds a host by its name", async () => {
    const receiver = await datagrams.open({ port: 0, address, signal });
    const sender = await datagrams.open({ port: 0, signal });
    undo.push(
      () => receiver.close(),
      () => sender.close(),
    );
    const senders: Endpoint[] = [];
    receiver.onDatagram = (_datagram, from) => senders.push(from);
    await sender.send(Uint8Array.of(1), { address: "localhost", port: receiver.localPort }, { signal });
    await expect.poll(() => senders).toEqual([{ address, port: sender.localPort }]);
  });

  test("send() rejects with HOST_NOT_FOUND for a name that nobody knows", async () => {
    const sender = await datagrams.open({ port: 0, address, signal });
    undo.push(() => sender.close());
    const sending = sender.send(Uint8Array.of(1), { address: "no-such-host..invalid", port: 9 }, { signal });
    await expect(sending).rejects.toMatchObject({ code: "HOST_NOT_FOUND" });
  });

  test("send() that is cancelled or closed while it looks for the host ends at once", async () => {
    const sender = await datagrams.open({ port: 0, address, signal });
    const source = new CancelSource();
    const to = { address: "localhost", port: 9 };
    const canceled = sender.send(Uint8Array.of(1), to, { signal: source.signal });
    source.cancel();
    await expect(canceled).rejects.toMatchObject({ code: "CANCELED" });
    const closed = sender.send(Uint8Array.of(1), to, { signal });
    sender.close();
    await expect(closed).rejects.toMatchObject({ code: "SOCKET_CLOSED" });
  });

  test("ports outside 0–65 535 are refused with USAGE", async () => {
    await expect(datagrams.open({ port: 65_536, signal })).rejects.toMatchObject({ code: "USAGE" });
    const sender = await datagrams.open({ port: 0, address, signal });
    undo.push(() => sender.close());
    for (const port of [0, 65_536, Number.NaN])
      await expect(sender.send(Uint8Array.of(1), { address, port }, { signal })).rejects.toMatchObject({
        code: "USAGE",
      });
  });

  test("open() without an address hears what comes to any", async () => {
    const receiver = await datagrams.open({ port: 0, signal });
    const sender = await datagrams.open({ port: 0, address: "127.0.0.2", signal });
    undo.push(
      () => receiver.close(),
      () => sender.close(),
    );
    const senders: Endpoint[] = [];
    receiver.onDatagram = (_datagram, from) => senders.push(from);
    await sender.send(Uint8Array.of(1), { address, port: receiver.localPort }, { signal });
    await expect.poll(() => senders).toEqual([{ address: "127.0.0.2", port: sender.localPort }]);
  });
});

describe("NodeStreams", () => {
  test("write() that the peer does not read rejects with SOCKET_CLOSED on close()", async () => {
    const server = createServer({ pauseOnConnect: true });
    const sockets = trackSockets(server);
    await listenOnLoopback(server);
    undo.push(async () => {
      for (const socket of sockets) socket.destroy();
      await closeServer(server);
    });
    const connection = await streams.connect({ to: { address, port: portOf(server) }, signal });
    const writing = connection.write(new Uint8Array(32_000_000), { signal });
    const settled = writing.catch((error: unknown) => error);
    connection.close();
    expect(await settled).toMatchObject({ code: "SOCKET_CLOSED" });
  });

  test("close() does not reset a peer that is still writing", async () => {
    const listener = await streams.listen({
      port: 0,
      address,
      onConnection: (connection) => {
        void connection.write(Uint8Array.of(1), { signal }).then(() => connection.close());
      },
      signal,
    });
    undo.push(() => listener.close());
    const calls: string[] = [];
    const peer = connect({ port: listener.localPort, host: address, allowHalfOpen: true });
    peer.on("data", () => calls.push("data"));
    peer.on("error", () => calls.push("reset"));
    peer.once("end", () => {
      calls.push("end");
      peer.write(new Uint8Array(10_000));
      peer.write(new Uint8Array(10_000), () => peer.end());
    });
    peer.once("close", () => calls.push("close"));
    await expect.poll(() => calls).toContain("close");
    expect(calls).toEqual(["data", "end", "close"]);
  });

  test("a listening port is free again as soon as close() returned", async () => {
    const listener = await streams.listen({ port: 0, address, onConnection: () => {}, signal });
    listener.close();
    expect(await isRefused(listener.localPort)).toBe(true);
  });

  test("ports outside 0–65 535 are refused with USAGE", async () => {
    await expect(streams.listen({ port: 65_536, onConnection: () => {}, signal })).rejects.toMatchObject({
      code: "USAGE",
    });
    await expect(streams.connect({ to: { address, port: 65_536 }, signal })).rejects.toMatchObject({
      code: "USAGE",
    });
  });

  test("connect() tells an unknown host by HOST_NOT_FOUND", async () => {
    const to = { address: "no-such-host..invalid", port: 9 };
    await expect(streams.connect({ to, signal })).rejects.toMatchObject({ code: "HOST_NOT_FOUND" });
  });
});
