import { type Log, type MqttLink, neverCanceled } from "@softap/ports";
import { asSoftApError, isSoftApError } from "@softap/protocol";

/** Takes messages of a topic. */
export type MessageHandler = (payload: Uint8Array, topic: string) => void;

/** An application's interest in a topic, until it is closed. */
export interface Subscription {
  /** Idempotent. */
  close(): void;
}

interface Entry {
  readonly filter: string;
  readonly qos: 0 | 1;
  readonly handler: MessageHandler;
}

/** The application's subscriptions: they outlive the single MQTT session and are made again on the next. */
export class Subscriptions {
  readonly #log: Log;
  readonly #entries = new Set<Entry>();

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Adds one, on the open session too when there is one.
   *
   * @throws {@link CloudError} `MQTT_SUBSCRIBE_REFUSED`
   */
  async add(entry: Entry, link: MqttLink | undefined): Promise<Subscription> {
    this.#entries.add(entry);
    try {
      await link?.subscribe(entry.filter, { qos: entry.qos, signal: neverCanceled });
    } catch (error) {
      // A session that breaks now is not a refusal: the next one subscribes again.
      if (isSoftApError(error, "MQTT_SUBSCRIBE_REFUSED")) {
        this.#entries.delete(entry);
        throw error;
      }
    }
    return { close: () => void this.#entries.delete(entry) };
  }

  /** Makes every subscription on a new session. */
  resume(link: MqttLink): void {
    for (const { filter, qos } of this.#entries)
      link.subscribe(filter, { qos, signal: neverCanceled }).catch((error: unknown) => {
        this.#log.warn("subscription not resumed", { code: asSoftApError(error).code });
      });
  }

  /** Hands a message to everybody who asked for it. */
  deliver(topic: string, payload: Uint8Array): void {
    for (const { filter, handler } of this.#entries) if (matchesTopic(filter, topic)) handler(payload, topic);
  }
}

/** Whether a topic fits a filter with the MQTT wildcards `+` and `#`. */
export function matchesTopic(filter: string, topic: string): boolean {
  const names = topic.split("/");
  const parts = filter.split("/");
  for (const [at, part] of parts.entries()) {
    // A leading wildcard does not reach topics that begin with $.
    if (at === 0 && (part === "#" || part === "+") && topic.startsWith("$")) return false;
    if (part === "#") return true;
    if (at >= names.length || (part !== "+" && part !== names[at])) return false;
  }
  return parts.length === names.length;
}
