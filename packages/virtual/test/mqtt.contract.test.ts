import { type MqttConnectOptions } from "@softap/ports";
import { Secret } from "@softap/protocol";
import { VirtualClock, VirtualMqttBroker, VirtualMqttConnector } from "@softap/virtual";
import {
  type ContractMqttMessage,
  mqttConnectorContract,
  type MqttConnectorWorld,
  virtualTime,
} from "@softap/virtual/contracts";

const secret = "canary-mqtt-password";

function setup(latencyMs: number): () => Promise<MqttConnectorWorld> {
  return async () => {
    const clock = new VirtualClock();
    const received: ContractMqttMessage[] = [];
    const saidGoodbye: string[] = [];
    const broker = new VirtualMqttBroker({
      clock,
      host: "mqtt.test",
      ports: [1883],
      latencyMs,
      handler: {
        authenticate: ({ username }) => (/^\d$/.test(username) ? Number(username) : 0),
        authorizeSubscribe: (_session, topic) => topic !== "forbidden",
        onPublish({ clientId }, { topic, payload, qos }) {
          if (topic === "unacknowledged") return false;
          received.push({ clientId, topic, payload, qos });
          return true;
        },
        onGone({ clientId }, isGoodbye) {
          if (isGoodbye) saidGoodbye.push(clientId);
        },
      },
    });
    const silent = new VirtualMqttBroker({
      clock,
      host: "silent.test",
      latencyMs,
      handler: { authenticate: () => new Promise(() => {}) },
    });
    const session = (
      clientId: string,
      host = "mqtt.test",
      port = 1883,
    ): Omit<MqttConnectOptions, "signal"> => ({
      host,
      port,
      clientId,
      username: "user",
      security: { kind: "password", password: Secret.of(secret) },
      keepAliveS: 60,
    });
    return {
      connector: new VirtualMqttConnector({ brokers: [broker, silent] }),
      session,
      refusedSession: (returnCode) => ({ ...session("refused"), username: String(returnCode) }),
      unheardSession: session("device", "mqtt.test", 1),
      unknownHostSession: session("device", "nobody.test"),
      silentSession: session("device", "silent.test"),
      forbiddenTopic: "forbidden",
      unacknowledgedTopic: "unacknowledged",
      secret,
      received,
      saidGoodbye,
      connectionCount: () => broker.connectionCount + silent.connectionCount,
      publish: (topic, payload) => void broker.publish(topic, payload),
      dropAll() {
        broker.dropAll();
        silent.dropAll();
      },
      time: virtualTime(clock),
      async cleanup() {},
    };
  };
}

mqttConnectorContract("a virtual broker at once", setup(0));
mqttConnectorContract("a virtual broker far away", setup(40));
