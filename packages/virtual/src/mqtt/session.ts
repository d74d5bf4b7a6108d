import type { Clock, MqttConnectOptions, MqttSecurity } from "@softap/ports";
import { Lane } from "../lane.ts";
import { matchesTopic } from "./topic-filter.ts";

/** The rules behind a {@link VirtualMqttBroker}: the real ones of a cloud, or a test's. What is left out allows. */
export interface VirtualMqttHandler {
  /** Return code of CONNACK: 0 accepts, 1–5 refuse. A promise that never settles is a broker that hangs. */
  authenticate?(session: VirtualMqttSession): number | Promise<number>;
  /** `false` answers the subscription with 0x80. */
  authorizeSubscribe?(session: VirtualMqttSession, topic: string): boolean | Promise<boolean>;
  /** `false` drops the message: nobody gets it, and QoS 1 is not acknowledged. */
  onPublish?(session: VirtualMqttSession, message: VirtualMqttMessage): boolean | Promise<boolean>;
  /** The session is over; `saidGoodbye` tells a DISCONNECT from a loss. */
  onGone?(session: VirtualMqttSession, saidGoodbye: boolean): void;
}

/** What a client published. */
export interface VirtualMqttMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
}

/** What a session asks of its broker. */
export interface SessionOwner {
  readonly handler: VirtualMqttHandler;
  readonly clock: Clock;
  readonly latencyMs: number;
  opened(session: VirtualMqttSession): void;
  accepted(session: VirtualMqttSession): void;
  route(message: VirtualMqttMessage): void;
  closed(session: VirtualMqttSession): void;
}

/** What the broker tells the client's end. */
export interface ClientEnd {
  onMessage(topic: string, payload: Uint8Array): void;
  onCut(): void;
}

/** One client as the broker sees it. */
export class VirtualMqttSession {
  readonly clientId: string;
  readonly username: string;
  readonly security: MqttSecurity;
  readonly #owner: SessionOwner;
  readonly #client: ClientEnd;
  readonly #up: Lane;
  readonly #down: Lane;
  readonly #filters = new Set<string>();
  /** Packets are handled one after the other, however long a handler takes. */
  #work: Promise<void> = Promise.resolve();
  #isOpen = false;

  /** Made by {@link VirtualMqttConnector}. */
  constructor(owner: SessionOwner, options: Omit<MqttConnectOptions, "signal">, client: ClientEnd) {
    this.clientId = options.clientId;
    this.username = options.username;
    this.security = options.security;
    this.#owner = owner;
    this.#client = client;
    this.#up = new Lane(owner.clock, () => owner.latencyMs);
    this.#down = new Lane(owner.clock, () => owner.latencyMs);
  }

  /** Whether the broker has this connection. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What the client subscribed to. */
  get filters(): readonly string[] {
    return [...this.#filters];
  }

  /** Whether a message on the topic goes to this client. */
  wants(topic: string): boolean {
    for (const filter of this.#filters) if (matchesTopic(filter, topic)) return true;
    return false;
  }

  /** CONNECT. */
  connect(onAck: (returnCode: number) => void): void {
    this.#up.carry(() => {
      this.#isOpen = true;
      this.#owner.opened(this);
      this.#handle(async () => {
        const returnCode = (await this.#owner.handler.authenticate?.(this)) ?? 0;
        if (!this.#isOpen) return;
        if (returnCode === 0) this.#owner.accepted(this);
        else this.#close(false);
        this.#down.carry(() => onAck(returnCode));
      });
    });
  }

  /** SUBSCRIBE. */
  subscribe(filter: string, onAck: (isGranted: boolean) => void): void {
    this.#receive(async () => {
      const isGranted = (await this.#owner.handler.authorizeSubscribe?.(this, filter)) ?? true;
      if (!this.#isOpen) return;
      if (isGranted) this.#filters.add(filter);
      this.#down.carry(() => onAck(isGranted));
    });
  }

  /** PUBLISH. */
  publish(message: VirtualMqttMessage, onAck: () => void): void {
    this.#receive(async () => {
      const isTaken = (await this.#owner.handler.onPublish?.(this, message)) ?? true;
      if (!isTaken || !this.#isOpen) return;
      if (message.qos === 1) this.#down.carry(onAck);
      this.#owner.route(message);
    });
  }

  /** DISCONNECT. */
  disconnect(): void {
    this.#receive(async () => this.#close(true));
  }

  /** The client's end of the connection vanishes; works while a handler hangs, too. */
  abandon(): void {
    this.#up.carry(() => this.#close(false));
  }

  /** Sends a message to the client. */
  send(topic: string, payload: Uint8Array): void {
    const bytes = payload.slice();
    this.#down.carry(() => this.#client.onMessage(topic, bytes));
  }

  /** Ends the connection from the broker's side, without a word. */
  cut(): void {
    if (!this.#isOpen) return;
    this.#close(false);
    this.#down.carry(() => this.#client.onCut());
  }

  #receive(packet: () => Promise<void>): void {
    this.#up.carry(() => this.#handle(packet));
  }

  #handle(packet: () => Promise<void>): void {
    this.#work = this.#work.then(() => (this.#isOpen ? packet() : undefined));
  }

  #close(saidGoodbye: boolean): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#filters.clear();
    this.#owner.closed(this);
    this.#owner.handler.onGone?.(this, saidGoodbye);
  }
}
