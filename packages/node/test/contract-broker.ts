import type { ContractMqttMessage, ContractMqttSession } from "@softap/virtual/contracts";
import { Aedes, type AuthenticateError, type Client } from "aedes";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from "node:tls";
import { closeServer, freePort, listenOnLoopback, portOf, trackSockets } from "./loopback.ts";

/** How the clients of a {@link ContractBroker} prove themselves, seen from both ends. */
export interface BrokerSecurity {
  /** TLS settings of the broker; plain TCP when left out. */
  readonly tls?: TlsOptions;
  /** The client's part. */
  security(clientId: string): ContractMqttSession["security"];
  /** Whether the broker accepts the password that came. @defaultValue every one, none too */
  readonly acceptsPassword?: (password: string | undefined) => boolean;
}

const forbiddenTopic = "forbidden";
const unacknowledgedTopic = "unacknowledged";

/** A real broker on the loopback that behaves as the MQTT contract suite asks for. */
export class ContractBroker {
  readonly #broker: Aedes;
  readonly #server: Server;
  readonly #silentServer: Server;
  readonly #unheardPort: number;
  readonly #security: BrokerSecurity;
  readonly #sockets: ReadonlySet<Socket>;
  readonly #silentSockets: ReadonlySet<Socket>;
  readonly forbiddenTopic = forbiddenTopic;
  readonly unacknowledgedTopic = unacknowledgedTopic;
  readonly received: ContractMqttMessage[] = [];
  readonly saidGoodbye: string[] = [];
  /** Cipher suite of each TLS connection, as it came. */
  readonly ciphers: string[] = [];

  private constructor(
    broker: Aedes,
    server: Server,
    silent: Server,
    unheardPort: number,
    security: BrokerSecurity,
  ) {
    this.#broker = broker;
    this.#server = server;
    this.#silentServer = silent;
    this.#unheardPort = unheardPort;
    this.#security = security;
    this.#sockets = trackSockets(server);
    this.#silentSockets = trackSockets(silent);
    server.on("secureConnection", (socket: TLSSocket) => this.ciphers.push(socket.getCipher().name));
    this.#obey();
  }

  static async start(security: BrokerSecurity): Promise<ContractBroker> {
    const broker = await Aedes.createBroker();
    const handle = (socket: Socket): void => {
      broker.handle(socket);
    };
    // Without `noDelay` the second of two small packets waits for the client's delayed ACK: 40 ms.
    const server =
      security.tls === undefined
        ? createServer({ noDelay: true }, handle)
        : createTlsServer({ ...security.tls, noDelay: true }, handle);
    server.on("tlsClientError", () => {});
    const silent = createServer((socket) => socket.resume());
    await Promise.all([listenOnLoopback(server), listenOnLoopback(silent)]);
    return new ContractBroker(broker, server, silent, await freePort(), security);
  }

  session(clientId: string, username = clientId): ContractMqttSession {
    return {
      host: "127.0.0.1",
      port: portOf(this.#server),
      security: this.#security.security(clientId),
      clientId,
      username,
      keepAliveS: 240,
    };
  }

  refusedSession(returnCode: 4 | 5): ContractMqttSession {
    return this.session("device-1", `refuse ${returnCode}`);
  }

  get unheardSession(): ContractMqttSession {
    return { ...this.session("device-1"), port: this.#unheardPort };
  }

  get unknownHostSession(): ContractMqttSession {
    return { ...this.session("device-1"), host: "no-such-host..invalid" };
  }

  get silentSession(): ContractMqttSession {
    return { ...this.session("device-1"), port: portOf(this.#silentServer) };
  }

  connectionCount(): number {
    return this.#sockets.size + this.#silentSockets.size;
  }

  publish(topic: string, payload: Uint8Array): void {
    this.#broker.publish(
      { cmd: "publish", topic, payload: Buffer.from(payload), qos: 0, retain: false, dup: false },
      () => {},
    );
  }

  dropAll(): void {
    for (const socket of [...this.#sockets, ...this.#silentSockets]) socket.destroy();
  }

  async cleanup(): Promise<void> {
    this.dropAll();
    await Promise.all([closeServer(this.#server), closeServer(this.#silentServer)]);
    await new Promise<void>((resolve) => this.#broker.close(resolve));
  }

  #obey(): void {
    this.#broker.authenticate = (_client, username = "", password, done) => {
      const [, returnCode] = /^refuse ([45])$/.exec(username) ?? [];
      const isAccepted = this.#security.acceptsPassword?.(password?.toString()) ?? true;
      if (returnCode === undefined) done(null, isAccepted);
      else done(refusal(Number(returnCode)), false);
    };
    this.#broker.authorizeSubscribe = (_client, subscription, done) =>
      done(null, subscription.topic === forbiddenTopic ? null : subscription);
    this.#broker.authorizePublish = (client, packet, done) => {
      if (packet.topic === unacknowledgedTopic) return;
      this.received.push({
        clientId: client?.id ?? "",
        topic: packet.topic,
        payload: Uint8Array.from(Buffer.from(packet.payload)),
        qos: packet.qos === 0 ? 0 : 1,
      });
      done();
    };
    this.#broker.on("clientDisconnect", (client: Client) => {
      // aedes keeps in a private member whether DISCONNECT came before the end.
      if (Reflect.get(client, "_disconnected") === true) this.saidGoodbye.push(client.id);
    });
  }
}

function refusal(returnCode: number): AuthenticateError {
  return Object.assign(new Error("refused by the test"), { returnCode });
}
