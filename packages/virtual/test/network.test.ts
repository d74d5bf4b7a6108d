import { CancelSource, neverCanceled, type StreamConnection } from "@softap/ports";
import { isSoftApError } from "@softap/protocol";
import { type LinkConditions, type NetworkTrace, VirtualClock, VirtualNetwork } from "@softap/virtual";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const signal = neverCanceled;

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (isSoftApError(error) ? error.code : String(error)),
  );
}

/** Two hosts with a socket each; what the device hears is collected by its first byte. */
async function pair(conditions: Partial<LinkConditions> = {}, seed = 1) {
  const clock = new VirtualClock();
  const network = new VirtualNetwork({ clock, seed, conditions });
  const lan = network.segment("lan");
  const [phone, device] = [network.host("phone"), network.host("device")];
  phone.attach(lan, "192.168.4.2");
  device.attach(lan, "192.168.4.1");
  const from = await phone.datagrams.open({ port: 0, signal });
  const to = await device.datagrams.open({ port: 8266, signal });
  const heard: { first: number | undefined; atMs: number }[] = [];
  to.onDatagram = (datagram) => heard.push({ first: datagram[0], atMs: clock.monotonicMs() });
  const send = (first: number, length = 1, address = "192.168.4.1") =>
    from.send(new Uint8Array(length).fill(first, 0, 1), { address, port: 8266 }, { signal });
  return { clock, network, lan, phone, device, from, to, heard, send };
}

describe("VirtualNetwork datagrams", () => {
  test("delay and jitter keep the order", async () => {
    const { clock, heard, send } = await pair({ delayMs: 10, jitterMs: 40 });
    for (let at = 0; at < 100; at++) await send(at);
    await clock.advance(50);
    expect(heard.map(({ first }) => first)).toEqual(Array.from({ length: 100 }, (_, at) => at));
    expect(heard.every(({ atMs }) => atMs >= 10 && atMs < 50)).toBe(true);
  });

  test("loss and duplication have the shares that were asked for", async () => {
    const { clock, heard, send } = await pair({ loss: 0.3, duplication: 0.1 });
    for (let at = 0; at < 10_000; at++) await send(0);
    await clock.advance(1);
    expect(heard.length / 10_000).toBeGreaterThan(0.7 * 1.1 - 0.03);
    expect(heard.length / 10_000).toBeLessThan(0.7 * 1.1 + 0.03);
  });

  test("reordering lets later datagrams overtake, and loses none", async () => {
    const { clock, heard, send } = await pair({ reordering: 0.2, reorderingMs: 5, delayMs: 1 });
    for (let at = 0; at < 100; at++) {
      await send(at);
      await clock.advance(1);
    }
    await clock.advance(10);
    const order = heard.map(({ first = -1 }) => first);
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });

  test("a datagram longer than the MTU vanishes, one byte less arrives", async () => {
    const { clock, heard, send } = await pair({ mtuBytes: 255 });
    await send(1, 256);
    await send(2, 255);
    await clock.advance(1);
    expect(heard.map(({ first }) => first)).toEqual([2]);
  });

  test("a one-way break stops one direction only, until it is mended", async () => {
    const { clock, lan, phone, device, from, to, heard, send } = await pair();
    const answers: number[] = [];
    from.onDatagram = (datagram) => answers.push(datagram[0] ?? -1);
    const answer = () =>
      to.send(Uint8Array.of(9), { address: "192.168.4.2", port: from.localPort }, { signal });
    lan.link(phone, device).impair({ isUp: false });
    await send(1);
    await answer();
    await clock.advance(1);
    expect({ heard, answers }).toEqual({ heard: [], answers: [9] });
    lan.link(phone, device).impair(undefined);
    await send(2);
    await clock.advance(1);
    expect(heard.map(({ first }) => first)).toEqual([2]);
  });

  test("what is on the way when a host leaves does not arrive", async () => {
    const { clock, lan, device, heard, send } = await pair({ delayMs: 10 });
    await send(1);
    await clock.advance(5);
    device.detach(lan);
    await clock.advance(10);
    expect(heard).toEqual([]);
    device.attach(lan, "192.168.4.1");
    await send(2);
    await clock.advance(10);
    expect(heard.map(({ first }) => first)).toEqual([2]);
  });

  test("a segment that is down carries nothing", async () => {
    const { clock, lan, heard, send } = await pair({ delayMs: 10 });
    await send(1);
    lan.isUp = false;
    await clock.advance(10);
    expect(await codeOf(send(2))).toBe("UNREACHABLE");
    lan.isUp = true;
    await send(3);
    await clock.advance(10);
    expect(heard.map(({ first }) => first)).toEqual([3]);
  });

  test("an address that nobody has is unreachable, or silent where that was asked for", async () => {
    const { send } = await pair();
    expect(await codeOf(send(1, 1, "192.168.4.77"))).toBe("UNREACHABLE");
    const silent = new VirtualNetwork({ clock: new VirtualClock(), unknownAddress: "silent" });
    const socket = await silent.host("alone").datagrams.open({ port: 0, signal });
    await socket.send(Uint8Array.of(1), { address: "192.168.4.1", port: 8266 }, { signal });
  });

  test("a host is found by its name, and hosts on other segments are not", async () => {
    const { clock, network, heard, send } = await pair();
    await send(1, 1, "device");
    await clock.advance(1);
    expect(heard).toHaveLength(1);
    network.host("stranger").attach(network.segment("elsewhere"), "192.168.4.9");
    expect(await codeOf(send(1, 1, "stranger"))).toBe("UNREACHABLE");
    expect(await codeOf(send(1, 1, "192.168.4.9"))).toBe("UNREACHABLE");
  });

  test("a socket bound to one address hears that address only", async () => {
    const { clock, device, network, phone, from } = await pair();
    const other = network.segment("other");
    device.attach(other, "10.0.0.1");
    phone.attach(other, "10.0.0.2");
    const bound = await device.datagrams.open({ port: 9876, address: "10.0.0.1", signal });
    const heard: string[] = [];
    bound.onDatagram = (_datagram, { address }) => heard.push(address);
    for (const address of ["192.168.4.1", "10.0.0.1"])
      await from.send(Uint8Array.of(1), { address, port: 9876 }, { signal });
    await clock.advance(1);
    expect(heard).toEqual(["10.0.0.2"]);
    expect(await codeOf(device.datagrams.open({ port: 9876, signal }))).toBe("ADDRESS_IN_USE");
  });

  test("the same seed gives the same trace, another seed another one", async () => {
    const run = async (seed: number): Promise<NetworkTrace[]> => {
      const traces: NetworkTrace[] = [];
      const { clock, network, to, from, send } = await pair(
        { loss: 0.3, duplication: 0.2, reordering: 0.2, delayMs: 3, jitterMs: 9 },
        seed,
      );
      network.onTrace = (trace) => traces.push(trace);
      to.onDatagram = (_datagram, sender) => void to.send(new Uint8Array(9), sender, { signal });
      from.onDatagram = () => {};
      for (let at = 0; at < 40; at++) {
        await send(at);
        await clock.advance(7);
      }
      await clock.runAll(1_000);
      return traces;
    };
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const trace = await run(seed);
        expect(await run(seed)).toEqual(trace);
        expect(await run(seed + 1)).not.toEqual(trace);
      }),
      { numRuns: 10 },
    );
  });

  test("conditions and names that make no sense are refused", async () => {
    const { network, lan, send } = await pair();
    expect(() => lan.impair({ loss: 1.1 })).toThrow(/loss is 1.1/);
    expect(() => lan.impair({ delayMs: -1 })).toThrow(/delayMs is -1/);
    for (const name of ["", "phone", "10.0.0.1"]) expect(() => network.host(name)).toThrow(/host/);
    expect(() => network.host("third").attach(lan, "192.168.4.1")).toThrow(/belongs to another host/);
    expect(await codeOf(network.host("fourth").datagrams.open({ port: 70_000, signal }))).toBe("USAGE");
    await send(1);
  });

  test("openCount counts what is open anywhere", async () => {
    const { network, from, to, device } = await pair();
    const listener = await device.streams.listen({ port: 0, onConnection: () => {}, signal });
    expect(network.openCount).toBe(3);
    for (const one of [from, to, listener]) one.close();
    expect(network.openCount).toBe(0);
  });
});

describe("VirtualNetwork streams", () => {
  async function connected(conditions: Partial<LinkConditions> = {}) {
    const world = await pair(conditions);
    const accepted: StreamConnection[] = [];
    await world.device.streams.listen({
      port: 8266,
      onConnection: (connection) => accepted.push(connection),
      signal,
    });
    const opening = world.phone.streams.connect({ to: { address: "192.168.4.1", port: 8266 }, signal });
    const client = await world.clock.complete(opening, 20_000);
    const [server] = accepted;
    if (server === undefined) return expect.fail("nobody was accepted");
    return { ...world, client, server };
  }

  test("bytes survive half of everything being lost, in order", async () => {
    const { clock, client, server } = await connected({ loss: 0.5, delayMs: 5 });
    const heard: number[] = [];
    server.onBytes = (bytes) => heard.push(...bytes);
    for (let at = 0; at < 50; at++) await client.write(Uint8Array.of(at), { signal });
    await clock.advanceUntil(() => heard.length === 50, 120_000);
    expect(heard).toEqual(Array.from({ length: 50 }, (_, at) => at));
  });

  test("a break that lasts ends the connection of whoever writes", async () => {
    const { clock, lan, client, server } = await connected();
    const closed: string[] = [];
    client.onClosed = () => closed.push("client");
    server.onClosed = () => closed.push("server");
    lan.isUp = false;
    await client.write(Uint8Array.of(1), { signal });
    await clock.advance(10_000);
    expect(closed).toEqual([]);
    await clock.advance(10_000);
    expect(closed).toEqual(["client"]);
    expect(await codeOf(client.write(Uint8Array.of(1), { signal }))).toBe("SOCKET_CLOSED");
  });

  test("a short break only delays", async () => {
    const { clock, lan, client, server } = await connected();
    const heard: number[] = [];
    server.onBytes = (bytes) => heard.push(...bytes);
    lan.isUp = false;
    await client.write(Uint8Array.of(1), { signal });
    await clock.advance(3_000);
    lan.isUp = true;
    await client.write(Uint8Array.of(2), { signal });
    await clock.advance(5_000);
    expect(heard).toEqual([1, 2]);
  });

  test("connect() tells unknown names, unreachable addresses and those that do not answer", async () => {
    const { clock, lan, phone, device } = await pair();
    const connect = (address: string) => phone.streams.connect({ to: { address, port: 80 }, signal });
    expect(await codeOf(connect("nobody.test"))).toBe("HOST_NOT_FOUND");
    expect(await codeOf(connect("192.168.4.77"))).toBe("UNREACHABLE");
    lan.link(phone, device).impair({ isUp: false });
    expect(await clock.complete(codeOf(connect("192.168.4.1")), 20_000)).toBe("UNREACHABLE");
    lan.link(phone, device).impair(undefined);
    lan.link(device, phone).impair({ isUp: false });
    expect(await clock.complete(codeOf(connect("192.168.4.1")), 20_000)).toBe("UNREACHABLE");
    await clock.runAll(20_000);
  });

  test("connect() that is canceled on the way leaves nothing open", async () => {
    const { clock, network, phone, device, from, to } = await pair({ delayMs: 10 });
    await device.streams.listen({ port: 8266, onConnection: () => {}, signal });
    const before = network.openCount;
    for (const cancelAfterMs of [0, 5, 15]) {
      const source = new CancelSource();
      const connecting = codeOf(
        phone.streams.connect({ to: { address: "192.168.4.1", port: 8266 }, signal: source.signal }),
      );
      await clock.advance(cancelAfterMs);
      source.cancel();
      expect(await connecting).toBe("CANCELED");
      await clock.runAll(60_000);
      expect(network.openCount).toBe(before);
    }
    from.close();
    to.close();
  });
});
