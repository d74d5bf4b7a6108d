import { NodeMqttConnector } from "@softap/node";
import { neverCanceled as signal } from "@softap/ports";
import {
  decodeServiceDown,
  encodeServiceUp,
  formatMqttUsername,
  mqttClientId,
  ProtocolError,
  Secret,
  thingDownTopic,
  thingUpTopic,
} from "@softap/protocol";
import { BenchServer } from "./child.ts";
import { type BenchDevice, CloudFixture } from "./cloud-fixture.ts";
import { type Figure, median } from "./report.ts";

/** Sessions at once; a server sees more than one, and one at a time would measure idle wake-ups. */
const concurrency = 8;

/** One bind session as a device does it: TLS-PSK connect, subscribe, publish, reply, disconnect. */
async function bindSession(port: number, device: BenchDevice, token: Secret): Promise<void> {
  const link = await new NodeMqttConnector().connect({
    host: "127.0.0.1",
    port,
    security: { kind: "psk", identity: mqttClientId(device), key: device.deviceSecret },
    clientId: mqttClientId(device),
    username: formatMqttUsername({ ...device, connId: "bench" }),
    keepAliveS: 240,
    signal,
  });
  const reply = new Promise<void>((resolve, reject) => {
    link.onMessage = (_topic, payload) => {
      const message = decodeServiceDown(payload);
      if (message instanceof ProtocolError || message.method !== "app_bind_token_reply") return;
      if (message.code === 0) resolve();
      else reject(new Error(`token refused with ${message.code}`));
    };
    link.onClosed = () => reject(new Error("the server hung up"));
  });
  await Promise.all([
    reply,
    link.subscribe(thingDownTopic("service", device), { qos: 0, signal }),
    link.publish(
      thingUpTopic("service", device),
      encodeServiceUp({ method: "app_bind_token", clientToken: "bench-1", token }, device),
      { qos: 1, signal },
    ),
  ]);
  await link.close();
}

/** CPU of the server per session, microseconds. */
async function cpuPerSession(
  server: BenchServer<{ mqttsPort: number }>,
  sessions: readonly (readonly [BenchDevice, Secret])[],
): Promise<number> {
  const fromUs = await server.cpuUs();
  const queue = [...sessions];
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop())
        await bindSession(server.ready.mqttsPort, ...next);
    }),
  );
  return ((await server.cpuUs()) - fromUs) / sessions.length;
}

/** Our cloud's CPU per complete bind session beside bare aedes doing the same without rights or database. */
export async function measureCloudCpu(sessionsPerRound: number, rounds: number): Promise<Figure[]> {
  const fixture = await CloudFixture.start();
  const key = Secret.of(Buffer.alloc(16, 7).toString("base64"));
  const bare = await BenchServer.start<{ mqttsPort: number }>("./bare-broker.ts", {
    BENCH_PSK: key.reveal(),
  });
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    // The first round warms both up and does not count.
    for (let round = 0; round <= rounds; round++) {
      const sessions = await Promise.all(
        Array.from({ length: sessionsPerRound }, async (_, index) => {
          const device = await fixture.createDevice(`bench-${round}-${index}`);
          return [device, await fixture.app.createBindToken()] as const;
        }),
      );
      const plain = sessions.map(([device, token]) => [{ ...device, deviceSecret: key }, token] as const);
      const bareUs = await cpuPerSession(bare, plain);
      const oursUs = await cpuPerSession(fixture.server, sessions);
      if (round === 0) continue;
      theirs.push(bareUs);
      ours.push(oursUs);
    }
  } finally {
    await Promise.all([fixture.server.stop(), bare.stop()]);
  }
  const ratio = median(ours.map((value, index) => value / (theirs[index] ?? Number.NaN)));
  return [
    {
      name: "cloud: server CPU per bind session",
      value: ratio,
      unit: "ratio",
      mustBe: { atMost: 1.6 },
      beside: `${(median(ours) / 1000).toFixed(2)} ms beside ${(median(theirs) / 1000).toFixed(2)} ms of bare aedes`,
    },
  ];
}
