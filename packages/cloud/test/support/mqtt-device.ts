import { nodeCrypto } from "@softap/node";
import {
  formatMqttUsername,
  mqttClientId,
  mqttPassword,
  thingDownTopic,
  thingUpTopic,
} from "@softap/protocol";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import type { TestCloud, TestDevice } from "./cloud.ts";
import type { Json } from "./json.ts";

/** A device made of mqtt.js. */
export interface MqttDevice {
  readonly client: MqttClient;
  /** Messages as they came. */
  readonly messages: { topic: string; body: Json }[];
  /** Waits for a message with this method. */
  next(method: string): Promise<Json>;
  /** Sends on the service topic and waits for PUBACK. */
  send(message: object): Promise<void>;
  readonly closed: Promise<void>;
  end(): Promise<void>;
}

export const pskOptions = (device: TestDevice): IClientOptions =>
  ({
    pskCallback: () => ({
      identity: mqttClientId(device),
      psk: Buffer.from(device.deviceSecret.reveal(), "base64"),
    }),
    checkServerIdentity: () => undefined,
    ciphers: "PSK-AES128-GCM-SHA256",
    maxVersion: "TLSv1.2",
  }) as IClientOptions;

/** Connects; rejects with the CONNACK code or the socket's error. */
export async function connect(
  cloud: TestCloud,
  device: TestDevice,
  options: IClientOptions & { security: "psk" | "password" | "tls"; expiryS?: bigint },
): Promise<MqttDevice> {
  const { security, expiryS, ...rest } = options;
  const username = formatMqttUsername({
    ...device,
    connId: "abcde",
    ...(expiryS === undefined ? {} : { expiryS }),
  });
  const client = mqtt.connect({
    host: "127.0.0.1",
    protocol: security === "password" ? "mqtt" : "mqtts",
    port: security === "password" ? cloud.running.mqttPort : cloud.running.mqttsPort,
    clientId: mqttClientId(device),
    username,
    ...(security === "password"
      ? { password: mqttPassword(nodeCrypto, { username, deviceSecret: device.deviceSecret }).reveal() }
      : {}),
    ...(security === "psk" ? pskOptions(device) : {}),
    reconnectPeriod: 0,
    ...rest,
  });
  const messages: { topic: string; body: Json }[] = [];
  const waiting: { method: string; resolve: (body: Json) => void }[] = [];
  client.on("message", (topic, payload) => {
    const body: Json = JSON.parse(payload.toString());
    messages.push({ topic, body });
    const index = waiting.findIndex((entry) => entry.method === (body.method ?? body.type));
    if (index >= 0) waiting.splice(index, 1)[0]?.resolve(body);
  });
  const closed = new Promise<void>((resolve) => {
    client.once("close", () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    client.once("connect", () => resolve());
    client.once("error", (error) => {
      client.end(true);
      reject(error);
    });
    client.once("close", () => reject(new Error("closed")));
  });
  client.on("error", () => {});
  return {
    client,
    messages,
    closed,
    next: (method) =>
      new Promise((resolve) => {
        const found = messages.find((message) => (message.body.method ?? message.body.type) === method);
        if (found === undefined) waiting.push({ method, resolve });
        else resolve(found.body);
      }),
    send: async (message) => {
      await client.publishAsync(thingUpTopic("service", device), JSON.stringify(message), { qos: 1 });
    },
    end: () => client.endAsync(true),
  };
}

/** Connects, subscribes to the service topic and reports a token. @returns The reply's code. */
export async function report(mqttDevice: MqttDevice, device: TestDevice, token: string): Promise<number> {
  await mqttDevice.client.subscribeAsync(thingDownTopic("service", device));
  const clientToken = `c-${mqttDevice.messages.length}`;
  const before = mqttDevice.messages.length;
  await mqttDevice.send({ method: "app_bind_token", clientToken, params: { token } });
  // The answer is sent before the acknowledgement, so it is here by now.
  const reply = mqttDevice.messages.slice(before).find((message) => message.body.clientToken === clientToken);
  return reply?.body.code;
}
