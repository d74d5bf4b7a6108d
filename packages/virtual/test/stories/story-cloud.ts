import { nodeCrypto } from "@softap/node";
import type { HttpReply } from "@softap/ports";
import { equalBytes, parseBase64, parseTopic, type Secret } from "@softap/protocol";
import {
  MemoryLog,
  SeededRandom,
  VirtualMqttBroker,
  type VirtualClock,
  type VirtualHttpRequest,
  type VirtualMqttMessage,
  type VirtualMqttSession,
  VirtualWeb,
  type VirtualWebServer,
} from "@softap/virtual";
import { type CloudCore, openCloudCore } from "../../../cloud/src/core.ts";
import type { DeviceGateway, Downlink, Uplink } from "../../../cloud/src/gateway.ts";
import { createHttpServer } from "../../../cloud/src/http/http-server.ts";
import type { CloudLimits } from "../../../cloud/src/limits.ts";
import { mayPublish, maySubscribe } from "../../../cloud/src/mqtt/access.ts";
import { authenticate } from "../../../cloud/src/mqtt/authentication.ts";
import type { DeviceFacts } from "../../../cloud/src/mqtt/device-facts.ts";
import type { Product } from "../../../cloud/src/rules/products.ts";
import { nowS } from "../../../cloud/src/rules/rules-context.ts";
import type { RealWork } from "./real-work.ts";

/** Origin of the app API and of registration. */
export const cloudUrl = "https://cloud.test";
/** Host of the broker. */
export const mqttHost = "mqtt.test";

type Address = Uplink["device"];

/** A device whose session the broker holds. */
interface Known {
  readonly device: Address;
  readonly facts: DeviceFacts;
  readonly id: string;
  readonly opened: Promise<boolean>;
}

/** The real cloud, database, rules and HTTP routes, behind a virtual broker and a virtual web. */
export class StoryCloud {
  readonly core: CloudCore;
  readonly log: MemoryLog;
  readonly broker: VirtualMqttBroker;
  readonly web: VirtualWeb;
  readonly server: VirtualWebServer;
  /** Messages of devices that were let in, as `topic payload`. */
  readonly uplinks: string[] = [];
  /** Whether everything that the rules say to devices is lost on its way. */
  losesPushes = false;
  readonly #work: RealWork;
  readonly #sessions = new Map<VirtualMqttSession, Known>();
  #http: Awaited<ReturnType<typeof createHttpServer>> | undefined;
  #sessionCount = 0;

  private constructor(core: CloudCore, world: { clock: VirtualClock; work: RealWork; log: MemoryLog }) {
    const { clock, work, log } = world;
    this.core = core;
    this.log = log;
    this.#work = work;
    this.broker = new VirtualMqttBroker({
      clock,
      host: mqttHost,
      ports: [8883],
      latencyMs: 5,
      handler: {
        authenticate: (session) => this.#authenticate(session),
        authorizeSubscribe: (session, topic) => this.#maySubscribe(session, topic),
        onPublish: (session, message) => this.#take(session, message),
        onGone: (session) => this.#forget(session),
      },
    });
    this.web = new VirtualWeb({ clock });
    const handlers = { onRequest: (request: VirtualHttpRequest) => work.during(this.#answer(request)) };
    this.server = this.web.serve(cloudUrl, handlers, { latencyMs: 20 });
    core.serve(this.gateway);
  }

  static async open(options: {
    clock: VirtualClock;
    work: RealWork;
    seed: number;
    limits?: Partial<CloudLimits>;
  }): Promise<StoryCloud> {
    const { clock, work, seed, limits = {} } = options;
    const log = new MemoryLog(clock);
    const random = new SeededRandom(seed).child("cloud");
    const core = await openCloudCore({
      databasePath: ":memory:",
      clock,
      random,
      crypto: nodeCrypto,
      log,
      limits,
    });
    const cloud = new StoryCloud(core, { clock, work, log });
    const { rules, notifier, context, settings } = core;
    const readiness = { write: () => settings.set("ready", "1"), isListening: () => true };
    cloud.#http = await createHttpServer({ rules, gateway: cloud.gateway, notifier, readiness }, context);
    return cloud;
  }

  /** The seam of the rules, over the virtual broker. */
  readonly gateway: DeviceGateway = {
    onUplink: undefined,
    push: async (device, { topic, payload }: Downlink) => {
      const session = this.broker.session(clientIdOf(device));
      if (session?.wants(topic) !== true) return false;
      if (this.losesPushes) return true;
      session.send(topic, payload);
      return true;
    },
    kick: async (device) => this.broker.kick(clientIdOf(device)),
  };

  /** Logs a person in; the first time makes the account. */
  async login(person: string): Promise<Secret> {
    const { accounts } = this.core.rules;
    return (await accounts.loginByWeiXin({ weiXinId: person, nickName: person, avatar: "" })).accessToken;
  }

  /** Makes a product whose devices may register by themselves. */
  product(registrationMode: Product["registrationMode"] = "auto-create"): Promise<Product> {
    return this.core.rules.products.create({ name: "lamp", registrationMode });
  }

  /** Makes a device with a secret. */
  async device(productId: string, deviceName: string): Promise<Secret> {
    const { deviceSecret } = await this.core.rules.devices.create({ productId, deviceName });
    if (deviceSecret === undefined) throw new Error("a product of kind psk gives its devices a secret");
    return deviceSecret;
  }

  /** Lines of the log that a cloud without a defect and without an intruder does not write. */
  get complaints(): readonly string[] {
    return this.log.entries
      .filter(
        ({ level, text }) =>
          level === "error" || text === "service message ignored" || text === "message dropped",
      )
      .map(({ text }) => text);
  }

  async close(): Promise<void> {
    await this.#http?.close();
    await this.core.close();
  }

  async #answer({ method, path, headers, body }: VirtualHttpRequest): Promise<HttpReply | "hang up"> {
    if (this.#http === undefined) return "hang up";
    const { statusCode, rawPayload } = await this.#http.inject({
      method,
      url: path,
      headers: { ...headers, host: "cloud.test" },
      payload: Buffer.from(body),
    });
    return { status: statusCode, body: new Uint8Array(rawPayload) };
  }

  async #authenticate(session: VirtualMqttSession): Promise<number> {
    const { clientId, username, security } = session;
    const { context, lookup, rules } = this.core;
    const connect = {
      clientId,
      username,
      keepAliveS: 240,
      password: security.kind === "password" ? security.password.reveal() : undefined,
      pskIdentity: security.kind === "psk" ? security.identity : undefined,
      certificate: undefined,
    };
    const { maxKeepAliveS } = context.limits;
    const facts = { digests: context.crypto, lookup, nowS: nowS(context), maxKeepAliveS };
    const result = authenticate(connect, facts);
    if (result.type === "refused") return result.returnCode;
    // OpenSSL would have ended the handshake.
    if (security.kind === "psk" && !isKey(security.key, result.facts.key)) return 5;
    const { device } = result;
    const id = `session-${(this.#sessionCount += 1)}`;
    const opened = rules.connections.opened(device, {
      session: id,
      address: "virtual",
      security: result.security,
      isFirst: !result.facts.isActivated,
    });
    this.#sessions.set(session, { device, facts: result.facts, id, opened });
    return (await opened) ? 0 : 5;
  }

  #maySubscribe(session: VirtualMqttSession, topic: string): boolean {
    const known = this.#sessions.get(session);
    return known !== undefined && maySubscribe(topic, known.device, known.facts.topicRights);
  }

  async #take(session: VirtualMqttSession, { topic, payload }: VirtualMqttMessage): Promise<boolean> {
    const known = this.#sessions.get(session);
    if (known === undefined || !mayPublish(topic, known.device, known.facts.topicRights)) return false;
    this.uplinks.push(`${topic} ${Buffer.from(payload).toString()}`);
    const parsed = parseTopic(topic);
    if (parsed !== undefined) await this.gateway.onUplink?.({ device: known.device, topic: parsed, payload });
    return true;
  }

  #forget(session: VirtualMqttSession): void {
    const known = this.#sessions.get(session);
    this.#sessions.delete(session);
    if (known === undefined) return;
    const { device, id, opened } = known;
    void this.#work.during(opened.then(() => this.core.rules.connections.closed(device, id)));
  }
}

function clientIdOf({ productId, deviceName }: Address): string {
  return `${productId}${deviceName}`;
}

function isKey(given: Secret, key: Uint8Array | undefined): boolean {
  const bytes = parseBase64(given.reveal());
  return key !== undefined && bytes !== undefined && equalBytes(bytes, key);
}
