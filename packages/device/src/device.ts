import { neverCanceled, noLed, type SoftApOptions, silentLog } from "@softap/ports";
import { asSoftApError, Secret, UsageError } from "@softap/protocol";
import { CloudSession } from "./binding/cloud-session.ts";
import type { MessageHandler, Subscription } from "./binding/subscriptions.ts";
import type { DeviceEvent, DeviceEventListener } from "./event.ts";
import { failure } from "./failure.ts";
import { type LedPattern, ledPatterns } from "./led-patterns.ts";
import { type DeviceLimits, deviceLimits } from "./limits.ts";
import { DeviceLog } from "./log/device-log.ts";
import { logPassphrase } from "./log/log-passphrase.ts";
import { DeviceStore, type PendingAttempt } from "./memory/device-store.ts";
import { ErrorMemory } from "./memory/error-memory.ts";
import type { DeviceIdentity, DeviceOptions, SoftApSettings } from "./options.ts";
import { ProvisioningState } from "./provisioning-state.ts";
import { SessionHost } from "./session-host.ts";
import {
  checkCredentials,
  checkedIdentity,
  checkedOpenAfterMs,
  checkedSoftAp,
  defaultSoftAp,
} from "./settings.ts";
import { StationControl } from "./station-control.ts";
import type { DeviceStep } from "./step.ts";
import { Supervisor } from "./supervisor/supervisor.ts";

/** Name of the soft AP in log mode: existing apps look for it. Source: vendor ESP8266 demo. */
const logSoftApSsid = "ESP-LOG-QUERY";
/** Passphrase of log mode on every device of the vendor: known to everybody. Source: vendor ESP8266 demo. */
const vendorLogPassphrase = "86013388";

/** The MQTT session, as the application may use it once the device is bound. */
export interface DeviceMqtt {
  readonly isConnected: boolean;
  /**
   * Resolves on PUBACK (QoS 1) or when sent (QoS 0).
   *
   * @throws {@link CloudError} `MQTT_LOST` when no session is open; {@link TransportError} `SOCKET_CLOSED`
   */
  publish(topic: string, payload: Uint8Array, options?: { qos?: 0 | 1 }): Promise<void>;
  /**
   * Takes messages of a topic, in this session and in every later one.
   *
   * @throws {@link CloudError} `MQTT_SUBSCRIBE_REFUSED`
   */
  subscribe(filter: string, handler: MessageHandler, options?: { qos?: 0 | 1 }): Promise<Subscription>;
}

/** A device that can be provisioned over its soft AP and is kept on its network and in its cloud from then on. */
export class Device {
  readonly #options: DeviceOptions;
  readonly #identity: Required<DeviceIdentity>;
  readonly #limits: DeviceLimits;
  readonly #softAp: SoftApOptions;
  readonly #deviceLog: DeviceLog;
  readonly #store: DeviceStore;
  readonly #errors: ErrorMemory;
  readonly #station = new StationControl();
  readonly #cloud: CloudSession;
  readonly #supervisor: Supervisor;
  readonly #sessions: SessionHost;
  readonly #listeners = new Set<DeviceEventListener>();
  #loaded: Promise<void> | undefined;
  #isRunning = false;
  #isSupervised = false;
  #shownLed: LedPattern | undefined;

  /** @throws {@link UsageError} `CONFIG_INVALID` */
  constructor(options: DeviceOptions) {
    this.#options = options;
    this.#identity = checkedIdentity(options.identity);
    checkCredentials(options);
    this.#limits = deviceLimits(options.limits);
    this.#softAp = checkedSoftAp(options.softAp ?? defaultSoftAp(options.identity));
    const { ports } = options;
    this.#deviceLog = new DeviceLog(ports.clock, ports.log ?? silentLog, this.#limits);
    this.#store = new DeviceStore(ports.store, ports.crypto);
    this.#errors = new ErrorMemory(this.#store, this.#deviceLog.named("errors"), this.#limits.errorEntries);
    this.#cloud = this.#makeCloud();
    this.#supervisor = this.#makeSupervisor();
    this.#sessions = this.#makeSessions();
    const cloud = this.#cloud;
    this.mqtt = {
      get isConnected(): boolean {
        return cloud.isConnected;
      },
      publish: (topic, payload, { qos = 0 } = {}) => cloud.publish(topic, payload, { qos }),
      subscribe: (filter, handler, { qos = 0 } = {}) => cloud.subscribe(filter, { qos, handler }),
    };
  }

  /** The MQTT session for the application. It is opened again with back-off when it breaks. */
  readonly mqtt: DeviceMqtt;

  /** Port of the provisioning server, UDP and TCP, while a session is open. */
  get localPort(): number | undefined {
    return this.#sessions.session?.localPort;
  }

  /** UDP port of log mode while it is on. */
  get localLogPort(): number | undefined {
    return this.#sessions.logServer?.localPort;
  }

  /**
   * Lets the device run by itself: it takes up an attempt that a restart interrupted, joins the kept network, or opens
   * the soft AP as policy says. Resolves when that has begun, and the server listens where the soft AP opened. Idempotent.
   *
   * @throws {@link WifiError} `SOFTAP_START_FAILED`, …; {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`;
   * {@link StoreError} `STORE_READ_FAILED`. The device is stopped then.
   */
  async start(): Promise<void> {
    if (this.#isSupervised) return;
    this.#run();
    this.#isSupervised = true;
    try {
      await this.#load();
      const pending = await this.#pendingToResume();
      const { softAp = this.#softAp } = pending ?? {};
      if (pending !== undefined) await this.#sessions.open({ by: "supervisor", softAp, resume: pending });
      const hasKept = await this.#hasKept();
      const mustOpen = this.#policy === "auto" && !hasKept && this.#sessions.session === undefined;
      if (mustOpen && this.#isRunning) await this.#sessions.open({ by: "supervisor", softAp });
      if (this.#isRunning) this.#supervisor.tell({ type: "started", hasKept });
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Opens the soft AP now. Resolves when phones can join and the server listens.
   *
   * @throws {@link UsageError} `PROVISIONING_ACTIVE` while an attempt is under way or log mode is on, `CONFIG_INVALID`,
   * `USAGE` with policy `never`; {@link WifiError} `SOFTAP_START_FAILED`, …; {@link TransportError} `ADDRESS_IN_USE`, …
   */
  async startSoftAp(settings: SoftApSettings): Promise<void> {
    const softAp = checkedSoftAp(settings);
    this.#refuseWhenNever();
    this.#run();
    await this.#load();
    await this.#sessions.open({ by: "caller", softAp });
  }

  /** Where provisioning stands: going on while a session waits for its verdict, then how the last one ended. */
  queryState(): ProvisioningState {
    const { session, isBound, lastResult } = this.#sessions;
    if (session !== undefined && !isBound) return ProvisioningState.goingOn;
    const isSuccess = lastResult === undefined ? this.#cloud.mark !== undefined : lastResult !== "failed";
    return isSuccess ? ProvisioningState.success : ProvisioningState.failed;
  }

  /**
   * Whether the last provisioning ended with the cloud's yes, also after a restart; or, until the next one, with a network
   * for which no token was given.
   */
  isProvisioningSuccessful(): boolean {
    return this.queryState() === ProvisioningState.success;
  }

  /**
   * Opens the soft AP under the name by which apps look for device logs, and answers log queries for 6 minutes.
   *
   * @param options.passphrase - @defaultValue one of this device: derived from its secret, or made up once and remembered
   * @param options.hasVendorPassphrase - Uses the vendor's, which everybody knows, for apps that cannot ask for another.
   * @param options.channel - 1–13; 0 lets the radio choose. @defaultValue 0
   * @returns The passphrase to show to the person.
   * @throws {@link UsageError} `PROVISIONING_ACTIVE` while an attempt is under way or log mode is on; otherwise like {@link Device.startSoftAp}
   */
  async startLogSoftAp(
    options: { passphrase?: Secret; hasVendorPassphrase?: boolean; channel?: number } = {},
  ): Promise<Secret> {
    this.#refuseWhenNever();
    this.#run();
    await this.#load();
    const { ports } = this.#options;
    const memory = { store: this.#store, credentials: this.#cloud.credentials };
    const passphrase =
      options.hasVendorPassphrase === true
        ? Secret.of(vendorLogPassphrase)
        : (options.passphrase ?? (await logPassphrase(ports, memory)));
    const channel = options.channel ?? 0;
    await this.#sessions.openLogMode(checkedSoftAp({ ssid: logSoftApSsid, passphrase, channel }));
    this.#showLed();
    return passphrase;
  }

  /** Steps of the session that is open, or of the next one; ends with its verdict. Every reader sees every step. */
  steps(): AsyncIterable<DeviceStep> {
    return this.#sessions.steps();
  }

  /** Calls `listener` for every event. @returns A function that ends this. */
  onEvent(listener: DeviceEventListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Asks the cloud to take the device from its owner; the network stays.
   *
   * @throws {@link CloudError} `MQTT_LOST`, `BIND_REFUSED`; {@link TimeoutError} `TIMEOUT`
   */
  async unbind(): Promise<void> {
    await this.#cloud.unbind();
  }

  /**
   * Forgets network, owner and errors. The device's own secret stays: the cloud gives it only once.
   * A device that ran by itself starts anew.
   *
   * @throws {@link StoreError} `STORE_WRITE_FAILED`
   */
  async factoryReset(): Promise<void> {
    const wasSupervised = this.#isSupervised;
    await this.stop();
    await this.#station.run((signal) => this.#options.ports.radio.station.forget({ signal }));
    await this.#store.reset();
    this.#errors.clear();
    this.#cloud.forgetOwner();
    this.#sessions.forgetResult();
    if (wasSupervised) await this.start();
  }

  /** Closes soft AP, server, log mode and MQTT session. An attempt under way is taken up again by the next start. Idempotent. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#isSupervised = false;
    this.#supervisor.tell({ type: "stopped" });
    await this.#sessions.close();
    await this.#sessions.settled;
    this.#supervisor.tell({ type: "stopped" });
    this.#cloud.stop();
    this.#station.cancel();
    await this.#station.settled;
    await this.#errors.settled;
    const { station, softAp } = this.#options.ports.radio;
    station.onLost = undefined;
    softAp.onStationCount = undefined;
  }

  #refuseWhenNever(): void {
    if (this.#policy === "never")
      throw new UsageError("USAGE", "The policy of this device is never to open a soft AP");
  }

  get #policy(): "auto" | "button" | "never" {
    return this.#options.supervisor?.policy ?? "auto";
  }

  #run(): void {
    this.#isRunning = true;
    const { station, softAp } = this.#options.ports.radio;
    station.onLost = () => {
      this.#sessions.session?.stationLost();
      this.#supervisor.tell({ type: "networkLost" });
    };
    softAp.onStationCount = (count) => {
      this.#sessions.session?.phonesChanged(count);
      this.#supervisor.tell({ type: "phonesChanged", count });
    };
  }

  #load(): Promise<void> {
    this.#loaded ??= Promise.all([this.#cloud.load(), this.#errors.load()]).then(
      () => this.#deviceLog.named("device").info("ready"),
      (error: unknown) => {
        this.#loaded = undefined;
        throw error;
      },
    );
    return this.#loaded;
  }

  /** The attempt that a restart interrupted. One that interrupts the device again and again is given up. */
  async #pendingToResume(): Promise<PendingAttempt | undefined> {
    const pending = await this.#store.pending();
    if (pending === undefined) return undefined;
    const resumes = pending.resumes + 1;
    const mayResume = resumes <= this.#limits.maxResumes;
    try {
      if (mayResume) await this.#store.savePending({ ...pending, resumes });
      else await this.#store.clearPending();
    } catch (error) {
      // A count that cannot be written could let the device crash for ever: then nothing is taken up.
      this.#deviceLog.named("device").warn("journal not written", { code: asSoftApError(error).code });
      return undefined;
    }
    if (!mayResume) this.#errors.add(failure("SESSION_EXPIRED"), pending.attempt);
    return mayResume ? { ...pending, resumes } : undefined;
  }

  async #hasKept(): Promise<boolean> {
    const { station } = this.#options.ports.radio;
    return (await station.keptSsid({ signal: neverCanceled })) !== undefined;
  }

  #makeCloud(): CloudSession {
    const { credentials, cloud, bindMode = "reply", ports } = this.#options;
    return new CloudSession({
      identity: this.#identity,
      credentials,
      cloud,
      bindMode,
      limits: this.#limits,
      ports,
      store: this.#store,
      log: this.#deviceLog.named("cloud"),
      listener: {
        moved: (attempt, phase) => this.#sessions.session?.binding.moved(attempt, phase),
        accepted: (attempt) => this.#sessions.session?.binding.accepted(attempt),
        failed: (attempt, cause) => this.#sessions.session?.binding.failed(attempt, cause),
        connected: () => this.#emit({ type: "connected" }),
        disconnected: () => this.#emit({ type: "disconnected" }),
        bound: () => this.#emit({ type: "bound", isConfirmed: true }),
        unbound: () => {
          this.#sessions.forgetResult();
          this.#emit({ type: "unbound" });
        },
      },
    });
  }

  #makeSupervisor(): Supervisor {
    const { ports, supervisor = {} } = this.#options;
    return new Supervisor({
      ports,
      limits: this.#limits,
      policy: this.#policy,
      openAfterMs: checkedOpenAfterMs(supervisor.openAfterMs),
      station: this.#station,
      log: this.#deviceLog.named("supervisor"),
      actions: {
        openSession: () => this.#openBySupervisor(),
        closeSession: () => void this.#sessions.closeSession(),
        goOnline: () => this.#cloud.stay(),
        goOffline: () => this.#cloud.stop(),
        changed: () => this.#showLed(),
      },
    });
  }

  #makeSessions(): SessionHost {
    const { ports, server = {}, portal } = this.#options;
    return new SessionHost({
      server,
      clock: ports.clock,
      log: this.#deviceLog.named("sessions"),
      session: {
        identity: this.#identity,
        limits: this.#limits,
        ports,
        store: this.#store,
        errors: this.#errors,
        station: this.#station,
        cloud: this.#cloud,
        deviceLog: this.#deviceLog,
        portal,
      },
      hasKept: () => this.#hasKept(),
      emit: (event) => this.#emit(event),
      tell: (event) => {
        if (this.#isRunning) this.#supervisor.tell(event);
      },
    });
  }

  #openBySupervisor(): void {
    this.#sessions.open({ by: "supervisor", softAp: this.#softAp }).catch((error: unknown) => {
      this.#deviceLog.named("supervisor").warn("soft AP not opened", { code: asSoftApError(error).code });
      if (this.#isRunning) this.#supervisor.tell({ type: "sessionNotOpened" });
    });
  }

  #emit(event: DeviceEvent): void {
    this.#showLed();
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#deviceLog.named("device").error("event listener threw", { code: asSoftApError(error).code });
      }
    }
  }

  #showLed(): void {
    const pattern = this.#ledPattern();
    if (pattern === this.#shownLed) return;
    this.#shownLed = pattern;
    (this.#options.ports.led ?? noLed).show(ledPatterns[pattern]);
  }

  #ledPattern(): LedPattern {
    const { session, isBound, logServer } = this.#sessions;
    if (logServer !== undefined) return "log";
    if (session !== undefined && !isBound) return session.light;
    if (this.#cloud.isConnected) return "online";
    const { name } = this.#supervisor.state;
    return name === "away" ? "away" : name === "online" ? "offline" : "off";
  }
}
