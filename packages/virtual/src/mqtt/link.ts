import { type CancelSignal, canceled, type MqttLink, throwIfCanceled } from "@softap/ports";
import { type SoftApError, softApError } from "@softap/protocol";
import type { VirtualMqttSession } from "./session.ts";
import { isTopic, isTopicFilter } from "./topic-filter.ts";

/** The client's end of a session with a {@link VirtualMqttBroker}. */
export class VirtualMqttLink implements MqttLink {
  onMessage: ((topic: string, payload: Uint8Array) => void) | undefined = undefined;
  onClosed: (() => void) | undefined = undefined;
  readonly #session: VirtualMqttSession;
  readonly #waiting = new Set<(error: SoftApError) => void>();
  readonly #onEnded: () => void;
  #isEnded = false;

  /** @param onEnded - Called when the link is over, whoever ended it. */
  constructor(session: VirtualMqttSession, onEnded: () => void) {
    this.#session = session;
    this.#onEnded = onEnded;
  }

  /** @inheritdoc */
  async subscribe(topic: string, options: { qos: 0 | 1; signal: CancelSignal }): Promise<void> {
    this.#check(options.signal);
    if (!isTopicFilter(topic)) throw softApError("USAGE", `"${topic}" cannot be subscribed to`);
    await this.#acknowledged(options.signal, (resolve, reject) =>
      this.#session.subscribe(topic, (isGranted) => {
        if (isGranted) resolve();
        else reject(softApError("MQTT_SUBSCRIBE_REFUSED", "The broker refused the subscription"));
      }),
    );
  }

  /** @inheritdoc */
  async publish(
    topic: string,
    payload: Uint8Array,
    options: { qos: 0 | 1; signal: CancelSignal },
  ): Promise<void> {
    const { qos, signal } = options;
    this.#check(signal);
    if (!isTopic(topic)) throw softApError("USAGE", `"${topic}" cannot be published on`);
    const message = { topic, payload: payload.slice(), qos };
    if (qos === 0) this.#session.publish(message, () => {});
    else await this.#acknowledged(signal, (resolve) => this.#session.publish(message, resolve));
  }

  /** @inheritdoc */
  async close(): Promise<void> {
    if (this.#isEnded) return;
    this.#session.disconnect();
    this.#end(false);
  }

  /** Takes a message from the broker. */
  receive(topic: string, payload: Uint8Array): void {
    if (!this.#isEnded) this.onMessage?.(topic, payload);
  }

  /** The connection is gone. */
  lose(): void {
    this.#end(true);
  }

  #check(signal: CancelSignal): void {
    if (this.#isEnded) throw closedError();
    throwIfCanceled(signal);
  }

  #acknowledged(
    signal: CancelSignal,
    send: (resolve: () => void, reject: (error: SoftApError) => void) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(fail);
        signal.removeEventListener("abort", onAbort);
      };
      const fail = (error: SoftApError): void => {
        end();
        reject(error);
      };
      const onAbort = (): void => fail(canceled(signal));
      this.#waiting.add(fail);
      signal.addEventListener("abort", onAbort, { once: true });
      send(() => {
        end();
        resolve();
      }, fail);
    });
  }

  #end(isTold: boolean): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { onClosed } = this;
    this.onMessage = undefined;
    this.onClosed = undefined;
    this.#onEnded();
    for (const fail of this.#waiting) fail(closedError());
    if (isTold) onClosed?.();
  }
}

function closedError(): SoftApError {
  return softApError("SOCKET_CLOSED", "The MQTT session is closed");
}
