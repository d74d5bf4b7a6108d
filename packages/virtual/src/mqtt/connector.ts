import {
  canceled,
  type MqttConnector,
  type MqttConnectOptions,
  type MqttLink,
  throwIfCanceled,
} from "@softap/ports";
import { type SoftApError, softApError } from "@softap/protocol";
import type { VirtualHost } from "../network/host.ts";
import type { VirtualMqttBroker } from "./broker.ts";
import { VirtualMqttLink } from "./link.ts";
import { VirtualMqttSession } from "./session.ts";

/** Whom a connector reaches. */
export interface VirtualMqttConnectorOptions {
  readonly brokers: readonly VirtualMqttBroker[];
  /** The client's computer: without internet it finds no broker, and losing the internet ends its sessions. */
  readonly host?: VirtualHost;
}

/** Opens sessions with {@link VirtualMqttBroker}s. */
export class VirtualMqttConnector implements MqttConnector {
  readonly #brokers: readonly VirtualMqttBroker[];
  readonly #host: VirtualHost | undefined;
  #openCount = 0;

  constructor(options: VirtualMqttConnectorOptions) {
    this.#brokers = options.brokers;
    this.#host = options.host;
  }

  /** Sessions that are open. A test that ends with any has leaked it. */
  get openCount(): number {
    return this.#openCount;
  }

  /** @inheritdoc */
  async connect(options: MqttConnectOptions): Promise<MqttLink> {
    throwIfCanceled(options.signal);
    const broker = this.#find(options.host, options.port);
    if (broker.outage === "refused")
      throw softApError("CONNECTION_REFUSED", `Nobody listens at ${options.host}:${options.port}`);
    if (broker.outage === "tls") throw softApError("TLS_FAILED", "The broker's greeting was no TLS");
    return this.#open(broker, options);
  }

  #find(host: string, port: number): VirtualMqttBroker {
    const isAddress = /^[\d.]+$/.test(host);
    const named = this.#brokers.filter((broker) => broker.host === undefined || broker.host === host);
    if (this.#host?.isOnline === false || named.length === 0)
      throw isAddress
        ? softApError("UNREACHABLE", `${host} cannot be reached`)
        : softApError("HOST_NOT_FOUND", `There is no host ${host} in reach`);
    const broker = named.find(({ ports }) => ports === undefined || ports.includes(port));
    if (broker === undefined) throw softApError("CONNECTION_REFUSED", `Nobody listens at ${host}:${port}`);
    return broker;
  }

  #open(broker: VirtualMqttBroker, options: MqttConnectOptions): Promise<MqttLink> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      let link: VirtualMqttLink | undefined;
      const session = new VirtualMqttSession(broker, options, {
        onMessage: (topic, payload) => link?.receive(topic, payload),
        onCut: () => lose(),
      });
      const settle = (): void => signal.removeEventListener("abort", onAbort);
      const fail = (error: SoftApError): void => {
        settle();
        stopWatching?.();
        reject(error);
      };
      const lose = (): void => {
        if (link === undefined) fail(softApError("SOCKET_CLOSED", "The broker closed the connection"));
        else link.lose();
      };
      const onAbort = (): void => {
        session.abandon();
        fail(canceled(signal));
      };
      const stopWatching = this.#host?.watch(() => {
        if (this.#host?.isOnline !== false) return;
        session.abandon();
        lose();
      });
      signal.addEventListener("abort", onAbort, { once: true });
      if (broker.outage === "silent") return;
      session.connect((returnCode) => {
        if (signal.aborted) return;
        if (returnCode !== 0) {
          fail(softApError("MQTT_REFUSED", "The broker refused the login", { context: { returnCode } }));
          return;
        }
        settle();
        this.#openCount += 1;
        link = new VirtualMqttLink(session, () => {
          this.#openCount -= 1;
          stopWatching?.();
        });
        resolve(link);
      });
    });
  }
}
