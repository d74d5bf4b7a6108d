import { type MqttLink, withTimeout } from "@softap/ports";
import {
  encodeServiceUp,
  formatMqttUsername,
  mqttClientId,
  Secret,
  thingDownTopic,
  thingUpTopic,
} from "@softap/protocol";
import { identity, mqttHost } from "../field-cloud.ts";
import type { VendorParts } from "./vendor-device.ts";

const connectLimitMs = 5_000;
const ackLimitMs = 5_000;
const yieldMs = 1_000;
const maxPublishes = 3;
const coolDownMs = 5_000;

/** One connection; `undefined` when it did not come about. */
export async function connect({ clock, mqtt, signal }: VendorParts): Promise<MqttLink | undefined> {
  const clientId = mqttClientId(identity);
  try {
    return await withTimeout(clock, { phase: "connect", limitMs: connectLimitMs, signal }, (limited) =>
      mqtt.connect({
        host: mqttHost,
        port: 8883,
        security: { kind: "psk", identity: clientId, key: Secret.of("bYKGpzuVosjl0WPGBaBvdA==") },
        clientId,
        username: formatMqttUsername({ ...identity, connId: "Ab3dE" }),
        keepAliveS: 240,
        signal: limited,
      }),
    );
  } catch {
    return undefined;
  }
}

/** Publishes the token. @returns Whether the broker acknowledged it. */
export async function publishToken(link: MqttLink, token: string, parts: VendorParts): Promise<boolean> {
  const { clock, signal } = parts;
  const message = { method: "app_bind_token", clientToken: "lamp-1", token: Secret.of(token) } as const;
  try {
    await withTimeout(clock, { phase: "publish", limitMs: ackLimitMs, signal }, (limited) =>
      link.publish(thingUpTopic("service", identity), encodeServiceUp(message, identity), {
        qos: 1,
        signal: limited,
      }),
    );
    return true;
  } catch {
    return false;
  }
}

/** Subscribes to what the cloud says. @returns Whether the broker granted it in time. */
export async function subscribe(link: MqttLink, { clock, signal }: VendorParts): Promise<boolean> {
  try {
    await withTimeout(clock, { phase: "subscribe", limitMs: ackLimitMs, signal }, (limited) =>
      link.subscribe(thingDownTopic("service", identity), { qos: 0, signal: limited }),
    );
    return true;
  } catch {
    return false;
  }
}

/**
 * Reports the token as the ESP demo and the C SDK do: the wait after subscribing is taken whole, PUBACK counts as success,
 * and the session ends with a cool-down.
 *
 * @param connectTries - 2 for the ESP demo, which tries once more after 1 s; 1 for the C SDK.
 */
export async function reportToken(token: string, connectTries: number, parts: VendorParts): Promise<void> {
  let link = await connect(parts);
  for (let attempt = 2; link === undefined && attempt <= connectTries; attempt++) {
    await parts.pause(1_000);
    link = await connect(parts);
  }
  if (link === undefined) return;
  await subscribe(link, parts);
  await parts.pause(yieldMs);
  let isTaken = false;
  for (let attempt = 1; !isTaken && attempt <= maxPublishes; attempt++) {
    isTaken = await publishToken(link, token, parts);
    if (!isTaken) await parts.pause(1_000);
  }
  await parts.pause(2 * yieldMs);
  await link.close();
  await parts.pause(coolDownMs);
}
