import type { Clock } from "@softap/ports";
import type { SessionOwner, VirtualMqttHandler, VirtualMqttMessage, VirtualMqttSession } from "./session.ts";

/** What a broker is like. */
export interface VirtualMqttBrokerOptions {
  readonly clock: Clock;
  readonly handler?: VirtualMqttHandler;
  /** Its name or address. @defaultValue any host is this broker */
  readonly host?: string;
  /** Where it listens. @defaultValue any port */
  readonly ports?: readonly number[];
  /** One way, milliseconds. @defaultValue 0, which needs no moving clock */
  readonly latencyMs?: number;
}

/** How new connections fail. */
export type MqttOutage = "refused" | "silent" | "tls";

/** An MQTT broker in memory: sessions, subscriptions with wildcards, QoS 0 and 1, one connection per client id. */
export class VirtualMqttBroker implements SessionOwner {
  readonly clock: Clock;
  readonly host: string | undefined;
  readonly ports: readonly number[] | undefined;
  handler: VirtualMqttHandler;
  /** One way, milliseconds; may be changed at any time. */
  latencyMs: number;
  /** What new connections meet, if not a broker that works. Open sessions go on. */
  outage: MqttOutage | undefined = undefined;
  readonly #connections = new Set<VirtualMqttSession>();
  readonly #sessions = new Map<string, VirtualMqttSession>();

  constructor(options: VirtualMqttBrokerOptions) {
    this.clock = options.clock;
    this.host = options.host;
    this.ports = options.ports;
    this.handler = options.handler ?? {};
    this.latencyMs = options.latencyMs ?? 0;
  }

  /** Connections, authenticated or not. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** The authenticated session of a client id. */
  session(clientId: string): VirtualMqttSession | undefined {
    return this.#sessions.get(clientId);
  }

  /** Sends a message to whoever subscribed to its topic. @returns How many did. */
  publish(topic: string, payload: Uint8Array): number {
    let receivers = 0;
    for (const session of this.#sessions.values()) {
      if (!session.wants(topic)) continue;
      session.send(topic, payload);
      receivers += 1;
    }
    return receivers;
  }

  /** Cuts the connection of one client. @returns Whether there was one. */
  kick(clientId: string): boolean {
    const session = this.#sessions.get(clientId);
    session?.cut();
    return session !== undefined;
  }

  /** Cuts every connection. */
  dropAll(): void {
    for (const session of this.#connections) session.cut();
  }

  /** Called by a session. */
  opened(session: VirtualMqttSession): void {
    this.#connections.add(session);
  }

  /** Called by a session. The newest connection of a client id is the one that stays. */
  accepted(session: VirtualMqttSession): void {
    this.#sessions.get(session.clientId)?.cut();
    this.#sessions.set(session.clientId, session);
  }

  /** Called by a session. */
  route(message: VirtualMqttMessage): void {
    this.publish(message.topic, message.payload);
  }

  /** Called by a session. */
  closed(session: VirtualMqttSession): void {
    this.#connections.delete(session);
    if (this.#sessions.get(session.clientId) === session) this.#sessions.delete(session.clientId);
  }
}
