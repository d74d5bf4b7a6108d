import {
  CancelSource,
  type Clock,
  type Crypto,
  Engine,
  type HttpClient,
  type Log,
  type MqttConnector,
  type MqttLink,
  neverCanceled,
  type Random,
  randomFraction,
  withTimeout,
} from "@softap/ports";
import { asSoftApError, CloudError, type RegisteredCredentials, softApError } from "@softap/protocol";
import { bindFailureOf, cloudFailureOf, type Failure, failure } from "../failure.ts";
import type { DeviceLimits } from "../limits.ts";
import type { BindingMark, DeviceStore } from "../memory/device-store.ts";
import type { DeviceCloud, DeviceCredentials, DeviceIdentity } from "../options.ts";
import { givenCredentials, mqttLogin } from "./credentials.ts";
import { stepBinding } from "./machine.ts";
import { registerDevice } from "./registration.ts";
import { ServiceChannel } from "./service-channel.ts";
import type { BindingEffect, BindingEvent, BindingState, BindingTimer, TokenReport } from "./state.ts";
import { type MessageHandler, type Subscription, Subscriptions } from "./subscriptions.ts";

/** What a {@link CloudSession} tells of. */
export interface CloudListener {
  moved(attempt: number, phase: "registering" | "connecting" | "reporting"): void;
  accepted(attempt: number): void;
  failed(attempt: number, failure: Failure): void;
  connected(): void;
  disconnected(): void;
  /** The cloud said that the binding to the owner is complete. */
  bound(): void;
  /** The cloud took the device from its owner. */
  unbound(): void;
}

/** What a {@link CloudSession} needs. */
export interface CloudSessionOptions {
  readonly identity: DeviceIdentity;
  readonly credentials: DeviceCredentials;
  readonly cloud: DeviceCloud;
  readonly bindMode: "reply" | "puback";
  readonly limits: DeviceLimits;
  readonly ports: {
    readonly clock: Clock;
    readonly random: Random;
    readonly crypto: Crypto;
    readonly mqtt: MqttConnector;
    readonly http: HttpClient;
  };
  readonly store: DeviceStore;
  readonly log: Log;
  readonly listener: CloudListener;
}

/** The device's one MQTT session: registers, connects, reports the token, and stays open for the application. */
export class CloudSession {
  readonly #options: CloudSessionOptions;
  readonly #log: Log;
  readonly #engine: Engine<BindingState, BindingEvent, BindingEffect, BindingTimer>;
  readonly #subscriptions: Subscriptions;
  readonly #service: ServiceChannel;
  #credentials: RegisteredCredentials | undefined;
  /** Whether the device registered again because the cloud refused its secret. */
  #isAnew = false;
  #mark: BindingMark | undefined;
  #link: MqttLink | undefined;
  /** The session on which the topics are subscribed. */
  #subscribed: MqttLink | undefined;
  #work = new CancelSource();
  #pairTime: () => Readonly<Record<string, number>> = () => ({});

  constructor(options: CloudSessionOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#subscriptions = new Subscriptions(options.log);
    this.#service = new ServiceChannel({
      identity: options.identity,
      clock: options.ports.clock,
      random: options.ports.random,
      log: options.log,
      onTokenAnswered: (code) => this.#takeAnswer(code),
      onBound: (isBound) => void this.#takeBound(isBound),
    });
    this.#engine = new Engine<BindingState, BindingEvent, BindingEffect, BindingTimer>({
      clock: options.ports.clock,
      initial: { name: "off" },
      step: (state, event) => stepBinding(state, event, options.limits),
      perform: (effect, dispatch) => this.#perform(effect, dispatch),
    });
  }

  /** Reads what an earlier run left. @throws {@link StoreError} `STORE_READ_FAILED` */
  async load(): Promise<void> {
    const { credentials, store } = this.#options;
    this.#credentials = givenCredentials(credentials) ?? (await store.credentials());
    this.#mark = await store.binding();
  }

  /** Whether a session is open. */
  get isConnected(): boolean {
    return this.#link !== undefined;
  }

  /** What the device knows of its owner. */
  get mark(): BindingMark | undefined {
    return this.#mark;
  }

  /** The device's own secret, when it has one. */
  get credentials(): RegisteredCredentials | undefined {
    return this.#credentials;
  }

  /** Brings a token to the cloud; the listener hears how it goes. `pairTime` is asked when the token is sent. */
  report(report: TokenReport, pairTime: () => Readonly<Record<string, number>>): void {
    this.#pairTime = pairTime;
    this.#service.forgetReports();
    this.#engine.dispatch({ type: "reportRequested", report, isRegistered: this.#isRegistered });
  }

  /** Opens the session and keeps it open. */
  stay(): void {
    this.#engine.dispatch({ type: "stayRequested", isRegistered: this.#isRegistered });
  }

  /** Closes the session. Idempotent. */
  stop(): void {
    this.#engine.dispatch({ type: "stopRequested" });
  }

  /** Forgets the owner, without telling the cloud. */
  forgetOwner(): void {
    this.#mark = undefined;
  }

  /** @throws {@link CloudError} `MQTT_LOST` when no session is open; what the link throws */
  async publish(topic: string, payload: Uint8Array, options: { qos: 0 | 1 }): Promise<void> {
    await this.#openLink().publish(topic, payload, { ...options, signal: neverCanceled });
  }

  /** @throws {@link CloudError} `MQTT_SUBSCRIBE_REFUSED` */
  subscribe(filter: string, options: { qos: 0 | 1; handler: MessageHandler }): Promise<Subscription> {
    return this.#subscriptions.add({ filter, ...options }, this.#link);
  }

  /**
   * Asks the cloud to take the device from its owner.
   *
   * @throws {@link CloudError} `MQTT_LOST` without a session, `BIND_REFUSED` when the cloud says no;
   * {@link TimeoutError} `TIMEOUT` when it says nothing
   */
  async unbind(): Promise<void> {
    const link = this.#openLink();
    const code = await this.#service.requestUnbind(link, this.#options.limits.unbindTimeoutMs);
    if (code !== 0) throw new CloudError("BIND_REFUSED", `The cloud answered ${code} to the unbind request`);
    await this.#takeBound(false);
  }

  get #isRegistered(): boolean {
    return this.#credentials !== undefined;
  }

  #openLink(): MqttLink {
    if (this.#link === undefined) throw new CloudError("MQTT_LOST", "No session with the cloud is open");
    return this.#link;
  }

  #perform(effect: BindingEffect, dispatch: (event: BindingEvent) => void): void {
    const { listener } = this.#options;
    switch (effect.do) {
      case "register":
        this.#register(dispatch);
        break;
      case "connect":
        this.#connect(dispatch);
        break;
      case "reportToken":
        this.#report(effect.report, dispatch);
        break;
      case "resumeService":
        this.#resumeService();
        break;
      case "closeLink":
        this.#closeLink();
        break;
      case "tellMoved":
        listener.moved(effect.attempt, effect.phase);
        break;
      case "tellAccepted":
        this.#mark = "accepted";
        this.#log.info("token accepted", { attempt: effect.attempt });
        listener.accepted(effect.attempt);
        break;
      case "tellFailed":
        listener.failed(effect.attempt, effect.failure);
        break;
    }
  }

  #register(dispatch: (event: BindingEvent) => void): void {
    const { credentials, cloud, identity, ports, limits } = this.#options;
    const { registration } = cloud;
    const { productSecret } = credentials;
    const chance = this.#chance();
    if (registration === undefined || productSecret === undefined) {
      this.#log.error("no secret to register with");
      dispatch({ type: "registerFailed", failure: failure("REGISTRATION_INVALID"), chance });
      return;
    }
    const work = this.#renewWork();
    const limit = { phase: "registration", limitMs: limits.registerTimeoutMs, signal: work.signal };
    withTimeout(ports.clock, limit, async (signal) => {
      const result = await registerDevice({ identity, productSecret, ...registration, ports, signal });
      // Stored before it is used: the cloud refuses to register a device a second time once it has connected.
      if ("kind" in result) await this.#options.store.saveCredentials(result);
      return result;
    }).then(
      (result) => {
        if (work.signal.aborted) return;
        if ("kind" in result) {
          this.#credentials = result;
          this.#log.info("registered");
          dispatch({ type: "registered" });
        } else
          dispatch({ type: "registerFailed", failure: this.#logged("registration failed", result), chance });
      },
      (error: unknown) => {
        if (work.signal.aborted) return;
        const cause = this.#logged("registration failed", cloudFailureOf(error));
        dispatch({ type: "registerFailed", failure: cause, chance });
      },
    );
  }

  #connect(dispatch: (event: BindingEvent) => void): void {
    const { credentials: configured, cloud, identity, ports, limits } = this.#options;
    const work = this.#renewWork();
    const limit = { phase: "MQTT connect", limitMs: limits.connectTimeoutMs, signal: work.signal };
    withTimeout(ports.clock, limit, async (signal) => {
      const credentials = this.#credentials;
      if (credentials === undefined) throw softApError("INTERNAL", "Connecting without credentials");
      const link = await ports.mqtt.connect({
        host: cloud.mqttHost,
        port: cloud.mqttPort,
        ...mqttLogin({ identity, configured, credentials, crypto: ports.crypto, random: ports.random }),
        keepAliveS: limits.keepAliveS,
        signal,
      });
      if (signal.aborted) await link.close();
      else this.#adopt(link, dispatch);
    }).then(
      () => {
        if (work.signal.aborted) return;
        if (this.#link === undefined) {
          const cause = failure("CLOUD_UNREACHABLE", { cause: "SOCKET_CLOSED" });
          dispatch({ type: "connectFailed", failure: cause, chance: this.#chance() });
          return;
        }
        this.#isAnew = false;
        this.#log.info("connected to the cloud");
        this.#options.listener.connected();
        dispatch({ type: "connected" });
      },
      (error: unknown) => {
        if (work.signal.aborted) return;
        this.#closeLink();
        const cause = this.#logged("cloud not reached", cloudFailureOf(error));
        const fail = (): void => dispatch({ type: "connectFailed", failure: cause, chance: this.#chance() });
        if (this.#mayRegisterAnew(cause))
          this.#register(({ type }) => (type === "registered" ? this.#connect(dispatch) : fail()));
        else fail();
      },
    );
  }

  /** Once per outage: an operator who resets a device in the cloud makes the secret worthless that it registered for. */
  #mayRegisterAnew({ code }: Failure): boolean {
    const { credentials } = this.#options;
    const isRefused = code === "TLS_FAILED" || code === "MQTT_REFUSED";
    const isGiven = credentials.productSecret === undefined || givenCredentials(credentials) !== undefined;
    if (this.#isAnew || !isRefused || isGiven) return false;
    this.#isAnew = true;
    return true;
  }

  #adopt(link: MqttLink, dispatch: (event: BindingEvent) => void): void {
    this.#link = link;
    link.onMessage = (topic, payload) => this.#take(topic, payload);
    link.onClosed = () => {
      if (this.#link !== link) return;
      this.#link = undefined;
      this.#log.notice("connection to the cloud lost");
      this.#options.listener.disconnected();
      dispatch({ type: "linkLost", chance: this.#chance() });
    };
  }

  /** Subscribes and publishes without waiting in between: MQTT keeps the order, so the reply cannot come too early. */
  #report(report: TokenReport, dispatch: (event: BindingEvent) => void): void {
    const link = this.#link;
    if (link === undefined) return;
    const refuse = (error: unknown): void => {
      if (this.#link !== link) return;
      const cause = this.#logged("token not reported", cloudFailureOf(error));
      dispatch({ type: "refused", failure: cause, chance: this.#chance() });
    };
    this.#subscribe(link).catch(refuse);
    this.#service
      .report(link, report, this.#pairTime())
      .then(() => {
        if (this.#options.bindMode === "puback" && this.#link === link) dispatch({ type: "accepted" });
      })
      .catch(refuse);
  }

  #resumeService(): void {
    const link = this.#link;
    if (link === undefined) return;
    const warn = (error: unknown): void =>
      this.#log.warn("service topic not usable", { code: asSoftApError(error).code });
    this.#subscribe(link).catch(warn);
    if (this.#mark === "accepted") this.#service.queryBound(link).catch(warn);
  }

  /** Subscribes to everything on a session that is new; rejects when the service topic is refused. */
  #subscribe(link: MqttLink): Promise<void> {
    if (this.#subscribed === link) return Promise.resolve();
    this.#subscribed = link;
    const service = link.subscribe(this.#service.downTopic, { qos: 1, signal: this.#work.signal });
    this.#subscriptions.resume(link);
    return service.catch((error: unknown) => {
      // The next report would wait for a reply that cannot come.
      if (this.#subscribed === link) this.#subscribed = undefined;
      throw error;
    });
  }

  #take(topic: string, payload: Uint8Array): void {
    if (topic === this.#service.downTopic) this.#service.take(payload);
    this.#subscriptions.deliver(topic, payload);
  }

  #takeAnswer(code: number): void {
    if (code === 0) {
      this.#engine.dispatch({ type: "accepted" });
      return;
    }
    const cause = this.#logged("token refused", bindFailureOf(code));
    this.#engine.dispatch({ type: "refused", failure: cause, chance: this.#chance() });
  }

  /** Says what is new of the owner, once, and remembers it. */
  async #takeBound(isBound: boolean): Promise<void> {
    const mark = isBound ? "bound" : undefined;
    if (mark === this.#mark) return;
    this.#mark = mark;
    this.#log.notice("binding changed", { isBound });
    const { listener, store } = this.#options;
    if (isBound) listener.bound();
    else listener.unbound();
    try {
      await store.saveBinding(mark);
    } catch (error) {
      this.#log.warn("binding not remembered", { code: asSoftApError(error).code });
    }
  }

  #renewWork(): CancelSource {
    this.#closeLink();
    return this.#work;
  }

  /** Gives up what is under way and closes the session; nothing of either comes back. */
  #closeLink(): void {
    this.#work.cancel();
    this.#work = new CancelSource();
    const link = this.#link;
    this.#link = undefined;
    if (link === undefined) return;
    this.#options.listener.disconnected();
    link.close().catch((error: unknown) => {
      this.#log.debug("session not closed cleanly", { code: asSoftApError(error).code });
    });
  }

  #logged(text: string, cause: Failure): Failure {
    this.#log.warn(text, { code: cause.code, cause: cause.cause, subId: cause.subId });
    return cause;
  }

  #chance(): number {
    return randomFraction(this.#options.ports.random);
  }
}
