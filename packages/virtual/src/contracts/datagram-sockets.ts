import { CancelSource, type DatagramSocket, type DatagramSockets, neverCanceled } from "@softap/ports";
import { describe, expect } from "vitest";
import { type ContractWorld, criteria, patternBytes } from "./world.ts";

/** Two hosts that reach each other without loss; they may be the same one. */
export interface DatagramSocketsWorld extends ContractWorld {
  readonly sockets: DatagramSockets;
  /** Address of the host of `sockets`. */
  readonly address: string;
  /** The other host. */
  readonly peer: DatagramSockets;
  readonly peerAddress: string;
}

interface Received {
  readonly datagram: Uint8Array;
  readonly address: string;
  readonly port: number;
}

const signal = neverCanceled;
/** An address that documents may use and no host has. @see RFC 5737 */
const foreignAddress = "203.0.113.7";
/** One byte more than fits into an IPv4 packet. */
const tooLong = new Uint8Array(65_508);

function listen(socket: DatagramSocket): Received[] {
  const received: Received[] = [];
  socket.onDatagram = (datagram, from) => received.push({ datagram, address: from.address, port: from.port });
  return received;
}

/** The criteria of {@link DatagramSockets}. */
export function datagramSocketsContract(name: string, setup: () => Promise<DatagramSocketsWorld>): void {
  const criterion = criteria(setup);

  describe(`DatagramSockets of ${name}`, () => {
    criterion("open() with port 0 gives each socket a port of its own", async ({ world, settled }) => {
      const first = await settled(world.sockets.open({ port: 0, signal }));
      const second = await settled(world.sockets.open({ port: 0, signal }));
      expect(first.localPort).toBeGreaterThan(0);
      expect(second.localPort).toBeGreaterThan(0);
      expect(second.localPort).not.toBe(first.localPort);
      first.close();
      second.close();
    });

    criterion(
      "open() refuses a taken port with ADDRESS_IN_USE until close()",
      async ({ world, settled, failure }) => {
        const { sockets, address } = world;
        const first = await settled(sockets.open({ port: 0, address, signal }));
        const port = first.localPort;
        expect((await failure(sockets.open({ port, address, signal }))).code).toBe("ADDRESS_IN_USE");
        first.close();
        const again = await settled(sockets.open({ port, address, signal }));
        expect(again.localPort).toBe(port);
        again.close();
      },
    );

    criterion("open() refuses a foreign address with ADDRESS_UNAVAILABLE", async ({ world, failure }) => {
      const error = await failure(world.sockets.open({ port: 0, address: foreignAddress, signal }));
      expect(error.code).toBe("ADDRESS_UNAVAILABLE");
    });

    criterion(
      "open() rejects with CANCELED when the signal had fired, and takes no port",
      async ({ world, settled, failure }) => {
        const { sockets, address } = world;
        const port = await freePort(world, settled);
        const source = new CancelSource();
        source.cancel("reason of the test");
        const error = await failure(sockets.open({ port, address, signal: source.signal }));
        expect(error.code).toBe("CANCELED");
        expect(error.cause).toBe("reason of the test");
        (await settled(sockets.open({ port, address, signal }))).close();
      },
    );

    criterion(
      "open() rejects with CANCELED when the signal fires meanwhile, and keeps no port",
      async ({ world, settled, failure }) => {
        const { sockets, address } = world;
        const port = await freePort(world, settled);
        const source = new CancelSource();
        const opening = sockets.open({ port, address, signal: source.signal });
        source.cancel();
        expect((await failure(opening)).code).toBe("CANCELED");
        (await settled(sockets.open({ port, address, signal }))).close();
      },
    );

    criterion(
      "a signal that fires after open() does nothing to the socket",
      async ({ world, settled, until }) => {
        const source = new CancelSource();
        const socket = await settled(
          world.sockets.open({ port: 0, address: world.address, signal: source.signal }),
        );
        source.cancel();
        const received = listen(socket);
        const peer = await settled(world.peer.open({ port: 0, signal }));
        await settled(
          peer.send(patternBytes(3), { address: world.address, port: socket.localPort }, { signal }),
        );
        await until(() => received.length === 1);
        socket.close();
        peer.close();
      },
    );

    criterion(
      "send() delivers datagrams whole, one by one, with the sender's endpoint",
      async ({ world, settled, until }) => {
        const { socket, peer, received } = await pair(world, settled);
        const sizes = [1, 2, 255, 256, 1_023, 1_200];
        for (const size of sizes)
          await settled(
            peer.send(patternBytes(size), { address: world.address, port: socket.localPort }, { signal }),
          );
        await until(() => received.length === sizes.length);
        expect(received.map(({ datagram }) => datagram.length).toSorted((a, b) => a - b)).toEqual(sizes);
        for (const { datagram, address, port } of received) {
          expect(datagram).toEqual(patternBytes(datagram.length));
          expect(datagram.constructor).toBe(Uint8Array);
          expect({ address, port }).toEqual({ address: world.peerAddress, port: peer.localPort });
        }
        socket.close();
        peer.close();
      },
    );

    criterion(
      "send() to the endpoint of a received datagram reaches its sender",
      async ({ world, settled, until }) => {
        const { socket, peer, received } = await pair(world, settled);
        const answers = listen(peer);
        await settled(
          peer.send(patternBytes(9), { address: world.address, port: socket.localPort }, { signal }),
        );
        await until(() => received.length === 1);
        const { address = "", port = 0 } = received[0] ?? {};
        await settled(socket.send(patternBytes(5, 1), { address, port }, { signal }));
        await until(() => answers.length === 1);
        expect(answers[0]?.datagram).toEqual(patternBytes(5, 1));
        expect(answers[0]?.port).toBe(socket.localPort);
        socket.close();
        peer.close();
      },
    );

    criterion(
      "send() leaves the caller's bytes to the caller once it resolved",
      async ({ world, settled, until }) => {
        const { socket, peer, received } = await pair(world, settled);
        const bytes = patternBytes(64);
        await settled(peer.send(bytes, { address: world.address, port: socket.localPort }, { signal }));
        bytes.fill(0);
        await until(() => received.length === 1);
        expect(received[0]?.datagram).toEqual(patternBytes(64));
        socket.close();
        peer.close();
      },
    );

    criterion(
      "send() with a fired signal rejects with CANCELED and sends nothing",
      async ({ world, settled, failure, until }) => {
        const { socket, peer, received } = await pair(world, settled);
        const to = { address: world.address, port: socket.localPort };
        const source = new CancelSource();
        source.cancel();
        expect((await failure(peer.send(patternBytes(4), to, { signal: source.signal }))).code).toBe(
          "CANCELED",
        );
        await settled(peer.send(patternBytes(8), to, { signal }));
        await until(() => received.length > 0);
        expect(received.map(({ datagram }) => datagram.length)).toEqual([8]);
        socket.close();
        peer.close();
      },
    );

    criterion(
      "send() refuses more than a datagram holds with DATAGRAM_TOO_LONG, and goes on",
      async ({ world, settled, failure, until }) => {
        const { socket, peer, received } = await pair(world, settled);
        const to = { address: world.address, port: socket.localPort };
        expect((await failure(peer.send(tooLong, to, { signal }))).code).toBe("DATAGRAM_TOO_LONG");
        await settled(peer.send(patternBytes(8), to, { signal }));
        await until(() => received.length === 1);
        socket.close();
        peer.close();
      },
    );

    criterion("a port that nobody listens on does not end the sender", async ({ world, settled, until }) => {
      const { socket, peer, received } = await pair(world, settled);
      const answers = listen(peer);
      const port = await freePort(world, settled);
      for (let attempt = 1; attempt <= 3; attempt += 1)
        await settled(
          peer.send(patternBytes(4), { address: world.address, port }, { signal }).catch(() => {}),
        );
      await settled(
        peer.send(patternBytes(8), { address: world.address, port: socket.localPort }, { signal }),
      );
      await until(() => received.length === 1);
      await settled(
        socket.send(patternBytes(2), { address: world.peerAddress, port: peer.localPort }, { signal }),
      );
      await until(() => answers.length === 1);
      socket.close();
      peer.close();
    });

    criterion("onDatagram may be replaced and taken away", async ({ world, settled, until }) => {
      const { socket, peer, received } = await pair(world, settled);
      const to = { address: world.address, port: socket.localPort };
      await settled(peer.send(patternBytes(1), to, { signal }));
      await until(() => received.length === 1);
      const later = listen(socket);
      await settled(peer.send(patternBytes(2), to, { signal }));
      await until(() => later.length === 1);
      expect(received).toHaveLength(1);
      socket.onDatagram = undefined;
      await settled(peer.send(patternBytes(3), to, { signal }));
      const fresh = listen(socket);
      await settled(peer.send(patternBytes(4), to, { signal }));
      await until(() => fresh.some(({ datagram }) => datagram.length === 4));
      expect(later).toHaveLength(1);
      socket.close();
      peer.close();
    });

    criterion(
      "close() is idempotent, and send() rejects with SOCKET_CLOSED from then on",
      async ({ world, settled, failure }) => {
        const { socket, peer } = await pair(world, settled);
        socket.close();
        socket.close();
        const to = { address: world.peerAddress, port: peer.localPort };
        expect((await failure(socket.send(patternBytes(4), to, { signal }))).code).toBe("SOCKET_CLOSED");
        peer.close();
      },
    );

    criterion("close() settles a send() under way", async ({ world, settled }) => {
      const { socket, peer } = await pair(world, settled);
      const to = { address: world.peerAddress, port: peer.localPort };
      const sending = socket.send(patternBytes(4), to, { signal }).then(
        () => "sent",
        (error: unknown) => error,
      );
      socket.close();
      expect(["sent", expect.objectContaining({ code: "SOCKET_CLOSED" })]).toContainEqual(
        await settled(sending),
      );
      peer.close();
    });

    criterion(
      "no callback runs after close(), even called from within one",
      async ({ world, settled, until }) => {
        const { socket, peer } = await pair(world, settled);
        const witness = await settled(world.sockets.open({ port: 0, address: world.address, signal }));
        const seen = listen(witness);
        let calls = 0;
        socket.onDatagram = () => {
          calls += 1;
          socket.close();
        };
        for (let attempt = 1; attempt <= 5; attempt += 1)
          await settled(
            peer
              .send(patternBytes(attempt), { address: world.address, port: socket.localPort }, { signal })
              .catch(() => {}),
          );
        await until(() => calls > 0);
        await settled(
          peer.send(patternBytes(1), { address: world.address, port: witness.localPort }, { signal }),
        );
        await until(() => seen.length === 1);
        expect(calls).toBe(1);
        witness.close();
        peer.close();
      },
    );
  });
}

type Settled = <T>(promise: Promise<T>) => Promise<T>;

async function pair(
  world: DatagramSocketsWorld,
  settled: Settled,
): Promise<{ socket: DatagramSocket; peer: DatagramSocket; received: Received[] }> {
  const socket = await settled(world.sockets.open({ port: 0, address: world.address, signal }));
  const received = listen(socket);
  const peer = await settled(world.peer.open({ port: 0, address: world.peerAddress, signal }));
  return { socket, peer, received };
}

async function freePort(world: DatagramSocketsWorld, settled: Settled): Promise<number> {
  const socket = await settled(world.sockets.open({ port: 0, address: world.address, signal }));
  socket.close();
  return socket.localPort;
}
