import { formatHex, parseTopic, type DeviceAddress } from "@softap/protocol";
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from "aedes";
import type { DeviceGateway, Downlink, Uplink } from "../gateway.ts";
import type { Connections } from "../rules/connections.ts";
import { deviceIdOf } from "../rules/device-id.ts";
import { nowS, type RulesContext } from "../rules/rules-context.ts";
import { mayPublish, maySubscribe } from "./access.ts";
import { authenticate } from "./authentication.ts";
import type { DeviceFacts, DeviceLookup } from "./device-facts.ts";
import type { DeviceSocket } from "./listeners.ts";
import { reasonOf } from "../reason.ts";

/** A topic that no device can subscribe to. */
const nowhere = "$dropped";

/** A device that is connected to this machine. */
interface Session {
  readonly client: Client;
  readonly device: DeviceAddress;
  readonly facts: DeviceFacts;
  /** Filters it subscribed to, with their QoS. */
  readonly subscriptions: Map<string, 0 | 1>;
}

/** What a connection showed before it is a session. */
interface Arrival extends DeviceSocket {
  keepAliveS: number;
  /** `socket.bytesRead` when the last packet was whole. */
  bytesAtPacket: number;
}

/** The gateway for one machine: an MQTT broker in this process. */
export class AedesGateway implements DeviceGateway {
  onUplink: ((uplink: Uplink) => Promise<void>) | undefined;
  readonly #context: RulesContext;
  readonly #connections: Connections;
  readonly #lookup: DeviceLookup;
  readonly #arrivals = new WeakMap<Client, Arrival>();
  readonly #sessions = new WeakMap<Client, Session>();
  /** Sockets of this machine by device id; who is connected at all stands in the database. */
  readonly #byDevice = new Map<string, Session>();
  /** Writes under way, so that a stop can wait for them. */
  readonly #pending = new Set<Promise<void>>();
  #broker: Aedes | undefined;

  constructor(parts: { connections: Connections; lookup: DeviceLookup }, context: RulesContext) {
    this.#connections = parts.connections;
    this.#lookup = parts.lookup;
    this.#context = context;
  }

  /** Starts the broker; sockets may arrive from now on. */
  async start(): Promise<void> {
    const { log, limits } = this.#context;
    const broker = await Aedes.createBroker({
      connectTimeout: limits.connectTimeoutMs,
      maxClientsIdLength: 80,
      preConnect: (client, packet, done) => {
        const arrival = this.#arrivals.get(client);
        if (arrival !== undefined) arrival.keepAliveS = packet.keepalive ?? 0;
        // Sessions end with their connection and leave no will: the vendor's platform has neither.
        packet.clean = true;
        delete packet.will;
        done(null, arrival !== undefined);
      },
      authenticate: (client, username, password, done) => {
        this.#track(this.#authenticate(client, { username, password }, done));
      },
      authorizeSubscribe: (client, subscription, done) => {
        done(null, this.#maySubscribe(client, subscription) ? subscription : null);
      },
      authorizePublish: (client, packet, done) => {
        this.#track(this.#publish(client, packet, done));
      },
    });
    broker.on("unsubscribe", (filters, client) => {
      for (const filter of filters) this.#sessions.get(client)?.subscriptions.delete(filter);
    });
    broker.on("ping", (_packet, client) => this.#packetArrived(client));
    broker.on("ack", (_packet, client) => this.#packetArrived(client));
    broker.on("clientError", (client, error) =>
      log.debug("connection broke", { deviceId: client.id, reason: error.message }),
    );
    broker.on("connectionError", (_client, error) =>
      log.debug("connection refused", { reason: error.message }),
    );
    this.#broker = broker;
  }

  /** Takes over a connection of a device. */
  accept(arrival: DeviceSocket): void {
    const { socket } = arrival;
    if (this.#broker === undefined) {
      socket.destroy();
      return;
    }
    // A connection is work under way until it is closed, and what its end starts is tracked by then.
    this.#track(
      new Promise((resolve) => {
        socket.once("close", () => resolve());
      }),
    );
    const client = this.#broker.handle(socket);
    this.#arrivals.set(client, { ...arrival, keepAliveS: 0, bytesAtPacket: 0 });
    socket.on("readable", () => this.#checkSize(client));
  }

  push(device: DeviceAddress, message: Downlink): Promise<boolean> {
    const session = this.#byDevice.get(deviceIdOf(device));
    const qos = session?.subscriptions.get(message.topic);
    if (session === undefined || qos === undefined || session.client.closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      session.client.publish(
        {
          cmd: "publish",
          topic: message.topic,
          payload: Buffer.from(message.payload),
          qos,
          retain: false,
          dup: false,
        },
        () => resolve(!session.client.closed),
      );
    });
  }

  kick(device: DeviceAddress): Promise<boolean> {
    const session = this.#byDevice.get(deviceIdOf(device));
    if (session === undefined) return Promise.resolve(false);
    return new Promise((resolve) => {
      session.client.close(() => resolve(true));
    });
  }

  /** Closes every session and waits until no connection is open and their ends are recorded. Idempotent. */
  async stop(): Promise<void> {
    const broker = this.#broker;
    this.#broker = undefined;
    if (broker !== undefined)
      await new Promise<void>((resolve) => {
        broker.close(() => resolve());
      });
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  async #authenticate(
    client: Client,
    given: { username: string | undefined; password: Buffer | undefined },
    done: (error: AuthenticateError | null, isAccepted: boolean | null) => void,
  ): Promise<void> {
    const { log, crypto, random, limits } = this.#context;
    this.#packetArrived(client);
    const arrival = this.#arrivals.get(client);
    if (arrival === undefined) return;
    const { socket } = arrival;
    const result = authenticate(
      {
        clientId: client.id,
        username: given.username ?? "",
        password: given.password?.toString("utf8"),
        keepAliveS: arrival.keepAliveS,
        pskIdentity: arrival.pskIdentity,
        certificate: arrival.certificate,
      },
      {
        digests: crypto,
        lookup: this.#lookup,
        nowS: nowS(this.#context),
        maxKeepAliveS: limits.maxKeepAliveS,
      },
    );
    if (result.type === "refused") {
      log.info("device refused", { reason: result.reason, address: socket.remoteAddress });
      done(Object.assign(new Error(result.reason), { returnCode: result.returnCode }), false);
      return;
    }
    const { device, facts, security } = result;
    const session = formatHex(random.bytes(8));
    const address = socket.remoteAddress ?? "";
    const opened = this.#connections.opened(device, {
      session,
      address,
      security,
      isFirst: !facts.isActivated,
    });
    const whenClosed = (): void => this.#track(this.#closed(device, { client, session, opened }));
    if (socket.destroyed) whenClosed();
    else socket.once("close", whenClosed);
    let isKnown: boolean;
    try {
      isKnown = await opened;
    } catch (error) {
      log.error("connection could not be recorded", {
        reason: reasonOf(error),
      });
      done(Object.assign(new Error("database failed"), { returnCode: 3 }), false);
      return;
    }
    if (!isKnown) {
      done(Object.assign(new Error("device was deleted"), { returnCode: 5 }), false);
      return;
    }
    const live: Session = { client, device, facts, subscriptions: new Map() };
    this.#sessions.set(client, live);
    // From here on, not when the broker says "ready": a device sends SUBSCRIBE and its token right behind CONNECT's answer.
    if (!socket.destroyed) this.#byDevice.set(deviceIdOf(device), live);
    log.debug("device connected", { deviceId: deviceIdOf(device), security });
    done(null, true);
  }

  #maySubscribe(client: Client, subscription: { topic: string; qos: 0 | 1 | 2 }): boolean {
    const session = this.#sessions.get(client);
    this.#packetArrived(client);
    const { topic, qos } = subscription;
    if (session === undefined || !maySubscribe(topic, session.device, session.facts.topicRights)) {
      this.#context.log.debug("subscription refused", { deviceId: client.id, topic });
      return false;
    }
    session.subscriptions.set(topic, qos === 0 ? 0 : 1);
    return true;
  }

  async #publish(
    client: Client | null,
    packet: PublishPacket,
    done: (error: Error | null) => void,
  ): Promise<void> {
    const session = client === null ? undefined : this.#sessions.get(client);
    if (session === undefined || packet.qos === 2) {
      done(new Error("Only devices publish, with QoS 0 or 1"));
      return;
    }
    this.#packetArrived(session.client);
    if (packet.payload.length > this.#context.limits.maxMessageBytes) {
      done(new Error("Message is too long"));
      return;
    }
    packet.retain = false;
    if (!(await this.#takeUplink(session, packet))) drop(packet);
    done(null);
  }

  /** @returns Whether the message was taken: what was not is not acknowledged, so the device sends it again or gives up. */
  async #takeUplink({ device, facts }: Session, packet: PublishPacket): Promise<boolean> {
    const { log } = this.#context;
    if (!mayPublish(packet.topic, device, facts.topicRights)) {
      log.debug("message dropped", { deviceId: deviceIdOf(device), topic: packet.topic });
      return false;
    }
    const topic = parseTopic(packet.topic);
    const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
    try {
      if (topic !== undefined) await this.onUplink?.({ device, topic, payload });
      return true;
    } catch (error) {
      log.error("message of a device failed", { deviceId: deviceIdOf(device), reason: reasonOf(error) });
      return false;
    }
  }

  async #closed(
    device: DeviceAddress,
    of: { client: Client; session: string; opened: Promise<boolean> },
  ): Promise<void> {
    const deviceId = deviceIdOf(device);
    if (this.#byDevice.get(deviceId)?.client === of.client) this.#byDevice.delete(deviceId);
    try {
      if (await of.opened) await this.#connections.closed(device, of.session);
    } catch (error) {
      this.#context.log.error("end of a connection could not be recorded", {
        deviceId,
        reason: reasonOf(error),
      });
    }
  }

  #packetArrived(client: Client): void {
    const arrival = this.#arrivals.get(client);
    if (arrival !== undefined) arrival.bytesAtPacket = arrival.socket.bytesRead;
  }

  /** The parser keeps a packet until it is whole, however long it claims to be. */
  #checkSize(client: Client): void {
    const arrival = this.#arrivals.get(client);
    if (arrival === undefined) return;
    const { socket } = arrival;
    // One read may hold many short packets beside the beginning of a long one.
    const maxBytes = this.#context.limits.maxMessageBytes + 65_536;
    if (socket.bytesRead - arrival.bytesAtPacket <= maxBytes) return;
    this.#context.log.info("message is too long", { deviceId: client.id });
    socket.destroy();
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#context.log.error("broker failed", { reason: reasonOf(error) }))
      .finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
  }
}

/** Aedes can refuse a message only by closing the connection; a message of QoS 0 to nowhere is acknowledged by nothing and reaches nobody. */
function drop(packet: { topic: string; qos: 0 | 1 | 2 }): void {
  packet.qos = 0;
  packet.topic = nowhere;
}
