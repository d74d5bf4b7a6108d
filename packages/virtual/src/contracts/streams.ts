import {
  CancelSource,
  neverCanceled,
  type StreamConnection,
  type StreamListener,
  type Streams,
} from "@softap/ports";
import { describe, expect } from "vitest";
import { type ContractWorld, type Criterion, criteria, joinBytes, patternBytes } from "./world.ts";

/** Two hosts that reach each other; they may be the same one. */
export interface StreamsWorld extends ContractWorld {
  readonly streams: Streams;
  /** Address of the host of `streams`. */
  readonly address: string;
  /** The other host. */
  readonly peer: Streams;
  readonly peerAddress: string;
}

const signal = neverCanceled;
/** An address that documents may use and no host has. @see RFC 5737 */
const foreignAddress = "203.0.113.7";

/** The criteria of {@link Streams}. */
export function streamsContract(name: string, setup: () => Promise<StreamsWorld>): void {
  const criterion = criteria(setup);

  describe(`Streams of ${name}`, () => {
    criterion(
      "listen() refuses a taken port with ADDRESS_IN_USE until close()",
      async ({ world, settled, failure }) => {
        const { streams, address } = world;
        const options = { address, onConnection: () => {}, signal };
        const listener = await settled(streams.listen({ ...options, port: 0 }));
        const port = listener.localPort;
        expect(port).toBeGreaterThan(0);
        expect((await failure(streams.listen({ ...options, port }))).code).toBe("ADDRESS_IN_USE");
        listener.close();
        listener.close();
        const again = await settled(streams.listen({ ...options, port }));
        expect(again.localPort).toBe(port);
        again.close();
      },
    );

    criterion("listen() refuses a foreign address with ADDRESS_UNAVAILABLE", async ({ world, failure }) => {
      const listening = world.streams.listen({
        port: 0,
        address: foreignAddress,
        onConnection: () => {},
        signal,
      });
      expect((await failure(listening)).code).toBe("ADDRESS_UNAVAILABLE");
    });

    criterion(
      "listen() rejects with CANCELED before and while it opens, and takes no port",
      async ({ world, settled, failure }) => {
        const { streams, address } = world;
        const options = { port: await freePort(world, settled), address, onConnection: () => {} };
        const fired = new CancelSource();
        fired.cancel();
        expect((await failure(streams.listen({ ...options, signal: fired.signal }))).code).toBe("CANCELED");
        const source = new CancelSource();
        const listening = streams.listen({ ...options, signal: source.signal });
        source.cancel();
        expect((await failure(listening)).code).toBe("CANCELED");
        (await settled(streams.listen({ ...options, signal }))).close();
      },
    );

    criterion(
      "connect() rejects with CONNECTION_REFUSED where nobody listens",
      async ({ world, settled, failure }) => {
        const port = await freePort(world, settled);
        const connecting = world.peer.connect({ to: { address: world.address, port }, signal });
        expect((await failure(connecting)).code).toBe("CONNECTION_REFUSED");
      },
    );

    criterion(
      "connect() rejects with CANCELED when the signal had fired, and nobody is called",
      async ({ world, settled, failure, until }) => {
        const { listener, accepted } = await listening(world, settled);
        const to = { address: world.address, port: listener.localPort };
        const source = new CancelSource();
        source.cancel();
        expect((await failure(world.peer.connect({ to, signal: source.signal }))).code).toBe("CANCELED");
        const client = await settled(world.peer.connect({ to, signal }));
        await until(() => accepted.length > 0);
        expect(accepted).toHaveLength(1);
        client.close();
        listener.close();
      },
    );

    criterion(
      "connect() that is cancelled meanwhile leaves no connection behind",
      async ({ world, settled, failure, until }) => {
        const { listener, accepted, closed } = await listening(world, settled);
        const source = new CancelSource();
        const connecting = world.peer.connect({
          to: { address: world.address, port: listener.localPort },
          signal: source.signal,
        });
        source.cancel();
        expect((await failure(connecting)).code).toBe("CANCELED");
        await until(() => closed() === accepted.length);
        listener.close();
      },
    );

    criterion("both ends know each other's endpoint", async (c) => {
      const { server, client, listener } = await connected(c);
      expect(client.remote).toEqual({ address: c.world.address, port: listener.localPort });
      expect(server.remote.address).toBe(c.world.peerAddress);
      expect(server.remote.port).toBeGreaterThan(0);
      client.close();
      listener.close();
    });

    criterion("write() delivers bytes in order, both ways at once", async (c) => {
      const { server, client, listener } = await connected(c);
      const atServer = collect(server);
      const atClient = collect(client);
      const pieces = Array.from({ length: 100 }, (_, at) => patternBytes((at * 37) % 500, at));
      const big = patternBytes(300_000);
      const writes = pieces.map((piece) => client.write(piece, { signal }));
      const answer = server.write(big, { signal });
      await c.settled(Promise.all([...writes, answer]));
      const whole = joinBytes(pieces);
      await c.until(() => atServer.length() === whole.length && atClient.length() === big.length);
      expect(atServer.bytes()).toEqual(whole);
      expect(atClient.bytes()).toEqual(big);
      expect(atServer.pieces.every((piece) => piece.constructor === Uint8Array)).toBe(true);
      client.close();
      listener.close();
    });

    criterion("connections of one listener do not mix", async (c) => {
      const { world, settled, until } = c;
      const { listener, accepted } = await listening(world, settled);
      const to = { address: world.address, port: listener.localPort };
      const first = await settled(world.peer.connect({ to, signal }));
      await until(() => accepted.length === 1);
      const second = await settled(world.peer.connect({ to, signal }));
      await until(() => accepted.length === 2);
      const heard = accepted.map(({ connection }) => collect(connection));
      await settled(
        Promise.all([first.write(patternBytes(3), { signal }), second.write(patternBytes(5), { signal })]),
      );
      await until(() => heard[0]?.length() === 3 && heard[1]?.length() === 5);
      first.close();
      second.close();
      listener.close();
    });

    criterion(
      "close() delivers what was written, then calls the peer's onClosed once and not the own",
      async (c) => {
        const { server, client, listener } = await connected(c);
        const heard = collect(server);
        const calls: string[] = [];
        server.onClosed = () => calls.push(`peer closed after ${heard.length()} bytes`);
        client.onClosed = () => calls.push("own onClosed");
        await c.settled(client.write(patternBytes(2_000), { signal }));
        client.close();
        client.close();
        await c.until(() => calls.length > 0);
        expect(calls).toEqual(["peer closed after 2000 bytes"]);
        server.close();
        listener.close();
      },
    );

    criterion("close() does not take away what the peer has not yet answered to", async (c) => {
      const { server, client, listener } = await connected(c);
      const heard = collect(client);
      let isClosed = false;
      client.onClosed = () => {
        isClosed = true;
      };
      // Bytes of the client that the server never reads must not turn its good-bye into a reset.
      await c.settled(server.write(patternBytes(700), { signal }));
      await c.settled(client.write(patternBytes(900), { signal }));
      server.close();
      await c.until(() => isClosed);
      expect(heard.bytes()).toEqual(patternBytes(700));
      listener.close();
    });

    criterion("write() rejects with SOCKET_CLOSED after close() and after the peer's", async (c) => {
      const { server, client, listener } = await connected(c);
      let isClosed = false;
      server.onClosed = () => {
        isClosed = true;
      };
      client.close();
      expect((await c.failure(client.write(patternBytes(1), { signal }))).code).toBe("SOCKET_CLOSED");
      await c.until(() => isClosed);
      expect((await c.failure(server.write(patternBytes(1), { signal }))).code).toBe("SOCKET_CLOSED");
      listener.close();
    });

    criterion("write() with a fired signal rejects with CANCELED and sends nothing", async (c) => {
      const { server, client, listener } = await connected(c);
      const heard = collect(server);
      const source = new CancelSource();
      source.cancel();
      expect((await c.failure(client.write(patternBytes(4), { signal: source.signal }))).code).toBe(
        "CANCELED",
      );
      await c.settled(client.write(patternBytes(8), { signal }));
      await c.until(() => heard.length() > 0);
      expect(heard.bytes()).toEqual(patternBytes(8));
      client.close();
      listener.close();
    });

    criterion("close() settles a write() under way", async (c) => {
      const { client, listener } = await connected(c);
      const writing = client.write(patternBytes(8_000_000), { signal }).then(
        () => "written",
        (error: unknown) => error,
      );
      client.close();
      expect(["written", expect.objectContaining({ code: "SOCKET_CLOSED" })]).toContainEqual(
        await c.settled(writing),
      );
      listener.close();
    });

    criterion("no callback runs after close(), even called from within one", async (c) => {
      const { server, client, listener } = await connected(c);
      let calls = 0;
      let isClosed = false;
      client.onClosed = () => {
        isClosed = true;
      };
      server.onClosed = () => {
        calls += 100;
      };
      server.onBytes = () => {
        calls += 1;
        server.close();
      };
      for (let piece = 0; piece < 20; piece += 1)
        await c.settled(client.write(patternBytes(1_000), { signal }).catch(() => {}));
      await c.until(() => isClosed);
      expect(calls).toBe(1);
      listener.close();
    });

    criterion("StreamListener.close() turns newcomers away; connections already made go on", async (c) => {
      const { server, client, listener } = await connected(c);
      listener.close();
      const to = { address: c.world.address, port: listener.localPort };
      expect((await c.failure(c.world.peer.connect({ to, signal }))).code).toBe("CONNECTION_REFUSED");
      const heard = collect(server);
      await c.settled(client.write(patternBytes(6), { signal }));
      await c.until(() => heard.length() === 6);
      client.close();
    });
  });
}

interface Accepted {
  readonly connection: StreamConnection;
}

async function listening(
  world: StreamsWorld,
  settled: Criterion<StreamsWorld>["settled"],
): Promise<{ listener: StreamListener; accepted: Accepted[]; closed: () => number }> {
  const accepted: Accepted[] = [];
  let closed = 0;
  const listener = await settled(
    world.streams.listen({
      port: 0,
      address: world.address,
      onConnection: (connection) => {
        connection.onClosed = () => {
          closed += 1;
        };
        accepted.push({ connection });
      },
      signal,
    }),
  );
  return { listener, accepted, closed: () => closed };
}

async function connected({ world, settled, until }: Criterion<StreamsWorld>): Promise<{
  listener: StreamListener;
  server: StreamConnection;
  client: StreamConnection;
}> {
  const { listener, accepted } = await listening(world, settled);
  const to = { address: world.address, port: listener.localPort };
  const client = await settled(world.peer.connect({ to, signal }));
  await until(() => accepted.length === 1);
  const server = accepted[0]?.connection;
  if (server === undefined) return expect.fail("The listener was not called");
  return { listener, server, client };
}

function collect(connection: StreamConnection): {
  readonly pieces: readonly Uint8Array[];
  length(): number;
  bytes(): Uint8Array;
} {
  const pieces: Uint8Array[] = [];
  connection.onBytes = (bytes) => pieces.push(bytes);
  return {
    pieces,
    length: () => pieces.reduce((sum, piece) => sum + piece.length, 0),
    bytes: () => joinBytes(pieces),
  };
}

async function freePort(world: StreamsWorld, settled: Criterion<StreamsWorld>["settled"]): Promise<number> {
  const { listener } = await listening(world, settled);
  listener.close();
  return listener.localPort;
}
