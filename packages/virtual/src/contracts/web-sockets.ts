import { CancelSource, neverCanceled, type WebSockets } from "@softap/ports";
import { describe, expect } from "vitest";
import { type ContractWorld, criteria } from "./world.ts";

/** Web sockets, and a server to talk to. */
export interface WebSocketsWorld extends ContractWorld {
  readonly webSockets: WebSockets;
  readonly url: string;
  /** URL on a port of a reachable host that nobody listens on. */
  readonly refusedUrl: string;
  /** URL of a host that no name service knows. */
  readonly unknownHostUrl: string;
  /** URL whose server takes the connection and never answers. */
  readonly silentUrl: string;
  /** URL whose server answers 404 instead of opening a web socket. */
  readonly refusingUrl: string;
  /** Texts that the server received. */
  readonly received: readonly string[];
  /** Sends to everybody who is connected. */
  sendToAll(text: string): void;
  /** Ends every connection from the server's side. */
  dropAll(): void;
  /** Connections that the server has, the silent ones included. */
  connectionCount(): number;
}

const signal = neverCanceled;

/** The criteria of {@link WebSockets}. */
export function webSocketsContract(name: string, setup: () => Promise<WebSocketsWorld>): void {
  const criterion = criteria(setup);

  describe(`WebSockets of ${name}`, () => {
    criterion("text goes both ways, whole and in order", async ({ world, settled, until }) => {
      const link = await settled(world.webSockets.connect({ url: world.url, signal }));
      const texts = ["", "a", '{"action":"Hello"}', "你好 📶", "x".repeat(70_000)];
      const heard: string[] = [];
      link.onText = (text) => heard.push(text);
      for (const text of texts) link.send(text);
      await until(() => world.received.length === texts.length);
      expect(world.received).toEqual(texts);
      for (const text of texts) world.sendToAll(text);
      await until(() => heard.length === texts.length);
      expect(heard).toEqual(texts);
      link.close();
    });

    criterion(
      "onClosed is called once when the server ends it; send() goes nowhere from then on",
      async ({ world, settled, until }) => {
        const link = await settled(world.webSockets.connect({ url: world.url, signal }));
        let calls = 0;
        link.onClosed = () => {
          calls += 1;
        };
        await until(() => world.connectionCount() === 1);
        world.dropAll();
        await until(() => calls > 0);
        link.send("too late");
        link.close();
        await until(() => world.connectionCount() === 0);
        expect(calls).toBe(1);
        expect(world.received).toEqual([]);
      },
    );

    criterion(
      "close() delivers what was sent, is idempotent and calls nobody",
      async ({ world, settled, until }) => {
        const link = await settled(world.webSockets.connect({ url: world.url, signal }));
        const calls: string[] = [];
        link.onText = () => calls.push("text");
        link.onClosed = () => calls.push("closed");
        link.send("last words");
        link.close();
        link.close();
        link.send("too late");
        world.sendToAll("nobody there");
        await until(() => world.connectionCount() === 0 && world.received.length > 0);
        expect(world.received).toEqual(["last words"]);
        expect(calls).toEqual([]);
      },
    );

    criterion("close() from within onText is the last callback", async ({ world, settled, until }) => {
      const link = await settled(world.webSockets.connect({ url: world.url, signal }));
      const calls: string[] = [];
      link.onText = (text) => {
        calls.push(text);
        link.close();
      };
      link.onClosed = () => calls.push("closed");
      await until(() => world.connectionCount() === 1);
      for (const text of ["first", "second", "third"]) world.sendToAll(text);
      await until(() => world.connectionCount() === 0);
      expect(calls).toEqual(["first"]);
    });

    criterion("connect() tells what failed", async ({ world, failure }) => {
      const codeOf = async (url: string) => (await failure(world.webSockets.connect({ url, signal }))).code;
      expect(await codeOf(world.refusedUrl)).toBe("CONNECTION_REFUSED");
      expect(await codeOf(world.unknownHostUrl)).toBe("HOST_NOT_FOUND");
      expect(await codeOf(world.refusingUrl)).toBe("REPLY_INVALID");
      expect(await codeOf("http://127.0.0.1/")).toBe("USAGE");
      expect(await codeOf("no url")).toBe("USAGE");
    });

    criterion("connect() with a fired signal rejects with CANCELED", async ({ world, failure }) => {
      const source = new CancelSource();
      source.cancel();
      const connecting = world.webSockets.connect({ url: world.url, signal: source.signal });
      expect((await failure(connecting)).code).toBe("CANCELED");
      expect(world.connectionCount()).toBe(0);
    });

    criterion(
      "connect() that is cancelled meanwhile leaves no connection behind",
      async ({ world, failure, until }) => {
        const source = new CancelSource();
        const connecting = world.webSockets.connect({ url: world.silentUrl, signal: source.signal });
        connecting.catch(() => {});
        await until(() => world.connectionCount() === 1);
        source.cancel("reason of the test");
        const error = await failure(connecting);
        expect(error.code).toBe("CANCELED");
        expect(error.cause).toBe("reason of the test");
        await until(() => world.connectionCount() === 0);
      },
    );

    criterion(
      "a signal that fires after connect() does nothing to the link",
      async ({ world, settled, until }) => {
        const source = new CancelSource();
        const link = await settled(world.webSockets.connect({ url: world.url, signal: source.signal }));
        source.cancel();
        link.send("still there");
        await until(() => world.received.length === 1);
        link.close();
      },
    );
  });
}
