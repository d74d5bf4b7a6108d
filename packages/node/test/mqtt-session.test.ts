import { NodeMqttConnector } from "@softap/node";
import { type MqttLink, neverCanceled } from "@softap/ports";
import { Secret } from "@softap/protocol";
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { ContractBroker } from "./contract-broker.ts";
import { closeServer, listenOnLoopback, portOf, trackSockets } from "./loopback.ts";

const signal = neverCanceled;
const connector = new NodeMqttConnector();
const connack = Uint8Array.of(0x20, 2, 0, 0);
const undo: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

/** Connects to a server that answers every CONNECT with CONNACK 0 and hands its end over. */
async function connectToRawServer(keepAliveS: number): Promise<{ link: MqttLink; server: Socket }> {
  const accepted: Socket[] = [];
  const listener = createServer((socket) => {
    accepted.push(socket);
    socket.once("data", () => socket.write(connack));
  });
  const sockets = trackSockets(listener);
  await listenOnLoopback(listener);
  undo.push(async () => {
    for (const socket of sockets) socket.destroy();
    await closeServer(listener);
  });
  const link = await connector.connect({
    host: "127.0.0.1",
    port: portOf(listener),
    security: { kind: "password", password: Secret.of("unused") },
    clientId: "device-1",
    username: "device-1",
    keepAliveS,
    signal,
  });
  const [server] = accepted;
  if (server === undefined) throw new Error("Nobody connected");
  return { link, server };
}

describe("NodeMqttLink", () => {
  test.each([
    ["a packet of an unknown kind", Uint8Array.of(0x00, 0x00)],
    ["a second CONNACK", connack],
    ["a topic that is no UTF-8 length", Uint8Array.of(0x30, 0x03, 0xff, 0xff, 0x41)],
  ])("ends the session on %s", async (_name, bytes) => {
    const { link, server } = await connectToRawServer(240);
    let calls = 0;
    link.onClosed = () => {
      calls += 1;
    };
    server.write(bytes);
    await expect.poll(() => calls).toBe(1);
    await expect(link.publish("up/1", Uint8Array.of(1), { qos: 0, signal })).rejects.toMatchObject({
      code: "SOCKET_CLOSED",
    });
  });

  test("ends the session when the server no longer answers PINGREQ", async () => {
    const { link } = await connectToRawServer(1);
    let calls = 0;
    link.onClosed = () => {
      calls += 1;
    };
    await expect.poll(() => calls, { timeout: 5_000 }).toBe(1);
  });

  test("close() resolves within its bound when the server never hangs up", async () => {
    const { link, server } = await connectToRawServer(240);
    const heard: Buffer[] = [];
    server.on("data", (bytes: Buffer) => heard.push(bytes));
    server.allowHalfOpen = true;
    await link.close();
    await expect.poll(() => Buffer.concat(heard).toString("hex")).toContain("e000");
  });

  test("delivers what came right before the end, then calls onClosed", async () => {
    const { link, server } = await connectToRawServer(240);
    const calls: string[] = [];
    link.onMessage = (topic) => calls.push(topic);
    link.onClosed = () => calls.push("closed");
    // Five QoS 0 messages on the topic "t" and the FIN in one go.
    server.end(
      Buffer.concat(Array.from({ length: 5 }, () => Buffer.from([0x30, 0x04, 0x00, 0x01, 0x74, 0x21]))),
    );
    await expect.poll(() => calls.length).toBe(6);
    expect(calls).toEqual(["t", "t", "t", "t", "t", "closed"]);
  });

  test("adds no idle waits: a whole session over TCP takes less than 20 ms at its quickest", async () => {
    const broker = await ContractBroker.start({
      security: () => ({ kind: "password", password: Secret.of("unused") }),
    });
    undo.push(() => broker.cleanup());
    const run = async (): Promise<void> => {
      const link = await connector.connect({ ...broker.session("device-1"), signal });
      const subscribing = link.subscribe("down/1", { qos: 0, signal });
      await link.publish("up/1", Uint8Array.of(1), { qos: 1, signal });
      await subscribing;
      await link.close();
    };
    await run();
    const tookMs: number[] = [];
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      const startMs = performance.now();
      await run();
      tookMs.push(performance.now() - startMs);
    }
    // A delayed ACK or a timer on the way would cost 40 ms or more in every one.
    expect(Math.min(...tookMs)).toBeLessThan(20);
  });
});
