import {
  decodeServiceUp,
  encodeServiceDown,
  isMqttPassword,
  parseBase64,
  ProtocolError,
  type ServiceDownMessage,
  type ServiceUpMessage,
  thingDownTopic,
} from "@softap/protocol";
import type { Clock } from "@softap/ports";
import { nodeCrypto } from "@softap/node";
import { VirtualMqttBroker, type VirtualMqttSession } from "@softap/virtual";

/** The device of the tests. */
export const identity = { productId: "L4WG9V9M2M", deviceName: "lamp-1" } as const;
/** Its secret, base64 of 16 bytes. */
export const deviceSecretText = "bYKGpzuVosjl0WPGBaBvdA==";

/** What the cloud answers to a token: a code, or nothing at all. */
export type TokenAnswer = number | "silent" | "refuse publish";

/** A cloud that answers the service topic with what a test tells it. */
export class FakeCloud {
  readonly broker: VirtualMqttBroker;
  /** Every message of the device, oldest first. */
  readonly received: ServiceUpMessage[] = [];
  /** User names of every CONNECT. */
  readonly usernames: string[] = [];
  /** Answers to tokens, one after the other; the last one stays. */
  answers: TokenAnswer[] = [0];
  /** Return code of CONNACK. */
  connectCode = 0;
  /** Answer to `bind_device_query` and to `unbind_device_request`. */
  queryCode = 0;
  unbindCode = 0;
  maySubscribe = true;

  constructor(clock: Clock, latencyMs = 5) {
    this.broker = new VirtualMqttBroker({
      clock,
      latencyMs,
      handler: {
        authenticate: (session) => this.#authenticate(session),
        authorizeSubscribe: () => this.maySubscribe,
        onPublish: (_session, message) => this.#take(message.payload, message.topic),
      },
    });
  }

  /** Tokens that were reported, in plain text. */
  get tokens(): readonly string[] {
    return this.received.flatMap((message) =>
      message.method === "app_bind_token" ? [message.token.reveal()] : [],
    );
  }

  /** Sends a service message to the device. */
  send(message: ServiceDownMessage): void {
    const payload = encodeServiceDown(message, { device: identity, timestampS: 1_767_225_600 });
    this.broker.publish(thingDownTopic("service", identity), payload);
  }

  #authenticate(session: VirtualMqttSession): number {
    this.usernames.push(session.username);
    const { security } = session;
    const key = parseBase64(deviceSecretText) ?? new Uint8Array(0);
    const isProven =
      security.kind === "psk"
        ? security.key.reveal() === deviceSecretText && security.identity === session.clientId
        : security.kind === "certificate" ||
          isMqttPassword(nodeCrypto, {
            username: session.username,
            password: security.password.reveal(),
            key,
          });
    return isProven ? this.connectCode : 5;
  }

  #take(payload: Uint8Array, topic: string): boolean {
    if (!topic.startsWith("$thing/up/service/")) return true;
    const message = decodeServiceUp(payload);
    if (message instanceof ProtocolError) throw message;
    this.received.push(message);
    const { clientToken } = message;
    switch (message.method) {
      case "app_bind_token": {
        const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
        if (answer === "refuse publish") return false;
        if (typeof answer === "number")
          this.send({ method: "app_bind_token_reply", clientToken, code: answer, status: "said" });
        return true;
      }
      case "bind_device_query":
        this.send({ method: "bind_device_query_reply", clientToken, code: this.queryCode, status: "said" });
        return true;
      case "unbind_device_request":
        this.send({ method: "unbind_device_reply", clientToken, code: this.unbindCode, status: "said" });
        return true;
    }
  }
}
