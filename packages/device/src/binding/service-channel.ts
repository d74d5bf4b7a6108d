import {
  type Clock,
  type Log,
  type MqttLink,
  neverCanceled,
  type Random,
  randomText,
  withTimeout,
} from "@softap/ports";
import {
  asSoftApError,
  decodeServiceDown,
  encodeServiceUp,
  ProtocolError,
  type ServiceUpMessage,
  thingDownTopic,
  thingUpTopic,
} from "@softap/protocol";
import type { DeviceIdentity } from "../options.ts";
import type { TokenReport } from "./state.ts";

/** What a {@link ServiceChannel} needs. */
export interface ServiceChannelOptions {
  readonly identity: DeviceIdentity;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The cloud answered a report of the current token. */
  readonly onTokenAnswered: (code: number) => void;
  /** The cloud said whether the device has an owner. */
  readonly onBound: (isBound: boolean) => void;
}

/** Random characters of a client token. */
const clientTokenLength = 8;

/** The service topic of one device: what the binding says and hears there. */
export class ServiceChannel {
  readonly #options: ServiceChannelOptions;
  readonly #upTopic: string;
  readonly downTopic: string;
  /** Requests whose reply somebody waits for, by client token. */
  readonly #waiting = new Map<string, (code: number) => void>();
  /** Client tokens of the reports of the current token. */
  readonly #reports = new Set<string>();

  constructor(options: ServiceChannelOptions) {
    this.#options = options;
    this.#upTopic = thingUpTopic("service", options.identity);
    this.downTopic = thingDownTopic("service", options.identity);
  }

  /** Answers to reports so far are not heard any more: another token comes. */
  forgetReports(): void {
    this.#reports.clear();
  }

  /** Reports a token. Resolves on PUBACK. */
  report(link: MqttLink, report: TokenReport, pairTime: Readonly<Record<string, number>>): Promise<void> {
    const { token, trace } = report;
    const clientToken = this.#newClientToken();
    this.#reports.add(clientToken);
    const message = { method: "app_bind_token", clientToken, token, pairTime } as const;
    return this.#send(link, trace === undefined ? message : { ...message, trace }, 1);
  }

  /** Asks whether the device has an owner. */
  queryBound(link: MqttLink): Promise<void> {
    return this.#send(link, { method: "bind_device_query", clientToken: this.#newClientToken() }, 0);
  }

  /**
   * Asks to be taken from the owner.
   *
   * @returns The cloud's code; 0 is yes.
   * @throws {@link TimeoutError} `TIMEOUT`
   */
  async requestUnbind(link: MqttLink, limitMs: number): Promise<number> {
    const clientToken = this.#newClientToken();
    const limit = { phase: "unbind", limitMs, signal: neverCanceled };
    try {
      return await withTimeout(this.#options.clock, limit, async (signal) => {
        const reply = new Promise<number>((resolve, reject) => {
          this.#waiting.set(clientToken, resolve);
          signal.addEventListener("abort", () => reject(asSoftApError(signal.reason)), { once: true });
        });
        const request = this.#send(link, { method: "unbind_device_request", clientToken }, 0);
        const [code] = await Promise.all([reply, request]);
        return code;
      });
    } finally {
      this.#waiting.delete(clientToken);
    }
  }

  /** Takes a message of the down topic. */
  take(payload: Uint8Array): void {
    const message = decodeServiceDown(payload);
    if (message instanceof ProtocolError) {
      this.#options.log.warn("service message not understood", { code: message.code });
      return;
    }
    switch (message.method) {
      case "app_bind_token_reply":
        if (this.#reports.has(message.clientToken)) this.#options.onTokenAnswered(message.code);
        break;
      case "bind_device":
        // The owner's app can bind only what the cloud has accepted: this says what a lost reply would have said.
        if (this.#reports.size > 0) this.#options.onTokenAnswered(0);
        this.#options.onBound(true);
        break;
      case "bind_device_query_reply":
        // "Not bound" is no news to a device that had to ask: the person may still be at it.
        if (message.code === 0) this.#options.onBound(true);
        break;
      case "unbind_device":
        this.#options.onBound(false);
        break;
      case "unbind_device_reply":
        this.#waiting.get(message.clientToken)?.(message.code);
        break;
    }
  }

  #newClientToken(): string {
    const { identity, random } = this.#options;
    return `${identity.deviceName}-${randomText(random, clientTokenLength)}`;
  }

  #send(link: MqttLink, message: ServiceUpMessage, qos: 0 | 1): Promise<void> {
    const payload = encodeServiceUp(message, this.#options.identity);
    return link.publish(this.#upTopic, payload, { qos, signal: neverCanceled });
  }
}
