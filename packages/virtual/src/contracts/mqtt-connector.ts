import {
  CancelSource,
  type MqttConnector,
  type MqttConnectOptions,
  type MqttLink,
  neverCanceled,
} from "@softap/ports";
import { decodeUtf8, encodeUtf8 } from "@softap/protocol";
import { describe, expect } from "vitest";
import { type ContractWorld, type Criterion, criteria, patternBytes } from "./world.ts";

/** Everything about a session but its signal. */
export type ContractMqttSession = Omit<MqttConnectOptions, "signal">;

/** What the broker of this suite received. */
export interface ContractMqttMessage {
  readonly clientId: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
}

/** A connector, and a broker that routes what is published on any topic to whoever subscribed to it. */
export interface MqttConnectorWorld extends ContractWorld {
  readonly connector: MqttConnector;
  /** A session that the broker accepts. */
  session(clientId: string): ContractMqttSession;
  /** A session that the broker refuses with this CONNACK return code. */
  refusedSession(returnCode: 4 | 5): ContractMqttSession;
  /** A session on a port of a reachable host that nobody listens on. */
  readonly unheardSession: ContractMqttSession;
  /** A session with a host that no name service knows. */
  readonly unknownHostSession: ContractMqttSession;
  /** A session with a server that takes the connection and never says a word. */
  readonly silentSession: ContractMqttSession;
  /** Subscriptions to it are answered with 0x80. */
  readonly forbiddenTopic: string;
  /** A QoS 1 message on it is never acknowledged. */
  readonly unacknowledgedTopic: string;
  /** The text that proves who the client is, to be looked for where it must not be. */
  readonly secret: string;
  /** Messages from clients, as they came. */
  readonly received: readonly ContractMqttMessage[];
  /** Client ids that said DISCONNECT before they went. */
  readonly saidGoodbye: readonly string[];
  /** Connections that the servers have, the silent one's included. */
  connectionCount(): number;
  /** Sends a message from the broker to its subscribers. */
  publish(topic: string, payload: Uint8Array): void;
  /** Cuts every connection without a word. */
  dropAll(): void;
}

type C = Criterion<MqttConnectorWorld>;
const signal = neverCanceled;

/** The criteria of {@link MqttConnector} and {@link MqttLink}. */
export function mqttConnectorContract(name: string, setup: () => Promise<MqttConnectorWorld>): void {
  const criterion = criteria(setup);

  describe(`MqttConnector of ${name}`, () => {
    criterion("connect() opens a session that carries data both ways", async (c) => {
      const link = await open(c, "device-1");
      const heard = listen(link);
      await c.settled(link.subscribe("down/1", { qos: 0, signal }));
      c.world.publish("down/1", patternBytes(300));
      await c.until(() => heard.length === 1);
      expect(heard[0]).toEqual({ topic: "down/1", payload: patternBytes(300) });
      expect(heard[0]?.payload.constructor).toBe(Uint8Array);
      await c.settled(link.publish("up/1", patternBytes(300, 1), { qos: 1, signal }));
      expect(c.world.received).toEqual([
        { clientId: "device-1", topic: "up/1", payload: patternBytes(300, 1), qos: 1 },
      ]);
      await c.settled(link.close());
    });

    for (const returnCode of [4, 5] as const)
      criterion(
        `connect() rejects with MQTT_REFUSED and return code ${returnCode}, and leaves`,
        async (c) => {
          const error = await c.failure(connect(c, c.world.refusedSession(returnCode)));
          expect(error.code).toBe("MQTT_REFUSED");
          expect(error.context).toEqual({ returnCode });
          expectNoSecret(error, c.world.secret);
          await c.until(() => c.world.connectionCount() === 0);
        },
      );

    criterion("connect() tells a silent port from an unknown host", async (c) => {
      expect((await c.failure(connect(c, c.world.unheardSession))).code).toBe("CONNECTION_REFUSED");
      expect((await c.failure(connect(c, c.world.unknownHostSession))).code).toBe("HOST_NOT_FOUND");
    });

    criterion("connect() rejects when the server hangs up before its answer", async (c) => {
      const connecting = connect(c, c.world.silentSession);
      connecting.catch(() => {});
      await c.until(() => c.world.connectionCount() === 1);
      c.world.dropAll();
      const error = await c.failure(connecting);
      expect(["SOCKET_CLOSED", "TLS_FAILED"]).toContain(error.code);
      expectNoSecret(error, c.world.secret);
    });

    criterion("connect() with a fired signal rejects with CANCELED and connects to nobody", async (c) => {
      const source = new CancelSource();
      source.cancel("reason of the test");
      const error = await c.failure(
        c.world.connector.connect({ ...c.world.session("device-1"), signal: source.signal }),
      );
      expect(error.code).toBe("CANCELED");
      expect(error.cause).toBe("reason of the test");
      expect(c.world.connectionCount()).toBe(0);
    });

    criterion("connect() that waits for a silent server is cancelled at once", async (c) => {
      const source = new CancelSource();
      const connecting = c.world.connector.connect({ ...c.world.silentSession, signal: source.signal });
      connecting.catch(() => {});
      await c.until(() => c.world.connectionCount() === 1);
      source.cancel();
      expect((await c.failure(connecting)).code).toBe("CANCELED");
      await c.until(() => c.world.connectionCount() === 0);
    });

    criterion("connect() that is cancelled at any moment leaves no connection behind", async (c) => {
      for (let looks = 0; looks < 15; looks += 1) {
        const source = new CancelSource();
        const connecting = c.world.connector
          .connect({ ...c.world.session(`device-${looks}`), signal: source.signal })
          .then(
            (link) => link,
            (error: unknown) => error,
          );
        let look = 0;
        await c.until(() => {
          look += 1;
          return look > looks;
        });
        source.cancel();
        const outcome = await c.settled(connecting);
        // A session that was open before the signal fired belongs to the caller.
        if (isLink(outcome)) await c.settled(outcome.close());
        else expect(outcome).toMatchObject({ code: "CANCELED" });
        await c.until(() => c.world.connectionCount() === 0);
      }
    });

    criterion("a signal that fires after connect() does nothing to the session", async (c) => {
      const source = new CancelSource();
      const link = await c.settled(
        c.world.connector.connect({ ...c.world.session("device-1"), signal: source.signal }),
      );
      source.cancel();
      await c.settled(link.publish("up/1", patternBytes(1), { qos: 1, signal }));
      await c.settled(link.close());
    });

    criterion(
      "subscribe() rejects with MQTT_SUBSCRIBE_REFUSED on 0x80, and the session goes on",
      async (c) => {
        const link = await open(c, "device-1");
        const error = await c.failure(link.subscribe(c.world.forbiddenTopic, { qos: 0, signal }));
        expect(error.code).toBe("MQTT_SUBSCRIBE_REFUSED");
        const heard = listen(link);
        await c.settled(link.subscribe("down/1", { qos: 1, signal }));
        c.world.publish("down/1", patternBytes(2));
        await c.until(() => heard.length === 1);
        await c.settled(link.close());
      },
    );

    criterion("a publish right behind a subscribe finds the subscription made", async (c) => {
      const link = await open(c, "device-1");
      const heard = listen(link);
      const subscribing = link.subscribe("echo", { qos: 0, signal });
      const publishing = link.publish("echo", encodeUtf8("hello"), { qos: 1, signal });
      await c.settled(Promise.all([subscribing, publishing]));
      await c.until(() => heard.length === 1);
      expect(heard[0]?.payload).toEqual(encodeUtf8("hello"));
      await c.settled(link.close());
    });

    criterion(
      "publish() keeps the order of one QoS, and the caller's bytes are the caller's again",
      async (c) => {
        const link = await open(c, "device-1");
        for (const qos of [0, 1] as const) {
          const bytes = new Uint8Array(1);
          for (let at = 0; at < 50; at += 1) {
            bytes[0] = at;
            await c.settled(link.publish(`up/${qos}`, bytes, { qos, signal }));
          }
          bytes[0] = 99;
          const topic = `up/${qos}`;
          const seen = () => c.world.received.filter((message) => message.topic === topic);
          await c.until(() => seen().length === 50);
          expect(seen().map(({ payload }) => payload[0])).toEqual(Array.from({ length: 50 }, (_, at) => at));
          expect(seen().every((message) => message.qos === qos)).toBe(true);
        }
        await c.settled(link.close());
      },
    );

    criterion(
      "publish() and subscribe() refuse unfit topics with USAGE, and the session goes on",
      async (c) => {
        const link = await open(c, "device-1");
        for (const topic of ["", "up/+", "up/#"])
          expect((await c.failure(link.publish(topic, patternBytes(1), { qos: 1, signal }))).code).toBe(
            "USAGE",
          );
        for (const topic of ["", "a#", "a/#/b", "a+"])
          expect((await c.failure(link.subscribe(topic, { qos: 0, signal }))).code).toBe("USAGE");
        await c.settled(link.publish("up/1", patternBytes(1), { qos: 1, signal }));
        expect(c.world.received.map(({ topic }) => topic)).toEqual(["up/1"]);
        await c.settled(link.close());
      },
    );

    criterion("publish() with a fired signal rejects with CANCELED and sends nothing", async (c) => {
      const link = await open(c, "device-1");
      const source = new CancelSource();
      source.cancel();
      const canceled = { qos: 1, signal: source.signal } as const;
      expect((await c.failure(link.publish("up/1", patternBytes(1), canceled))).code).toBe("CANCELED");
      expect((await c.failure(link.subscribe("down/1", canceled))).code).toBe("CANCELED");
      await c.settled(link.publish("up/2", patternBytes(1), { qos: 1, signal }));
      expect(c.world.received.map(({ topic }) => topic)).toEqual(["up/2"]);
      await c.settled(link.close());
    });

    criterion("publish() that waits for its PUBACK can be cancelled, and the session goes on", async (c) => {
      const link = await open(c, "device-1");
      const source = new CancelSource();
      const publishing = link.publish(c.world.unacknowledgedTopic, patternBytes(1), {
        qos: 1,
        signal: source.signal,
      });
      publishing.catch(() => {});
      await c.settled(link.publish("up/0", patternBytes(1), { qos: 0, signal }));
      source.cancel();
      expect((await c.failure(publishing)).code).toBe("CANCELED");
      await c.settled(link.publish("up/1", patternBytes(1), { qos: 1, signal }));
      await c.settled(link.close());
    });

    criterion("a lost session calls onClosed once and ends all that waits with SOCKET_CLOSED", async (c) => {
      const link = await open(c, "device-1");
      let calls = 0;
      link.onClosed = () => {
        calls += 1;
      };
      const waiting = c.failure(
        link.publish(c.world.unacknowledgedTopic, patternBytes(1), { qos: 1, signal }),
      );
      await c.settled(link.publish("up/1", patternBytes(1), { qos: 1, signal }));
      c.world.dropAll();
      expect((await waiting).code).toBe("SOCKET_CLOSED");
      await c.until(() => calls > 0);
      expect((await c.failure(link.publish("up/2", patternBytes(1), { qos: 0, signal }))).code).toBe(
        "SOCKET_CLOSED",
      );
      expect((await c.failure(link.subscribe("down/1", { qos: 0, signal }))).code).toBe("SOCKET_CLOSED");
      await c.settled(link.close());
      expect(calls).toBe(1);
    });

    criterion("close() says good-bye, is idempotent and calls nobody any more", async (c) => {
      const link = await open(c, "device-1");
      const calls: string[] = [];
      link.onMessage = () => calls.push("message");
      link.onClosed = () => calls.push("closed");
      await c.settled(link.subscribe("down/1", { qos: 0, signal }));
      const closing = Promise.all([link.close(), link.close()]);
      c.world.publish("down/1", patternBytes(1));
      await c.settled(closing);
      await c.settled(link.close());
      await c.until(() => c.world.connectionCount() === 0);
      expect(c.world.saidGoodbye).toEqual(["device-1"]);
      expect(calls).toEqual([]);
      expect((await c.failure(link.publish("up/1", patternBytes(1), { qos: 0, signal }))).code).toBe(
        "SOCKET_CLOSED",
      );
    });

    criterion("close() does not wait for what is not acknowledged", async (c) => {
      const link = await open(c, "device-1");
      const waiting = c.failure(
        link.publish(c.world.unacknowledgedTopic, patternBytes(1), { qos: 1, signal }),
      );
      await c.settled(link.close());
      expect((await waiting).code).toBe("SOCKET_CLOSED");
      await c.until(() => c.world.connectionCount() === 0);
      expect(c.world.saidGoodbye).toEqual(["device-1"]);
    });

    criterion("close() from within onMessage is the last callback", async (c) => {
      const link = await open(c, "device-1");
      const calls: string[] = [];
      link.onMessage = (_topic, payload) => {
        calls.push(decodeUtf8(payload) ?? "");
        void link.close();
      };
      await c.settled(link.subscribe("down/1", { qos: 0, signal }));
      for (const text of ["first", "second", "third"]) c.world.publish("down/1", encodeUtf8(text));
      await c.until(() => c.world.connectionCount() === 0);
      expect(calls).toEqual(["first"]);
    });

    criterion("sessions do not mix", async (c) => {
      const first = await open(c, "device-1");
      const second = await open(c, "device-2");
      const [atFirst, atSecond] = [listen(first), listen(second)];
      await c.settled(first.subscribe("down/1", { qos: 0, signal }));
      await c.settled(second.subscribe("down/2", { qos: 0, signal }));
      c.world.publish("down/2", patternBytes(2));
      c.world.publish("down/1", patternBytes(1));
      await c.until(() => atFirst.length === 1 && atSecond.length === 1);
      expect([atFirst[0]?.topic, atSecond[0]?.topic]).toEqual(["down/1", "down/2"]);
      await c.settled(Promise.all([first.close(), second.close()]));
    });
  });
}

function connect({ world }: C, session: ContractMqttSession): Promise<MqttLink> {
  return world.connector.connect({ ...session, signal });
}

function open(c: C, clientId: string): Promise<MqttLink> {
  return c.settled(connect(c, c.world.session(clientId)));
}

function listen(link: MqttLink): { topic: string; payload: Uint8Array }[] {
  const heard: { topic: string; payload: Uint8Array }[] = [];
  link.onMessage = (topic, payload) => heard.push({ topic, payload });
  return heard;
}

function isLink(outcome: unknown): outcome is MqttLink {
  return typeof outcome === "object" && outcome !== null && "subscribe" in outcome;
}

/** Looks through an error and its causes for a text. */
function expectNoSecret(error: unknown, secret: string): void {
  let at: unknown = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth += 1) {
    expect(`${at.message} ${at.stack ?? ""} ${JSON.stringify(at)}`).not.toContain(secret);
    at = at.cause;
  }
}
