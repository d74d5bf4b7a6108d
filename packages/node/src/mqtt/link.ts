import type { CancelSignal, MqttLink } from "@softap/ports";
import { softApError } from "@softap/protocol";
import type { MqttClient } from "mqtt";
import type { Socket } from "node:net";
import { cancelable } from "../cancelable.ts";
import { networkError } from "../errors.ts";
import { nodeLimits } from "../limits.ts";
import { plainBytes } from "../plain-bytes.ts";

/** DISCONNECT: packet type 14, no flags, no rest. @see MQTT 3.1.1, 3.14 */
const disconnectPacket = Uint8Array.of(0xe0, 0x00);

/** What SUBACK says of a refused subscription. @see MQTT 3.1.1, 3.9.3 */
const subscriptionRefused = 0x80;

/** One open session of mqtt.js, over a socket that it owns. */
export class NodeMqttLink implements MqttLink {
  readonly #client: MqttClient;
  readonly #socket: Socket;
  readonly #pending = new Set<(error: Error) => void>();
  #isClosed = false;
  #closing: Promise<void> | undefined;
  onMessage: ((topic: string, payload: Uint8Array) => void) | undefined;
  onClosed: (() => void) | undefined;

  constructor(client: MqttClient, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    client.on("message", (topic, payload) => {
      if (!this.#isClosed) this.onMessage?.(topic, plainBytes(payload));
    });
    // Malformed packets and a missed PINGRESP leave mqtt.js half open: an error ends the session.
    client.on("error", () => socket.destroy());
    socket.once("close", () => {
      if (this.#isClosed) return;
      const onClosed = this.onClosed;
      this.#end();
      client.end(true);
      onClosed?.();
    });
  }

  async subscribe(topic: string, options: { qos: 0 | 1; signal: CancelSignal }): Promise<void> {
    if (!isTopicFilter(topic)) throw softApError("USAGE", "The topic filter is not valid");
    await this.#whileOpen(options.signal, (done) => {
      this.#client.subscribe(topic, { qos: options.qos }, (error, _grants, reply) => {
        if (error === null) done();
        else if (reply?.granted.includes(subscriptionRefused) === true)
          done(
            softApError("MQTT_SUBSCRIBE_REFUSED", `The broker refused the subscription to ${topic}`, {
              cause: error,
              context: { topic },
            }),
          );
        else done(networkError(error, `Cannot subscribe to ${topic}`, "SOCKET_CLOSED"));
      });
    });
  }

  async publish(
    topic: string,
    payload: Uint8Array,
    options: { qos: 0 | 1; signal: CancelSignal },
  ): Promise<void> {
    if (topic === "" || /[+#\0]/.test(topic))
      throw softApError("USAGE", "A topic to publish on has at least 1 character and none of + and #");
    await this.#whileOpen(options.signal, (done) => {
      // A copy: mqtt.js hands the buffer on to the socket after QoS 0 resolved.
      this.#client.publish(topic, Buffer.from(payload), { qos: options.qos }, (error) => {
        if (error === undefined || error === null) done();
        else done(networkError(error, `Cannot publish on ${topic}`, "SOCKET_CLOSED"));
      });
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#disconnect();
    return this.#closing;
  }

  async #disconnect(): Promise<void> {
    if (this.#isClosed) return;
    this.#end();
    const socket = this.#socket;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.destroy(), nodeLimits.disconnectMs);
      socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      // By hand: mqtt.js holds DISCONNECT back until every pending PUBACK came.
      if (socket.destroyed) socket.destroy();
      else socket.end(disconnectPacket);
    });
    this.#client.end(true);
  }

  #end(): void {
    this.#isClosed = true;
    this.onMessage = undefined;
    this.onClosed = undefined;
    for (const reject of this.#pending) reject(sessionClosed());
    this.#pending.clear();
  }

  #whileOpen(signal: CancelSignal, start: (done: (error?: Error) => void) => void): Promise<void> {
    return cancelable<void>(signal, ({ resolve, reject }) => {
      if (this.#isClosed) {
        reject(sessionClosed());
        return () => {};
      }
      const leave = (): void => {
        this.#pending.delete(reject);
      };
      this.#pending.add(reject);
      start((error) => {
        leave();
        if (error === undefined) resolve();
        else reject(error);
      });
      return leave;
    });
  }
}

/** `+` stands for one whole level, `#` for all the last ones. @see MQTT 3.1.1, 4.7.1 */
function isTopicFilter(topic: string): boolean {
  const levels = topic.split("/");
  const areLevelsFit = levels.every(
    (level, at) => level === "+" || (level === "#" && at === levels.length - 1) || !/[+#\0]/.test(level),
  );
  return topic !== "" && areLevelsFit;
}

function sessionClosed(): Error {
  return softApError("SOCKET_CLOSED", "The MQTT session is closed");
}
