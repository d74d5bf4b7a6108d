import { type MqttConnectOptions, neverCanceled } from "@softap/ports";
import { encodeUtf8, isSoftApError, Secret } from "@softap/protocol";
import {
  VirtualClock,
  VirtualHttpClient,
  VirtualMqttBroker,
  VirtualMqttConnector,
  VirtualNetwork,
  VirtualWeb,
  VirtualWebSockets,
} from "@softap/virtual";
import { describe, expect, test } from "vitest";

const signal = neverCanceled;

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (isSoftApError(error) ? error.code : String(error)),
  );
}

function world() {
  const clock = new VirtualClock();
  const network = new VirtualNetwork({ clock });
  const host = network.host("device");
  network.bringOnline(host);
  return { clock, network, host };
}

function session(clientId = "device"): MqttConnectOptions {
  const security = { kind: "password", password: Secret.of("secret") } as const;
  return { host: "mqtt.test", port: 8883, security, clientId, username: "user", keepAliveS: 60, signal };
}

describe("VirtualMqttBroker", () => {
  test("the newest connection of a client id kicks the older", async () => {
    const { clock } = world();
    const broker = new VirtualMqttBroker({ clock });
    const connector = new VirtualMqttConnector({ brokers: [broker] });
    const first = await connector.connect(session());
    let losses = 0;
    first.onClosed = () => {
      losses += 1;
    };
    const second = await connector.connect(session());
    await clock.settle();
    expect([losses, broker.connectionCount, connector.openCount]).toEqual([1, 1, 1]);
    await second.publish("up", Uint8Array.of(1), { qos: 1, signal });
    expect(broker.kick("device")).toBe(true);
    expect(broker.kick("nobody")).toBe(false);
    await clock.settle();
    expect([broker.connectionCount, connector.openCount]).toEqual([0, 0]);
  });

  test.each([
    ["a/+/c", "a/b/c", true],
    ["a/+/c", "a/b/d", false],
    ["a/#", "a", true],
    ["a/#", "a/b/c", true],
    ["+", "a/b", false],
    ["#", "$thing/down", false],
    ["$thing/+", "$thing/down", true],
    ["a/b", "a/b/c", false],
  ])("a subscription to %s gets %s: %s", async (filter, topic, isWanted) => {
    const { clock } = world();
    const broker = new VirtualMqttBroker({ clock });
    const link = await new VirtualMqttConnector({ brokers: [broker] }).connect(session());
    await link.subscribe(filter, { qos: 0, signal });
    expect(broker.publish(topic, encodeUtf8("x"))).toBe(isWanted ? 1 : 0);
  });

  test("outages refuse, break TLS, or leave the client waiting; open sessions go on", async () => {
    const { clock } = world();
    const broker = new VirtualMqttBroker({ clock });
    const connector = new VirtualMqttConnector({ brokers: [broker] });
    const link = await connector.connect(session("early"));
    const outcomes: string[] = [];
    for (const outage of ["refused", "tls"] as const) {
      broker.outage = outage;
      outcomes.push(await codeOf(connector.connect(session())));
    }
    expect(outcomes).toEqual(["CONNECTION_REFUSED", "TLS_FAILED"]);
    broker.outage = "silent";
    const waiting = codeOf(connector.connect(session()));
    await expect(clock.complete(waiting, 60_000)).rejects.toThrow(/within 60000 ms/);
    await link.publish("up", Uint8Array.of(1), { qos: 1, signal });
  });

  test("a host that goes offline finds no broker and loses its session", async () => {
    const { clock, network, host } = world();
    const broker = new VirtualMqttBroker({ clock, host: "mqtt.test" });
    const connector = new VirtualMqttConnector({ brokers: [broker], host });
    const link = await connector.connect(session());
    let losses = 0;
    link.onClosed = () => {
      losses += 1;
    };
    host.detach(network.internet);
    await clock.settle();
    expect([losses, broker.connectionCount]).toEqual([1, 0]);
    expect(await codeOf(connector.connect(session()))).toBe("HOST_NOT_FOUND");
    expect(await codeOf(connector.connect({ ...session(), host: "203.0.113.9" }))).toBe("UNREACHABLE");
    network.bringOnline(host);
    const again = await connector.connect(session());
    await again.close();
  });

  test("a round trip takes two latencies", async () => {
    const { clock } = world();
    const broker = new VirtualMqttBroker({ clock, latencyMs: 40 });
    const connecting = new VirtualMqttConnector({ brokers: [broker] }).connect(session());
    const link = await clock.complete(connecting, 1_000);
    expect(clock.monotonicMs()).toBe(80);
    await clock.complete(link.publish("up", Uint8Array.of(1), { qos: 1, signal }), 1_000);
    expect(clock.monotonicMs()).toBe(160);
  });
});

describe("VirtualWeb", () => {
  test("outages fail as the way to the server would", async () => {
    const { clock, network, host } = world();
    const web = new VirtualWeb({ clock });
    const server = web.serve("https://cloud.test", {
      onRequest: () => ({ status: 200, body: encodeUtf8("ok") }),
    });
    const client = new VirtualHttpClient({ web, host });
    const get = () => codeOf(client.request({ method: "GET", url: "https://cloud.test/", signal }));
    const outcomes = [await get()];
    for (const outage of ["refused", "unreachable", "tls"] as const) {
      server.outage = outage;
      outcomes.push(await get());
    }
    host.detach(network.internet);
    outcomes.push(await get());
    expect(outcomes).toEqual([
      "no error",
      "CONNECTION_REFUSED",
      "UNREACHABLE",
      "TLS_FAILED",
      "HOST_NOT_FOUND",
    ]);
  });

  test("going offline ends requests and web sockets that are open", async () => {
    const { clock, network, host } = world();
    const web = new VirtualWeb({ clock });
    const server = web.serve("https://cloud.test", {
      onRequest: () => new Promise(() => {}),
      onWebSocket: () => true,
    });
    const asking = codeOf(
      new VirtualHttpClient({ web, host }).request({ method: "GET", url: "https://cloud.test/", signal }),
    );
    const socket = await new VirtualWebSockets({ web, host }).connect({ url: "wss://cloud.test/ws", signal });
    let losses = 0;
    socket.onClosed = () => {
      losses += 1;
    };
    await clock.settle();
    expect(server.openCount).toBe(2);
    host.detach(network.internet);
    expect(await asking).toBe("UNREACHABLE");
    expect([losses, server.openCount]).toEqual([1, 0]);
  });

  test("an error of a handler comes out where the request was made", async () => {
    const { clock } = world();
    const web = new VirtualWeb({ clock });
    web.serve("http://cloud.test", {
      onRequest: () => {
        throw new Error("in the handler");
      },
    });
    const asking = new VirtualHttpClient({ web }).request({
      method: "GET",
      url: "http://cloud.test",
      signal,
    });
    await expect(asking).rejects.toMatchObject({ code: "INTERNAL", cause: new Error("in the handler") });
  });
});
